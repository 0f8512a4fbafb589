import Figures
import Foundation
import Testing

/// Every drawing on inputs like those of a study, and on the smallest and largest that must work.
enum Gallery {
  struct Entry: Sendable, CustomTestStringConvertible {
    let name: String
    let drawing: any Drawing
    var testDescription: String { name }
  }

  static let entries: [Entry] = logos

  static let logos: [Entry] = [
    Entry(name: "logo-information", drawing: SequenceLogo(information: Synthetic.foxo1, title: "FOXO1")),
    Entry(
      name: "logo-frequency",
      drawing: SequenceLogo(
        frequencies: Synthetic.foxo1, title: "FOXO1_HUMAN.H11MO.0.A, frequencies of 500 sites",
        highlight: 4..<9)),
    Entry(
      name: "logo-attribution",
      drawing: SequenceLogo(
        attributions: Synthetic.attributions(3), title: "Input × gradient, sequence 3", highlight: 44..<56,
        highlightLabel: "planted site")),
    Entry(
      name: "logo-attribution-300",
      drawing: SequenceLogo(
        attributions: Synthetic.attributions(4, length: 300, site: 280), highlight: 280..<292,
        highlightLabel: "planted site")),
    Entry(name: "logo-one-position", drawing: SequenceLogo(information: [[1, 0, 0, 0]])),
    Entry(name: "logo-empty", drawing: SequenceLogo(attributions: [[0, 0, 0, 0], [0, .nan, 0, 0]])),
  ]

  /// Set to a folder to look at the gallery there.
  static let folder = ProcessInfo.processInfo.environment["MOTIFKIT_GALLERY"]
}

@Suite struct GalleryTests {
  @Test(.enabled(if: Gallery.folder != nil)) func writeGallery() throws {
    let folder = try #require(Gallery.folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for entry in Gallery.entries {
      for type in ["png", "svg", "pdf"] {
        try entry.drawing.figure().write(to: "\(folder)/\(entry.name).\(type)", dpi: 150)
      }
    }
  }
}
