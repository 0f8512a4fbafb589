import Figures
import Foundation
import Motifs
import Sequences

/// Logos as small as a table's row: the page holds each letter's outline once, and a logo says where letters stand.
enum MiniLogo {
  /// The outlines; must stand in the page once.
  static let outlines: String = {
    let letters = (0..<4).map { base in
      let (red, green, blue) = Theme.standard.nucleotides[base].bytes
      return "<path id=\"letter-\(Nucleotide.letters[base])\" fill=\"rgb(\(red),\(green),\(blue))\""
        + " d=\"\(LetterOutline.svgPath(base))\"/>"
    }
    return """
      <svg width="0" height="0" style="position:absolute" aria-label="letters" aria-hidden="true"><defs>\(letters.joined())</defs></svg>
      """
  }()

  private static let unit = 9.0
  private static let height = 34.0

  /// An `svg` element with letters of height f · R bits, on a scale of 0 to 2.
  static func svg(_ frequencies: FrequencyMatrix, label: String) -> String {
    let width = Int(unit) * frequencies.width
    return """
      <svg role="img" aria-label="\(label.htmlEscaped)" viewBox="0 0 \(width) \(Int(height))" width="\(width)" \
      height="\(Int(height))">\(letters(frequencies, x: 0, y: 0))</svg>
      """
  }

  /// An `svg` element with the query above the target, columns above each other as aligned, and the columns that
  /// both have on a shade.
  ///
  /// - Parameters:
  ///   - target: as it is read: reverse complemented where the match is with the other strand.
  ///   - offset: query column 0 lies on column `offset` of the target.
  static func aligned(
    _ query: FrequencyMatrix, over target: FrequencyMatrix, offset: Int, label: String
  ) -> String {
    let first = min(0, -offset)
    let columns = max(query.width, target.width - offset) - first
    let gap = 6.0
    let x = { (column: Int) in Double(column - first) * unit }
    let shared = max(0, -offset)..<min(query.width, target.width - offset)
    let size = (width: Int(unit) * columns, height: Int(2 * height + gap + 2))
    let lines = [(0, query.width, height), (-offset, target.width, 2 * height + gap)].map { start, width, y in
      "<path d=\"M\(number(x(start))) \(number(y + 0.5))h\(number(Double(width) * unit))\" stroke=\"#8a929c\"/>"
    }
    return """
      <svg role="img" aria-label="\(label.htmlEscaped)" viewBox="0 0 \(size.width) \(size.height)" \
      style="max-width:\(2 * size.width)px">\
      <rect x="\(number(x(shared.lowerBound)))" width="\(number(Double(shared.count) * unit))" \
      height="\(size.height)" fill="#eef2f7"/>\(lines.joined())\
      \(letters(query, x: x(0), y: 0))\(letters(target, x: x(-offset), y: height + gap))</svg>
      """
  }

  private static func letters(_ frequencies: FrequencyMatrix, x: Double, y: Double) -> String {
    var letters = ""
    for (position, information) in frequencies.informationContent.enumerated() {
      let row = frequencies.row(position)
      var top = y + height
      for base in (0..<4).sorted(by: { (row[$0], $1) < (row[$1], $0) }) {
        let size = row[base] * max(0, information) * height / 2
        top -= size
        guard size >= 0.4 else { continue }
        letters +=
          "<use href=\"#letter-\(Nucleotide.letters[base])\" transform=\"translate(\(number(x + Double(position) * unit)) "
          + "\(number(top)))scale(\(number(unit - 0.5)) \(number(size)))\"/>"
      }
    }
    return letters
  }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
