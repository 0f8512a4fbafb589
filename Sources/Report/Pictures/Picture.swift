import Figures
import Foundation
import Runtime
import Sequences

/// One picture of a study: drawn once, then a place in the page and files of three kinds.
struct Picture: Sendable {
  /// The files' name without extension.
  let name: String
  let drawing: any Drawing
  /// What it shows, for those who cannot see it.
  let alt: String

  init(_ name: String, _ drawing: any Drawing, alt: String) {
    self.name = name
    self.drawing = drawing
    self.alt = alt
  }

  /// Pixels for each inch of a PNG.
  private static let resolution = 160

  /// Draws all pictures, writes their files into `folder`, and returns what goes into the page, by name.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  static func write(
    _ pictures: [Picture], to folder: String, provenance: Provenance,
    progress: @Sendable (_ done: Int) -> Void
  ) throws -> [String: Rendered] {
    let rendered = Parallel.map(pictures.count) { index in
      let result = Result {
        do {
          return try pictures[index].write(to: folder, provenance: provenance)
        } catch let error as FigureError { throw InputError(file: error.path, error.reason) }
      }
      progress(index + 1)
      return result
    }
    return Dictionary(
      uniqueKeysWithValues: try zip(pictures, rendered).map { ($0.name, try $1.get()) })
  }

  /// Writes the pictures as files of these types, `png`, `svg` or `pdf`, into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  static func write(_ pictures: [Picture], to folder: String, types: [String], provenance: Provenance) throws
  {
    for picture in pictures {
      var figure = picture.drawing.figure()
      figure.title = picture.alt
      for type in types {
        try figure.write(
          to: "\(folder)/\(picture.name).\(type)", dpi: resolution, provenance: provenance)
      }
    }
  }

  /// A picture as the page takes it.
  struct Rendered: Sendable {
    let name: String
    /// An `svg` element.
    let svg: String
    /// CSS pixels.
    let width: Double
  }

  private func write(to folder: String, provenance: Provenance) throws -> Rendered {
    var figure = drawing.figure()
    figure.title = alt
    let svg = try figure.svg(inline: true, provenance: provenance)
    let prologue = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    try AtomicFile.write(prologue + svg, to: "\(folder)/\(name).svg")
    try figure.write(to: "\(folder)/\(name).png", dpi: Self.resolution, provenance: provenance)
    try figure.write(to: "\(folder)/\(name).pdf", provenance: provenance)
    return Rendered(name: name, svg: svg, width: figure.size.width * 4 / 3)
  }
}
