import MotifKit
import Statistics

/// Speed of all contenders over that of the fastest framework, training and prediction, with the most threads measured.
struct ResultFigure {
  var results: Results

  var drawing: Panels? {
    let threads = results.measurements.map(\.threads).max() ?? 1
    let panels = [
      panel(.training, "Training", threads), panel(.prediction, "Prediction", threads),
      panel(.publishedTraining, "Training, published shapes", threads),
      panel(.publishedPrediction, "Prediction, published shapes", threads),
    ].compactMap { $0 }
    return panels.isEmpty ? nil : Panels(panels, columns: 2)
  }

  private func panel(_ section: Measurement.Section, _ title: String, _ threads: Int) -> EstimatePlot? {
    let measured = results.measurements(section, threads: threads)
    guard !measured.isEmpty else { return nil }
    let contenders = measured.map(\.contender).uniqued
    let items = measured.map(\.item).uniqued.map { item in
      EstimatePlot.Item(
        item,
        contenders.map { name in
          guard let found = measured.first(where: { $0.item == item && $0.contender == name }) else {
            return EstimatePlot.Estimate(.nan)
          }
          // Seconds of the fastest other, or our own where there is none, over the contender's.
          let others = measured.filter { $0.item == item && $0.contender != ourName }.map(\.median)
          let standard = others.min() ?? found.median
          let rates = found.samples.map { standard / $0 }
          return EstimatePlot.Estimate(standard / found.median, rates.min()!...rates.max()!)
        })
    }
    return EstimatePlot(
      items, series: contenders.map(ResultTables.title), title: "\(title), \(threads) threads",
      valueLabel: "speed (fastest other = 1)", mark: .bar)
  }
}

extension Array where Element: Hashable {
  /// Each element once, in the order of first appearance.
  var uniqued: [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
