import Evaluation
import Figures
import NeuralNetworks
import Runtime
import Statistics

extension CrossValidationReport {
  /// Learning curves with their confidence bands, and the metrics of the networks beside each other.
  func writePictures(_ files: FigureFiles) throws {
    let folds = validation.folds.count
    let histories = validation.networks.map { network in
      func curve(_ kind: Metric.Kind, _ number: (EpochRecord) -> Double?) -> [FoldMean] {
        validation.curve(of: network, Metric(kind), number)
      }
      let loss = curve(.loss, \.validationLoss)
      let accuracy = curve(.accuracy, \.validationAccuracy)
      var history = LearningCurves.History(
        name: network.name, trainingLoss: curve(.loss, \.loss).map(\.mean), validationLoss: loss.map(\.mean),
        trainingAccuracy: curve(.accuracy, \.accuracy).map(\.mean), validationAccuracy: accuracy.map(\.mean))
      history.validationLossBand = loss.band
      history.validationAccuracyBand = accuracy.band
      return history
    }
    let metrics = validation.metrics.filter { metric in
      validation.networks.contains { $0.mean(metric) != nil }
    }
    let panels = metrics.map { metric in
      EstimatePlot(
        validation.networks.compactMap { network in
          network.mean(metric).map {
            EstimatePlot.Item(network.name, [EstimatePlot.Estimate($0.correctedInterval)])
          }
        }, title: metric.title, valueLabel: "mean of \(folds) folds")
    }
    try files.write(
      LearningCurves(histories, title: "Means of \(folds) folds with their 95 % intervals"),
      "learning-curves",
      alt: "\(Words.list(curveNames)) over the epochs, mean of \(folds) folds with 95 % confidence bands")
    try files.write(
      Panels(panels, columns: panels[0].isNarrow ? 4 : 2), "metrics",
      alt:
        "\(Words.list([metrics[0].title] + metrics.dropFirst().map(\.label))) of each network, mean of \(folds) folds with corrected intervals"
    )
  }

  private var curveNames: [String] {
    validation.data.objective.hasAccuracy ? ["Loss", "accuracy"] : ["Loss"]
  }
}

extension [FoldMean] {
  fileprivate var band: LinePlot.Interval? {
    isEmpty ? nil : .init(low: map(\.interval.low), high: map(\.interval.high))
  }
}

extension EstimatePlot {
  /// Whether four of them fit beside each other.
  fileprivate var isNarrow: Bool { 4 * size(.standard).width <= Theme.standard.pageWidth + 30 }
}
