import Foundation
import Runtime

/// How a figure is written: the extension of its file.
public enum FigureFormat: String, Sendable {
  case png, svg, pdf

  /// - Throws: `FigureError` naming the path, for another extension or none.
  public init(path: String) throws {
    let ending = (path as NSString).pathExtension.lowercased()
    guard let format = Self(rawValue: ending) else {
      throw FigureError(
        path: path,
        "a figure is written as .png, .svg or .pdf" + (ending.isEmpty ? "" : ", not .\(ending)"))
    }
    self = format
  }
}

extension Figure {
  /// Writes the figure as the path's extension says: `png`, `svg` or `pdf`.
  ///
  /// The file is complete or absent: it is written under a temporary name and renamed.
  /// - Throws: `InputError` if it cannot be written; `FigureError` naming the path if it cannot be drawn.
  public func write(to path: String, dpi: Int = 300, provenance: Provenance = Provenance()) throws {
    do {
      switch try FigureFormat(path: path) {
      case .png: try AtomicFile.write(png(dpi: dpi, provenance: provenance), to: path)
      case .svg: try AtomicFile.write(Array(svg(provenance: provenance).utf8), to: path)
      case .pdf: try AtomicFile.write(pdf(provenance: provenance), to: path)
      }
    } catch let error as FigureError {
      throw FigureError(path: error.path ?? path, error.reason)
    }
  }
}
