/// Loss and accuracy over the epochs, training and validation, of one network or of several.
public struct LearningCurves: Drawing {
  public struct History: Sendable {
    public var name: String
    /// One value for each epoch; empty where there was no validation.
    public var trainingLoss, validationLoss, trainingAccuracy, validationAccuracy: [Double]
    /// Lower and upper edges of a shaded interval around the validation's lines, one for each epoch.
    public var validationLossBand, validationAccuracyBand: LinePlot.Interval?
    /// The best possible accuracy, where it is known.
    public var ceiling: Double?

    public init(
      name: String, trainingLoss: [Double], validationLoss: [Double] = [], trainingAccuracy: [Double],
      validationAccuracy: [Double] = [], ceiling: Double? = nil
    ) {
      self.name = name
      self.trainingLoss = trainingLoss
      self.validationLoss = validationLoss
      self.trainingAccuracy = trainingAccuracy
      self.validationAccuracy = validationAccuracy
      self.ceiling = ceiling
    }

    fileprivate func band(_ isLoss: Bool) -> LinePlot.Interval? {
      isLoss ? validationLossBand : validationAccuracyBand
    }
  }

  public enum Layout: Sendable {
    /// One panel for loss and one for accuracy, networks in colors.
    case overlaid
    /// Two panels for each network, all on the same axes.
    case smallMultiples
  }

  public var title: String
  public var histories: [History]
  public var layout: Layout

  public init(_ histories: [History], title: String = "", layout: Layout = .overlaid) {
    (self.histories, self.title, self.layout) = (histories, title, layout)
  }

  public func size(_ theme: Theme) -> Size {
    var size = panels(theme).size(theme)
    size.height += top(theme)
    return size
  }

  /// Title and key stand above all panels.
  private func top(_ theme: Theme) -> Double {
    (title.isEmpty ? 0 : theme.title.lineHeight + 4) + (key.isEmpty ? 0 : theme.note.lineHeight + 5)
  }

  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    let below = area.inset(by: Insets(top: top(theme)))
    canvas.key(key, at: Point(area.x + edge, below.y - 1 - theme.note.size / 2), theme)
    panels(theme).draw(on: canvas, in: below, theme)
  }

  private var key: [KeyEntry] {
    guard histories.count > 1 || layout == .smallMultiples else { return [] }
    let isValidated = histories.contains { !($0.validationLoss + $0.validationAccuracy).isEmpty }
    return (isValidated ? [KeyEntry(.unbroken, "validation"), KeyEntry(.dashed, "training")] : [])
      + (histories.contains { $0.ceiling != nil } ? [KeyEntry(.dotted, "best possible accuracy")] : [])
  }

  private func panels(_ theme: Theme) -> Panels {
    switch layout {
    case .overlaid:
      // Numbers and counts have no accuracy.
      let hasAccuracy = histories.contains { !($0.trainingAccuracy + $0.validationAccuracy).isEmpty }
      return Panels((hasAccuracy ? [true, false] : [true]).map { overlaid(isLoss: $0, theme) }, columns: 2)
    case .smallMultiples:
      let columns = min(5, max(1, histories.count))
      var plots: [any Drawing] = []
      for start in stride(from: 0, to: histories.count, by: columns) {
        let row = start..<min(start + columns, histories.count)
        for isLoss in [true, false] {
          plots += row.map { multiple($0, isLoss: isLoss, isFirst: $0 == start, theme) }
          plots += (row.count..<columns).map { _ in Blank() }
        }
      }
      return Panels(plots, columns: columns)
    }
  }

  private func overlaid(isLoss: Bool, _ theme: Theme) -> LinePlot {
    var series: [LinePlot.Series] = []
    for (i, history) in histories.enumerated() {
      let (training, validation) = values(history, isLoss)
      let color = theme.color(i)
      let isAlone = histories.count == 1
      if isAlone {
        series.append(Self.series("training", training, color: theme.muted))
        if !validation.isEmpty {
          series.append(Self.series("validation", validation, history.band(isLoss), color: color))
        }
      } else if validation.isEmpty {
        series.append(Self.series(history.name, training, color: color))
      } else {
        series.append(Self.series("", training, color: color.tint(0.7), isDashed: true))
        series.append(Self.series(history.name, validation, history.band(isLoss), color: color))
      }
    }
    var plot = plot(series, isLoss: isLoss)
    plot.title = isLoss ? "Loss" : "Accuracy"
    if !isLoss { plot.references = ceilings(theme) }
    plot.preferredSize = Size(theme.pageWidth / 2 - 3, 165)
    return plot
  }

  private func multiple(_ i: Int, isLoss: Bool, isFirst: Bool, _ theme: Theme) -> LinePlot {
    let history = histories[i]
    let (training, validation) = values(history, isLoss)
    var plot = plot(
      [
        Self.series("", training, color: theme.muted, isDashed: !validation.isEmpty),
        Self.series("", validation, history.band(isLoss), color: theme.color(i)),
      ], isLoss: isLoss)
    plot.title = isLoss ? history.name : ""
    let covered = histories.flatMap { history -> [Double] in
      let (training, validation) = values(history, isLoss)
      let band = history.band(isLoss).map { $0.low + $0.high } ?? []
      return training + validation + band + (isLoss ? [] : [history.ceiling ?? .nan])
    }
    plot.yRange = .covering(covered)
    if !isLoss, let ceiling = history.ceiling { plot.references = [.init(y: ceiling, label: "")] }
    // The labels of the axes stand once for a row and once for a column.
    if !isFirst { plot.yLabel = "" }
    if isLoss { plot.xLabel = "" }
    let label = isFirst ? theme.label.lineHeight : 0
    let columns = Double(min(5, max(2, histories.count)))
    plot.preferredSize = Size((theme.pageWidth - theme.label.lineHeight) / columns - 5 + label, 104)
    return plot
  }

  private func plot(_ series: [LinePlot.Series], isLoss: Bool) -> LinePlot {
    let epochs = max(1, series.map(\.y.count).max() ?? 1)
    var plot = LinePlot(
      series: series, xLabel: "epoch", yLabel: isLoss ? "loss" : "accuracy",
      xRange: epochs > 1 ? 1...Double(epochs) : 0.5...1.5)
    plot.hasWholeX = true
    return plot
  }

  private func values(_ history: History, _ isLoss: Bool) -> (training: [Double], validation: [Double]) {
    isLoss
      ? (history.trainingLoss, history.validationLoss)
      : (history.trainingAccuracy, history.validationAccuracy)
  }

  /// One line for each different ceiling, in the network's color unless it holds for several.
  private func ceilings(_ theme: Theme) -> [LinePlot.Reference] {
    var owners: [Double: [Int]] = [:]
    for (i, history) in histories.enumerated() {
      if let ceiling = history.ceiling { owners[ceiling, default: []].append(i) }
    }
    return owners.sorted { $0.key < $1.key }.map { value, owners in
      let isShared = owners.count > 1 || histories.count == 1
      return .init(
        y: value, label: histories.count == 1 ? "best possible" : "",
        color: isShared ? nil : theme.color(owners[0]))
    }
  }

  private static func series(
    _ name: String, _ values: [Double], _ band: LinePlot.Interval? = nil, color: Color,
    isDashed: Bool = false
  ) -> LinePlot.Series {
    .init(
      name, x: values.indices.map { Double($0 + 1) }, y: values, interval: band, color: color,
      isDashed: isDashed)
  }
}

/// Nothing, where a grid has no drawing.
struct Blank: Drawing {
  let title = ""
  func size(_ theme: Theme) -> Size { Size(0, 0) }
  func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {}
}
