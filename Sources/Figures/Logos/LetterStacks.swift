/// The letters of a logo, without axes.
package struct LetterStacks {
  /// One row for each position, A C G T in a row, in the plot's unit.
  var heights: [[Double]]
  /// The position on the plot's x axis of the first stack.
  var start = 0
  /// Share of full color; below 1 for what is set back.
  var strength = 1.0

  /// Where one letter's ink goes.
  package struct Letter: Sendable {
    /// Row of `heights`.
    package let position: Int
    /// A C G T = 0…3.
    package let base: Int
    package let box: Rectangle
  }

  /// Every letter of a height that is a number other than zero, each stack from the axis outwards.
  func letters(in plot: Plot) -> [Letter] {
    let unit = plot.rectangle.height / (plot.y.upperBound - plot.y.lowerBound)
    var letters: [Letter] = []
    for (position, row) in heights.enumerated() {
      let left = plot.x(Double(start + position) - 0.5)
      let width = plot.x(Double(start + position) + 0.5) - left
      let gap = min(0.5, 0.04 * width)
      var (top, bottom) = (plot.y(0), plot.y(0))
      for base in row.indices.sorted(by: { (abs(row[$0]), $1) < (abs(row[$1]), $0) }) {
        let height = abs(row[base]) * unit
        guard height.isFinite, height > 0 else { continue }
        if row[base] > 0 { top -= height } else { bottom += height }
        let y = row[base] > 0 ? top : bottom - height
        letters.append(
          Letter(
            position: position, base: base,
            box: Rectangle(x: left + gap, y: y, width: width - 2 * gap, height: height)))
      }
    }
    return letters
  }

  func draw(on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    // Letters lower than a fifth of a point are specks.
    for letter in letters(in: plot) where letter.box.height >= 0.2 {
      let color = theme.nucleotides[letter.base]
      canvas.nucleotide(letter.base, in: letter.box, strength < 1 ? color.tint(strength) : color)
    }
  }
}
