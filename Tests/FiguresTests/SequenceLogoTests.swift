import Figures
import Foundation
import Testing

@Suite struct SequenceLogoTests {
  private let area = Rectangle(x: 0, y: 0, width: 230, height: 110)

  /// Heights in bits against f · R computed apart, by the axis's own scale.
  @Test func lettersAreAsHighAsTheirInformation() throws {
    let logo = SequenceLogo(information: Synthetic.foxo1)
    let letters = logo.letters(in: area, .standard)
    #expect(letters.count == 48)
    let scale =
      try #require(SequenceLogo(information: [[1, 0, 0, 0]]).letters(in: area, .standard).first).box.height
      / 2
    for letter in letters {
      let f = Synthetic.foxo1[letter.position]
      let entropy = -f.map { $0 * log2($0) }.reduce(0, +)
      #expect(abs(letter.box.height - f[letter.base] * (2 - entropy) * scale) < 1e-9)
    }
  }

  @Test func stacksRiseFromSmallToLarge() {
    for position in 0..<12 {
      let stack = SequenceLogo(frequencies: Synthetic.foxo1).letters(in: area, .standard).filter {
        $0.position == position
      }
      for (lower, upper) in zip(stack, stack.dropFirst()) {
        #expect(lower.box.height <= upper.box.height)
        #expect(abs(upper.box.bottom - lower.box.y) < 1e-9)
      }
    }
  }

  @Test func negativeLettersHangBelowTheAxis() throws {
    let letters = SequenceLogo(attributions: [[0.5, -0.25, 0, 0.1]]).letters(in: area, .standard)
    let a = try #require(letters.first { $0.base == 0 })
    let c = try #require(letters.first { $0.base == 1 })
    let t = try #require(letters.first { $0.base == 3 })
    #expect(letters.count == 3)
    #expect(abs(t.box.y - a.box.bottom) < 1e-9)
    #expect(abs(c.box.y - t.box.bottom) < 1e-9)
    #expect(abs(a.box.height - 2 * c.box.height) < 1e-9)
  }

  /// The ink of each letter fills its box to the pixel, in the letter's color and in no other place.
  @Test(arguments: 0..<4) func inkFillsTheBox(base: Int) throws {
    var row = [0.0, 0, 0, 0]
    row[base] = 1.3
    let logo = SequenceLogo(heights: [row], range: 0...2)
    let box = try #require(logo.letters(in: area, .standard).first).box
    let picture = try logo.figure(size: area.size).picture(dpi: 288)
    var (left, right, top, bottom) = (Int.max, -1, Int.max, -1)
    for y in 0..<picture.height {
      for x in 0..<picture.width {
        let pixel = picture[x, y].prefix(3)
        // The axes are grey; what has a hue is the letter.
        guard pixel.max()! - pixel.min()! > 15 else { continue }
        (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
      }
    }
    #expect(abs(Double(left) - box.x * 4) <= 2 && abs(Double(right + 1) - box.right * 4) <= 2)
    #expect(abs(Double(top) - box.y * 4) <= 1)
    // The axis covers the letter's foot.
    #expect(abs(Double(bottom + 1) - box.bottom * 4) <= 2.5)
    let color = NucleotideColors.conventional[base].bytes
    #expect(
      (left...right).contains {
        picture[$0, (top + bottom) / 2] == [color.red, color.green, color.blue, 255]
      })
  }

  @Test func highlightLiesBehindItsPositions() throws {
    let logo = SequenceLogo(
      heights: Array(repeating: [0, 0, 0, 0.2], count: 10), range: 0...2, highlight: 3..<6)
    let letters = logo.letters(in: area, .standard)
    let picture = try logo.figure(size: area.size).picture(dpi: 144)
    for letter in letters {
      let pixel = picture[Int(letter.box.center.x * 2), Int(letter.box.y * 2) - 20]
      let expected = (3..<6).contains(letter.position) ? Theme.standard.highlight : .white
      #expect(pixel == [expected.bytes.red, expected.bytes.green, expected.bytes.blue, 255])
    }
  }
}
