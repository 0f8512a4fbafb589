/// A matrix in colors: maps over many sequences, weights, correlations.
public struct HeatMap: Drawing {
  public struct Group: Sendable {
    public var name: String
    /// How many rows belong to it.
    public var count: Int

    public init(_ name: String, count: Int) { (self.name, self.count) = (name, count) }
  }

  public enum Columns: Sendable {
    /// Numbers from the first position's on.
    case positions(first: Int = 1)
    case names([String])
  }

  /// One array for each row; all of the same length. What is not a number is grey.
  public var values: [[Double]]
  public var title: String
  public var scale: ColorScale
  /// What the colors mean, beside the color bar.
  public var valueLabel: String
  public var xLabel: String
  public var yLabel: String
  public var columns: Columns
  /// Empty, or one for each row.
  public var rowNames: [String]
  /// Rows that belong together, from the top, named at the left.
  public var groups: [Group] = []
  /// Columns (from 0) to which a bracket above the map points.
  public var band: Range<Int>?
  public var bandLabel = ""
  /// For each row the columns that are framed, such as the planted site; empty, or one for each row.
  public var markers: [Range<Int>?] = []

  public init(
    _ values: [[Double]], title: String = "", scale: ColorScale = .sequential(), valueLabel: String = "",
    xLabel: String = "", yLabel: String = "", columns: Columns = .positions(), rowNames: [String] = []
  ) {
    precondition(values.allSatisfy { $0.count == values[0].count }, "rows of the same length")
    precondition(rowNames.isEmpty || rowNames.count == values.count, "a name for each row or none")
    (self.values, self.title, self.scale, self.valueLabel) = (values, title, scale, valueLabel)
    (self.xLabel, self.yLabel, self.columns, self.rowNames) = (xLabel, yLabel, columns, rowNames)
  }

  public var cellCount: Int { values.count * columnCount }
  var columnCount: Int { values.first?.count ?? 0 }

  // MARK: Layout

  /// Room around the map.
  struct Frame {
    var insets: Insets
    /// `nil` where the rows are too low for names.
    var names: TextStyle?
  }

  static let leastBar = 42.0

  func rowHeight(_ theme: Theme) -> Double {
    let count = Double(max(1, values.count))
    return rowNames.isEmpty ? min(8, 380 / count) : min(values.count < 20 ? 12 : 9, max(3.6, 480 / count))
  }

  func columnWidth(_ theme: Theme) -> Double {
    let frame = frame(rowHeight: rowHeight(theme), theme)
    let most: Double
    if case .names = columns { most = 14 } else { most = 8 }
    let room = max(1, theme.pageWidth - frame.insets.left - frame.insets.right)
    return min(most, room / Double(max(1, columnCount)))
  }

  public func size(_ theme: Theme) -> Size {
    let (row, column) = (rowHeight(theme), columnWidth(theme))
    let insets = frame(rowHeight: row, theme).insets
    let map = Size(column * Double(columnCount), row * Double(values.count))
    return Size(
      max(
        120, map.width + insets.left + insets.right,
        title.isEmpty ? 0 : min(theme.pageWidth, theme.title.width(of: title) + 2 * edge)),
      max(map.height + insets.bottom, max(Self.leastBar, barLabel(theme)) + 2 * edge) + insets.top)
  }

  /// How long the label along the bar is; a long one is set smaller where the map is high enough for most of it.
  private func barLabel(_ theme: Theme) -> Double { min(100, theme.tick.width(of: valueLabel)) }

  func frame(rowHeight: Double, _ theme: Theme) -> Frame {
    let bar = ColorBar(map: scale.map(theme), range: range, label: valueLabel)
    let names =
      rowNames.isEmpty || rowHeight < 3.4 ? nil : theme.small.sized(min(theme.smallSize, rowHeight * 0.92))
    var insets = Insets(top: edge, left: edge, bottom: edge, right: edge + 6 + bar.width(theme))
    insets.top += title.isEmpty ? 2 : theme.title.lineHeight + 3
    if band != nil { insets.top += 5 + (bandLabel.isEmpty ? 0 : theme.note.lineHeight - 1) }
    if !yLabel.isEmpty { insets.left += theme.label.lineHeight + 1 }
    if !groups.isEmpty {
      insets.left += 6 + min(90, groups.map { theme.tick.width(of: $0.name) }.max() ?? 0)
    } else if let names {
      insets.left += 3 + min(120, rowNames.map { names.width(of: $0) }.max() ?? 0)
    } else {
      insets.left += 5 + theme.tick.width(of: "\(values.count)")
    }
    switch columns {
    case .positions: insets.bottom += Axes.tickLength + Axes.tickGap + theme.tick.capHeight + 2
    case .names(let names):
      insets.bottom += 5 + min(90, names.map { theme.small.width(of: $0) }.max() ?? 0)
    }
    if !xLabel.isEmpty { insets.bottom += theme.label.lineHeight + 1 }
    return Frame(insets: insets, names: names)
  }

  var range: ClosedRange<Double> { scale.range(for: values.joined()) }
}
