import Evaluation
import Figures
import NeuralNetworks
import Statistics

extension SearchReport {
  /// The metric of every trial over each parameter that was varied, and the best so far.
  func writePicture(_ files: FigureFiles) throws {
    let metric = search.plan.metric
    let name = metric.label
    let trials = search.trials.filter { $0.metrics[metric] != nil }
    let range = Self.range(trials.map { $0.metrics[metric]! }, metric)
    func plot(
      _ label: String, _ scale: ScatterPlot.Scale, _ x: (HyperparameterSearch.Trial) -> Double?
    ) -> ScatterPlot {
      let items = trials.compactMap { trial in
        x(trial).map { ScatterPlot.Item(x: $0, y: trial.metrics[metric]!, mark: mark(trial)) }
      }
      return ScatterPlot(
        items, xLabel: label, yLabel: "validation \(name)", scale: scale, yRange: range)
    }
    var panels: [ScatterPlot] = []
    var networks: [String] = []
    for trial in search.trials where !networks.contains(trial.network) { networks.append(trial.network) }
    if networks.count > 1 {
      panels.append(
        plot("network", .names(networks)) { Double(networks.firstIndex(of: $0.network)!) })
    }
    for parameter in SearchSpace.Parameter.allCases {
      guard let values = space.values[parameter] else { continue }
      switch values {
      case .choice(let choices):
        // Also what the networks have as given.
        let all = Set(choices + trials.compactMap { $0.value(parameter) }).sorted()
        guard all.count > 1 else { continue }
        panels.append(
          plot(parameter.words, .names(all.map(Self.short))) { trial in
            trial.value(parameter).flatMap { all.firstIndex(of: $0) }.map(Double.init)
          })
      case .range(_, let isLogarithmic):
        panels.append(
          plot(parameter.words, isLogarithmic ? .logarithmic : .linear) { $0.value(parameter) })
      }
    }
    var course = plot("trial", .whole) { Double($0.number) }
    course.steps = bestSoFar
    panels.append(course)
    try files.write(
      ScatterPanels(
        panels, title: "\(search.trials.count) trials by validation \(name)", key: key),
      "trials", alt: "Validation \(name) of every trial over each parameter, and the best so far")
  }

  private func mark(_ trial: HyperparameterSearch.Trial) -> ScatterPlot.Mark {
    if trial.rank == 1 { return .strong }
    if trial.isGiven { return .ring }
    return trial.epochs == search.rungs.last!.epochs ? .plain : .faint
  }

  private var key: [ScatterPanels.Entry] {
    let full = search.rungs.last!.epochs
    let early = search.rungs.dropLast().map { String($0.epochs) }
    var entries: [ScatterPanels.Entry] = [
      .init(.strong, "best"), .init(.ring, "as given"), .init(.plain, "trained for \(full) epochs"),
    ]
    let words =
      (early.count > 1 ? [early.dropLast().joined(separator: ", ")] : []) + early.suffix(1)
    if !early.isEmpty {
      entries.append(
        .init(
          .faint, "given up after \(words.joined(separator: " or ")) \(words == ["1"] ? "epoch" : "epochs")"))
    }
    return entries
  }

  /// Trial numbers and the best metric up to them, among those trained to the end.
  private var bestSoFar: [Point] {
    let metric = search.plan.metric
    var best: Double?
    return search.trials.compactMap { trial in
      guard trial.epochs == search.rungs.last!.epochs, let value = trial.metrics[metric],
        best.map({ metric.isBetter(value, than: $0) }) ?? true
      else { return nil }
      best = value
      return Point(Double(trial.number), value)
    }
  }

  /// All values, but for losses so large that the others would lie on a line.
  private static func range(_ values: [Double], _ metric: Metric) -> ClosedRange<Double>? {
    let sorted = values.sorted()
    guard metric.isLowerBetter, let low = sorted.first, let high = sorted.last, sorted.count > 4 else {
      return nil
    }
    let typical = sorted[sorted.count * 3 / 4]
    let limit = low + 3 * (typical - low)
    guard high > limit, typical > low else { return nil }
    return low - 0.04 * (limit - low)...limit
  }
}
