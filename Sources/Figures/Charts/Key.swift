/// What one kind of line means.
public struct KeyEntry: Equatable, Sendable {
  public enum Line: Sendable {
    case unbroken, dashed, dotted

    var dash: [Double] {
      switch self {
      case .unbroken: []
      case .dashed: [2.5, 1.8]
      case .dotted: [1, 1.5]
      }
    }
  }

  public var line: Line
  public var label: String

  public init(_ line: Line, _ label: String) { (self.line, self.label) = (line, label) }
}

extension Canvas {
  /// Kinds of lines with their meanings, side by side in grey; `point` is the middle of the left end.
  func key(_ entries: [KeyEntry], at point: Point, _ theme: Theme) {
    var x = point.x
    for entry in entries {
      let stroke = Stroke(
        theme.muted, width: entry.line == .dotted ? 0.7 : theme.lineWidth, dash: entry.line.dash)
      line(from: Point(x, point.y), to: Point(x + 13, point.y), stroke)
      text(entry.label, at: Point(x + 16, point.y), theme.note, .left, .middle)
      x += 24 + theme.note.width(of: entry.label)
    }
  }
}
