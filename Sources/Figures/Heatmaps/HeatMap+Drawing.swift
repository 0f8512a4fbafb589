extension HeatMap {
  public func draw(on canvas: Canvas, in area: Rectangle, _ theme: Theme) {
    canvas.title(title, in: area, theme)
    let natural = size(theme)
    let rough = rowHeight(theme) * area.height / natural.height
    let frame = frame(rowHeight: rough, theme)
    var map = area.inset(by: frame.insets)
    // A short map must leave the color bar its height.
    map.height = min(map.height, rough * Double(values.count) * 1.2 + 1)
    guard columnCount > 0, map.width > 0, map.height > 0 else { return }
    let plot = Plot(rectangle: map, x: -0.5...Double(columnCount) - 0.5, y: -0.5...Double(values.count) - 0.5)
    let pooled = Self.pooled(values)
    canvas.cells(scale.colors(Array(pooled.joined()), over: range, theme), columns: pooled[0].count, in: map)
    drawMarkers(on: canvas, plot, theme)
    canvas.stroke(map, Stroke(theme.muted, width: 0.4))
    drawBand(on: canvas, plot, theme)
    drawRows(on: canvas, plot, names: frame.names, in: area, theme)
    drawColumns(on: canvas, plot, in: area, theme)
    let barHeight = min(max(Self.leastBar, min(map.height, 100)), area.bottom - edge - map.y)
    ColorBar(map: scale.map(theme), range: range, label: valueLabel)
      .draw(on: canvas, x: map.right + 6, y: map.y, height: barHeight, theme)
  }

  /// At most 1,500 rows and 3,000 columns: the mean of each run of rows or columns that falls together.
  static func pooled(_ values: [[Double]]) -> [[Double]] {
    let rows = pooled(values, atMost: 1500) { run in
      run[0].indices.map { column in run.reduce(0) { $0 + $1[column] } / Double(run.count) }
    }
    guard let count = rows.first?.count, count > 3000 else { return rows }
    return rows.map { row in pooled(row, atMost: 3000) { $0.reduce(0, +) / Double($0.count) } }
  }

  private static func pooled<Element>(
    _ all: [Element], atMost limit: Int, _ mean: (ArraySlice<Element>) -> Element
  ) -> [Element] {
    guard all.count > limit else { return all }
    return (0..<limit).map { i in
      mean(ArraySlice(Array(all[i * all.count / limit..<(i + 1) * all.count / limit])))
    }
  }

  /// Top of a row; rows run downwards.
  private func top(_ row: Int, _ plot: Plot) -> Double {
    plot.rectangle.y + plot.rectangle.height * Double(row) / Double(values.count)
  }

  private func drawMarkers(on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    let height = plot.rectangle.height / Double(values.count)
    let stroke = Stroke(scale.contrast(theme), width: height > 3 ? 0.7 : 0.5)
    for (row, marker) in markers.prefix(values.count).enumerated() {
      guard let marker = marker?.clamped(to: 0..<columnCount), !marker.isEmpty else { continue }
      let (left, right) = (plot.x(Double(marker.lowerBound) - 0.5), plot.x(Double(marker.upperBound) - 0.5))
      let y = top(row, plot)
      if height > 3 {
        canvas.stroke(Rectangle(x: left, y: y + 0.35, width: right - left, height: height - 0.7), stroke)
      } else {
        for x in [left, right] { canvas.line(from: Point(x, y), to: Point(x, y + height), stroke) }
      }
    }
  }

  private func drawBand(on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    guard let band = band?.clamped(to: 0..<columnCount), !band.isEmpty else { return }
    let (left, right) = (plot.x(Double(band.lowerBound) - 0.5), plot.x(Double(band.upperBound) - 0.5))
    let y = plot.rectangle.y - 4
    canvas.polyline(
      [Point(left, y + 3), Point(left, y), Point(right, y), Point(right, y + 3)],
      Stroke(theme.ink, width: 0.8))
    let box = Rectangle(x: left, y: y, width: right - left, height: 1)
    var over = plot.rectangle
    over.y = y - 1
    canvas.bandLabel(bandLabel, over: box, within: over, theme)
  }

  private func drawRows(
    on canvas: Canvas, _ plot: Plot, names: TextStyle?, in area: Rectangle, _ theme: Theme
  ) {
    let x = plot.rectangle.x
    let height = plot.rectangle.height / Double(values.count)
    if !groups.isEmpty {
      drawGroups(on: canvas, plot, theme)
    } else if let names {
      for (row, name) in rowNames.enumerated() {
        canvas.text(
          names.fitted(name, to: 120), at: Point(x - 3, top(row, plot) + height / 2), names, .right, .middle)
      }
    } else {
      for tick in Ticks.positions(first: 1, count: values.count, spacing: height, least: 20) {
        let y = top(Int(tick.value), plot) + height / 2
        canvas.line(from: Point(x - 2, y), to: Point(x, y), Stroke(theme.ink, width: 0.5))
        canvas.text(tick.label, at: Point(x - 3.5, y), theme.tick, .right, .middle)
      }
    }
    canvas.yLabel(yLabel, beside: plot.rectangle, in: area, theme)
  }

  private func drawGroups(on canvas: Canvas, _ plot: Plot, _ theme: Theme) {
    let x = plot.rectangle.x
    var row = 0
    for group in groups {
      let end = min(values.count, row + group.count)
      guard end > row else { continue }
      let (y, bottom) = (top(row, plot), top(end, plot))
      canvas.line(
        from: Point(x - 3, y + 0.8), to: Point(x - 3, bottom - 0.8), Stroke(theme.muted, width: 1.2))
      canvas.text(
        theme.tick.fitted(group.name, to: 90), at: Point(x - 6, (y + bottom) / 2), theme.tick, .right, .middle
      )
      if end < values.count {
        canvas.line(
          from: Point(x, bottom), to: Point(plot.rectangle.right, bottom),
          Stroke(scale.contrast(theme), width: 0.7))
      }
      row = end
    }
  }

  private func drawColumns(on canvas: Canvas, _ plot: Plot, in area: Rectangle, _ theme: Theme) {
    let bottom = plot.rectangle.bottom
    let width = plot.rectangle.width / Double(columnCount)
    var below = bottom + 4
    switch columns {
    case .positions(let first):
      let least = Ticks.room(first: first, count: columnCount, theme.tick)
      for tick in Ticks.positions(first: first, count: columnCount, spacing: width, least: least) {
        let x = plot.x(tick.value)
        canvas.line(
          from: Point(x, bottom), to: Point(x, bottom + Axes.tickLength), Stroke(theme.ink, width: 0.5))
        canvas.text(
          tick.label, at: Point(x, bottom + Axes.tickLength + Axes.tickGap), theme.tick, .center, .top)
      }
      below += Axes.tickLength + Axes.tickGap + theme.tick.capHeight
    case .names(let names):
      let style = theme.small.sized(min(theme.smallSize, width * 0.92))
      let shown = width < 3.4 ? [] : names.prefix(columnCount).map { style.fitted($0, to: 90) }
      for (i, name) in shown.enumerated() {
        canvas.text(
          name, at: Point(plot.x(Double(i)) + style.capHeight / 2, bottom + 3), style, .right, upwards: true)
      }
      below += shown.map { style.width(of: $0) }.max() ?? 0
    }
    canvas.xLabel(xLabel, top: below + 1, below: plot.rectangle, in: area, theme)
  }
}
