import Foundation

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
    }
  }
}

enum AtomicFile {
  static func write(_ bytes: [UInt8], to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    var template =
      Array((folder.isEmpty ? "" : folder + "/").utf8CString.dropLast())
      + Array(".\(name).XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw FigureError(path: path, reason(errno)) }
    do {
      try write(bytes, to: file, path)
      // mkstemp lets nobody else read the file; a figure is not secret.
      fchmod(file, 0o644)
      guard close(file) == 0 else { throw FigureError(path: path, reason(errno)) }
      guard rename(template, path) == 0 else { throw FigureError(path: path, reason(errno)) }
    } catch {
      unlink(template)
      throw error
    }
  }

  private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws {
    var done = 0
    while done < bytes.count {
      let written = bytes[done...].withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        let reason = reason(errno)
        close(file)
        throw FigureError(path: path, reason)
      }
      done += written
    }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
