/// The outlines of A, C, G and T, drawn for logos: bold, and the same on every machine whatever fonts it has.
///
/// Unit box, y downwards; a logo stretches an outline until its ink fills the letter's rectangle.
package enum LetterOutline {
  enum Segment {
    case move(Point)
    case line(Point)
    case curve(Point, Point, Point)
    case close
  }

  /// In the order A, C, G, T.
  static let nucleotides: [[Segment]] = [a, c, g, t]

  /// The outline of A, C, G or T (0…3) as the data of an SVG path in the unit box.
  package static func svgPath(_ base: Int) -> String {
    func text(_ point: Point) -> String { "\(point.x) \(point.y)" }
    return nucleotides[base].map { segment in
      switch segment {
      case .move(let point): "M\(text(point))"
      case .line(let point): "L\(text(point))"
      case .curve(let first, let second, let end): "C\(text(first)) \(text(second)) \(text(end))"
      case .close: "Z"
      }
    }.joined()
  }

  private static let a: [Segment] =
    polygon([
      (0, 1), (0.385, 0), (0.615, 0), (1, 1), (0.785, 1), (0.705, 0.775), (0.295, 0.775), (0.215, 1),
    ]) + polygon([(0.5, 0.235), (0.355, 0.61), (0.645, 0.61)])

  private static let t: [Segment] = polygon([
    (0, 0), (1, 0), (1, 0.17), (0.632, 0.17), (0.632, 1), (0.368, 1), (0.368, 0.17), (0, 0.17),
  ])

  private static let c: [Segment] =
    [
      .move(Point(0.975, 0.31)),
      .curve(Point(0.915, 0.11), Point(0.75, 0), Point(0.51, 0)),
      .curve(Point(0.2, 0), Point(0, 0.2), Point(0, 0.5)),
      .curve(Point(0, 0.8), Point(0.2, 1), Point(0.51, 1)),
      .curve(Point(0.77, 1), Point(0.94, 0.87), Point(1, 0.665)),
      .line(Point(0.775, 0.6)),
      .curve(Point(0.735, 0.765), Point(0.655, 0.84), Point(0.515, 0.84)),
    ] + innerCurve + [.line(Point(0.765, 0.365)), .close]

  private static let g: [Segment] =
    [
      .move(Point(0.965, 0.285)),
      .curve(Point(0.905, 0.1), Point(0.745, 0), Point(0.51, 0)),
      .curve(Point(0.2, 0), Point(0, 0.2), Point(0, 0.5)),
      .curve(Point(0, 0.81), Point(0.2, 1), Point(0.52, 1)),
      .curve(Point(0.71, 1), Point(0.88, 0.95), Point(1, 0.86)),
      .line(Point(1, 0.465)),
      .line(Point(0.535, 0.465)),
      .line(Point(0.535, 0.625)),
      .line(Point(0.79, 0.625)),
      .line(Point(0.79, 0.765)),
      .curve(Point(0.715, 0.815), Point(0.625, 0.84), Point(0.515, 0.84)),
    ] + innerCurve + [.line(Point(0.755, 0.335)), .close]

  /// From the middle of the lower bow by the left to the upper terminal.
  private static let innerCurve: [Segment] = [
    .curve(Point(0.335, 0.84), Point(0.225, 0.715), Point(0.225, 0.5)),
    .curve(Point(0.225, 0.285), Point(0.335, 0.16), Point(0.515, 0.16)),
    .curve(Point(0.64, 0.16), Point(0.72, 0.225), Point(0.76, 0.35)),
  ]

  private static func polygon(_ points: [(Double, Double)]) -> [Segment] {
    points.enumerated().map { $0 == 0 ? .move(Point($1.0, $1.1)) : .line(Point($1.0, $1.1)) } + [.close]
  }
}
