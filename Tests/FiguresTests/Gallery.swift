import Figures
import Foundation
import Testing

/// Every drawing on inputs like those of a study, and on the smallest and largest that must work.
enum Gallery {
  struct Entry: Sendable, CustomTestStringConvertible {
    let name: String
    let drawing: any Drawing
    var testDescription: String { name }

    init(_ name: String, _ drawing: any Drawing) { (self.name, self.drawing) = (name, drawing) }
  }

  static let entries: [Entry] = logos + charts + maps + diagrams

  /// Set to a folder to look at the gallery there.
  static let folder = ProcessInfo.processInfo.environment["MOTIFKIT_GALLERY"]
}

@Suite struct GalleryTests {
  @Test(.enabled(if: Gallery.folder != nil)) func writeGallery() throws {
    let folder = try #require(Gallery.folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var theme = Theme.standard
    if let font = ProcessInfo.processInfo.environment["MOTIFKIT_GALLERY_FONT"] { theme.fontFamily = font }
    for entry in Gallery.entries {
      for type in ["png", "svg", "pdf"] {
        try entry.drawing.figure(theme: theme).write(to: "\(folder)/\(entry.name).\(type)", dpi: 150)
      }
    }
  }
}
