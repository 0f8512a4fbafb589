import Foundation
import Runtime

extension Figure {
  /// Writes the figure as the path's extension says: `png`, `svg` or `pdf`.
  ///
  /// The file is complete or absent: it is written under a temporary name and renamed.
  /// Throws `FigureError` naming the path.
  public func write(to path: String, dpi: Int = 300, provenance: Provenance = Provenance()) throws {
    do {
      switch (path as NSString).pathExtension.lowercased() {
      case "png": try AtomicFile.write(png(dpi: dpi, provenance: provenance), to: path)
      case "svg": try AtomicFile.write(Array(svg(provenance: provenance).utf8), to: path)
      case "pdf": try AtomicFile.write(pdf(provenance: provenance), to: path)
      case let other:
        throw FigureError(
          "a figure is written as .png, .svg or .pdf" + (other.isEmpty ? "" : ", not .\(other)"))
      }
    } catch let error as FigureError {
      throw FigureError(path: error.path ?? path, error.reason)
    } catch let error as InputError {
      throw FigureError(path: path, error.reason)
    }
  }
}
