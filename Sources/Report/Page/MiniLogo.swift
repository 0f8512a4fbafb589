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

  /// An `svg` element with letters of height f · R bits, on a scale of 0 to 2.
  static func svg(_ frequencies: FrequencyMatrix, label: String) -> String {
    let unit = 9.0
    let height = 34.0
    var letters = ""
    for (position, information) in frequencies.informationContent.enumerated() {
      let row = frequencies.row(position)
      var top = height
      for base in (0..<4).sorted(by: { (row[$0], $1) < (row[$1], $0) }) {
        let size = row[base] * max(0, information) * height / 2
        top -= size
        guard size >= 0.4 else { continue }
        letters +=
          "<use href=\"#letter-\(Nucleotide.letters[base])\" transform=\"translate(\(number(Double(position) * unit)) "
          + "\(number(top)))scale(\(number(unit - 0.5)) \(number(size)))\"/>"
      }
    }
    let width = Int(unit) * frequencies.width
    return """
      <svg role="img" aria-label="\(label.htmlEscaped)" viewBox="0 0 \(width) \(Int(height))" width="\(width)" \
      height="\(Int(height))">\(letters)</svg>
      """
  }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
