import Figures
import Runtime

/// The one way in which pictures become files: a folder, one resolution, and where they come from.
package struct FigureFiles: Sendable {
  enum FileType: String, Sendable { case png, svg, pdf }

  let folder: String
  let provenance: Provenance

  /// Pixels for each inch of a PNG, as journals ask for.
  static let resolution = 300

  /// - Parameter folder: is there.
  package init(_ folder: String, _ provenance: Provenance) {
    (self.folder, self.provenance) = (folder, provenance)
  }

  /// Draws a picture and writes a file for each type.
  ///
  /// - Parameters:
  ///   - name: the files' name without extension.
  ///   - alt: what it shows, for those who cannot see it.
  /// - Throws: `InputError` naming the file that cannot be written; `FigureError` for a picture that cannot be drawn.
  func write(
    _ drawing: any Drawing, _ name: String, alt: String, types: [FileType] = [.png, .svg]
  ) throws {
    try write(drawing.titled(alt), name, types)
  }

  /// Writes PNG, SVG and PDF, and returns the picture as a page takes it.
  ///
  /// - Throws: `InputError` naming the file that cannot be written.
  func page(_ drawing: any Drawing, _ name: String, alt: String) throws -> PageFigure.Picture {
    let figure = drawing.titled(alt)
    do {
      try write(figure, name, [.png, .pdf])
      let svg = try figure.svg(inline: true, provenance: provenance)
      try AtomicFile.write(Array((Figure.prologue + svg).utf8), to: "\(folder)/\(name).svg")
      return PageFigure.Picture(name: name, svg: svg, width: figure.size.width * 4 / 3)
    } catch let error as FigureError { throw InputError(file: error.path, error.reason) }
  }

  private func write(_ figure: Figure, _ name: String, _ types: [FileType]) throws {
    for type in types {
      try figure.write(
        to: "\(folder)/\(name).\(type.rawValue)", dpi: Self.resolution, provenance: provenance)
    }
  }
}

extension Drawing {
  fileprivate func titled(_ title: String) -> Figure {
    var figure = figure()
    figure.title = title
    return figure
  }
}
