/// What all drawings have in common: type, lines, colors.
public struct Theme: Sendable {
  /// Helvetica, or what the system has like it (Liberation Sans, Nimbus Sans, DejaVu Sans).
  public var fontFamily = "Helvetica"
  public var titleSize = 9.0
  public var labelSize = 8.0
  public var tickSize = 7.0
  /// For many names on little room.
  public var smallSize = 6.0
  /// Axes and ticks, in points.
  public var axisWidth = 0.6
  /// Data lines, in points.
  public var lineWidth = 1.25
  public var ink = Color(0x1F2328)
  public var muted = Color(0x6A737D)
  /// Frames, grid lines and everything that must not compete with the data.
  public var faint = Color(0xD5DADF)
  /// The band behind a site or an overlap.
  public var highlight = Color(0xFFF0C2)
  /// Lines and bars in turn.
  public var series: [Color] = [
    Color(0x2F6DA8), Color(0xD9822B), Color(0x3A8F6B), Color(0xA8497E), Color(0x6B62A6), Color(0x8A6D3B),
    Color(0x4FA3B8),
  ]
  public var nucleotides = NucleotideColors.conventional
  public var sequential = ColorMap.sequential
  public var diverging = ColorMap.diverging
  /// A cell without a number.
  public var missing = Color(0xE3E5E8)
  /// Widths of a journal's column and of its page, in points (88 and 180 mm).
  public var columnWidth = 250.0
  public var pageWidth = 510.0

  public init() {}

  public static let standard = Theme()

  /// With letters that stay apart for the color-blind.
  public static let colorBlindSafe: Theme = {
    var theme = Theme()
    theme.nucleotides = .colorBlindSafe
    theme.series = [
      Color(0x0072B2), Color(0xD55E00), Color(0x009E73), Color(0xCC79A7), Color(0xE69F00), Color(0x56B4E9),
      Color(0x000000),
    ]
    return theme
  }()

  public var title: TextStyle { TextStyle(family: fontFamily, size: titleSize, isBold: true, color: ink) }
  public var label: TextStyle { TextStyle(family: fontFamily, size: labelSize, color: ink) }
  public var tick: TextStyle { TextStyle(family: fontFamily, size: tickSize, color: ink) }
  public var note: TextStyle { TextStyle(family: fontFamily, size: tickSize, color: muted) }
  public var small: TextStyle { TextStyle(family: fontFamily, size: smallSize, color: ink) }
  public var axis: Stroke { Stroke(ink, width: axisWidth) }

  func color(_ series: Int) -> Color { self.series[series % self.series.count] }
}

/// The colors of A, C, G and T.
public struct NucleotideColors: Equatable, Sendable {
  /// A, C, G, T.
  public let colors: [Color]

  public init(a: Color, c: Color, g: Color, t: Color) { colors = [a, c, g, t] }

  public subscript(base: Int) -> Color { colors[base] }

  /// A green, C blue, G orange, T red, as biologists expect.
  public static let conventional = NucleotideColors(
    a: Color(0x109648), c: Color(0x255C99), g: Color(0xF7A823), t: Color(0xD62839))

  /// Okabe and Ito 2008: bluish green, blue, orange, vermilion.
  public static let colorBlindSafe = NucleotideColors(
    a: Color(0x009E73), c: Color(0x0072B2), g: Color(0xE69F00), t: Color(0xD55E00))
}
