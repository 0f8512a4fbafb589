import Foundation

/// A network from its input to its output: one block for each layer, as high as its output is long and as wide
/// as it has channels, with what the layer does above it and its shape and parameters below. An arrow leads to a block from
/// each that it reads; those that pass other blocks run below them.
public struct NetworkDiagram: Drawing {
  public enum Kind: Sendable { case input, convolution, pooling, regularization, dense, output, other }

  public struct Block: Sendable {
    /// Such as `Conv1D`.
    public var name: String
    /// Such as `64 × 12, ReLU`; may be empty.
    public var detail: String
    /// Length and channels of what the layer gives, or its only size.
    public var shape: [Int]
    /// Trainable and other numbers that the layer holds.
    public var parameters: Int
    public var kind: Kind
    /// Indices of the earlier blocks that it reads; `nil` is the one before it.
    public var sources: [Int]?

    public init(
      _ name: String, detail: String = "", shape: [Int], parameters: Int = 0, kind: Kind,
      sources: [Int]? = nil
    ) {
      (self.name, self.detail, self.shape, self.parameters, self.kind, self.sources) = (
        name, detail, shape, parameters, kind, sources
      )
    }
  }

  public var title: String
  public var blocks: [Block]

  public init(_ blocks: [Block], title: String = "") { (self.blocks, self.title) = (blocks, title) }

  private static let blockHeight = 62.0
  private static let mostInARow = 14

  // MARK: Layout

  /// Layers of a row; long networks are broken into rows of nearly equal length.
  package var rows: [Range<Int>] {
    guard !blocks.isEmpty else { return [] }
    let count = (blocks.count + Self.mostInARow - 1) / Self.mostInARow
    return (0..<count).map { $0 * blocks.count / count..<($0 + 1) * blocks.count / count }
  }

  /// Lines of text above and below a block.
  private struct Texts {
    var above, below: [String]
  }

  private func texts(_ block: Block) -> Texts {
    var above = [block.name]
    above += block.detail.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    var below = [block.shape.map(String.init).joined(separator: " × ")]
    if block.parameters > 0 { below.append(Self.grouped(block.parameters)) }
    return Texts(above: above, below: below)
  }

  /// With a comma between thousands.
  static func grouped(_ number: Int) -> String {
    var groups: [String] = []
    var rest = String(abs(number))
    while rest.count > 3 {
      groups.insert(String(rest.suffix(3)), at: 0)
      rest.removeLast(3)
    }
    return (number < 0 ? "−" : "") + ([rest] + groups).joined(separator: ",")
  }

  private func slotWidth(_ theme: Theme) -> Double {
    let widest =
      blocks.map { block -> Double in
        let texts = texts(block)
        return (texts.above + texts.below).map { theme.small.width(of: $0) }.max() ?? 0
      }.max() ?? 0
    return max(34, widest + 6)
  }

  private func linesAbove(_ row: Range<Int>) -> Int { row.map { texts(blocks[$0]).above.count }.max() ?? 1 }

  private func rowHeight(_ row: Range<Int>, _ theme: Theme) -> Double {
    theme.small.lineHeight * Double(linesAbove(row) + 2) + Self.blockHeight + 10 + laneHeight(row)
  }

  public func size(_ theme: Theme) -> Size {
    let longest = rows.map(\.count).max() ?? 1
    let width = 2 * edge + slotWidth(theme) * Double(longest)
    return Size(
      max(min(theme.pageWidth, width), min(theme.pageWidth, theme.title.width(of: title) + 2 * edge)),
      edge + (title.isEmpty ? 0 : theme.title.lineHeight + 4)
        + rows.reduce(0) { $0 + rowHeight($1, theme) })
  }

  // MARK: Drawing

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    let top = area.y + edge + (title.isEmpty ? 0 : theme.title.lineHeight + 4)
    let natural = rows.reduce(0) { $0 + rowHeight($1, theme) }
    let stretch = (area.bottom - top) / max(1, natural)
    let slot = (area.width - 2 * edge) / Double(rows.map(\.count).max() ?? 1)
    var y = top
    for row in rows {
      let height = rowHeight(row, theme) * stretch
      let box = Rectangle(x: area.x + edge, y: y, width: slot * Double(row.count), height: height)
      draw(row, on: canvas, in: box, slot: min(slot, 2 * slotWidth(theme)), theme)
      y += height
    }
  }

  private func draw(_ row: Range<Int>, on canvas: Canvas, in box: Rectangle, slot: Double, _ theme: Theme) {
    let line = theme.small.lineHeight
    let above = line * Double(linesAbove(row)) + 4
    let lanes = laneHeight(row)
    let full = max(6, box.height - above - lanes - 2 * line - 8)
    let middle = box.y + above + full / 2
    let longest = Double(blocks.map { $0.shape.count > 1 ? $0.shape[0] : 1 }.max() ?? 1)
    let widest = Double(blocks.map { $0.shape.last ?? 1 }.max() ?? 1)
    let shapes = row.map { index in
      let block = blocks[index]
      let length = Double(block.shape.count > 1 ? block.shape[0] : 1)
      let channels = Double(block.shape.last ?? 1)
      // A square root keeps both a length of 1 and one of 1,000 in sight.
      let height = max(5, full * (length / longest).squareRoot())
      let width = max(4, 0.62 * slot * (log2(channels + 1) / log2(max(widest, 2) + 1)))
      let x = box.x + slot * (Double(index - row.lowerBound) + 0.5)
      return Rectangle(x: x - width / 2, y: middle - height / 2, width: width, height: height)
    }
    for (index, shape) in zip(row, shapes) {
      let color = Self.color(blocks[index].kind, theme)
      if index > row.lowerBound, sources(of: index).contains(index - 1) {
        let previous = shapes[index - 1 - row.lowerBound]
        drawArrow(from: previous.right + 1.5, to: shape.x - 1.5, y: middle, on: canvas, theme)
      }
      canvas.fill(shape, color.tint(0.35), cornerRadius: 1.5)
      canvas.stroke(shape, Stroke(color, width: 0.8), cornerRadius: 1.5)
      drawTexts(
        of: blocks[index], at: shape.x + shape.width / 2, above: box.y + above - 4,
        below: box.y + above + full + lanes + 4, slot: slot, on: canvas, theme)
    }
    if row.upperBound < blocks.count, sources(of: row.upperBound).contains(row.upperBound - 1),
      let last = shapes.last
    {
      drawArrow(from: last.right + 1.5, to: last.right + 0.19 * slot, y: middle, on: canvas, theme)
    }
    drawSkips(
      row, shapes, middle: middle, floor: box.y + above + full, slot: slot, on: canvas, theme)
  }

  private func drawTexts(
    of block: Block, at x: Double, above: Double, below: Double, slot: Double, on canvas: Canvas,
    _ theme: Theme
  ) {
    let texts = texts(block)
    let line = theme.small.lineHeight
    func draw(_ text: String, _ style: TextStyle, y: Double) {
      // A little smaller before anything is cut off.
      let small = style.sized(max(0.75 * style.size, style.fitting(text, slot - 2).size))
      canvas.text(small.fitted(text, to: slot - 2), at: Point(x, y), small, .center)
    }
    for (i, text) in texts.above.enumerated() {
      let style = i == 0 ? theme.small.bold : theme.small.colored(theme.muted)
      draw(text, style, y: above - line * Double(texts.above.count - 1 - i))
    }
    for (i, text) in texts.below.enumerated() {
      draw(text, i == 0 ? theme.small : theme.small.colored(theme.muted), y: below + line * (Double(i) + 0.7))
    }
  }

  private func drawArrow(from left: Double, to right: Double, y: Double, on canvas: Canvas, _ theme: Theme) {
    guard right - left > 3 else { return }
    canvas.line(from: Point(left, y), to: Point(right - 2, y), Stroke(theme.muted, width: 0.7))
    drawHead(at: Point(right, y), on: canvas, theme)
  }

  func drawHead(at tip: Point, on canvas: Canvas, _ theme: Theme) {
    canvas.polygon([tip, Point(tip.x - 3, tip.y - 1.6), Point(tip.x - 3, tip.y + 1.6)], theme.muted)
  }

  private static func color(_ kind: Kind, _ theme: Theme) -> Color {
    switch kind {
    case .input: theme.muted
    case .convolution: theme.color(0)
    case .pooling: theme.color(2)
    case .regularization: theme.color(4)
    case .dense: theme.color(1)
    case .output: theme.color(3)
    case .other: theme.color(5)
    }
  }
}
