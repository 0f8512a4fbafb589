import Evaluation
import Figures
import NeuralNetworks
import Statistics

extension CrossValidationReport {
  /// Learning curves with their confidence bands, and the metrics of the networks beside each other.
  func writePictures(_ files: FigureFiles) throws {
    let folds = validation.folds.count
    let histories = validation.networks.map { network in
      func curve(_ metric: ClassificationMetric, _ number: (EpochRecord) -> Double?) -> [FoldMean] {
        validation.curve(of: network, metric, number)
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
    let panels = ClassificationMetric.allCases.map { metric in
      EstimatePlot(
        validation.networks.map { network in
          let mean = network.mean(metric)
          return EstimatePlot.Item(network.name, [EstimatePlot.Estimate(mean.correctedInterval)])
        }, title: Self.title(metric), valueLabel: "mean of \(folds) folds")
    }
    try files.write(
      LearningCurves(histories, title: "Means of \(folds) folds with their 95 % intervals"),
      "learning-curves",
      alt: "Loss and accuracy over the epochs, mean of \(folds) folds with 95 % confidence bands")
    try files.write(
      Panels(panels, columns: panels[0].isNarrow ? 4 : 2), "metrics",
      alt: "Loss, accuracy, AUROC and AUPRC of each network, mean of \(folds) folds with corrected intervals")
  }

  static func title(_ metric: ClassificationMetric) -> String {
    switch metric {
    case .loss: "Loss"
    case .accuracy: "Accuracy"
    case .auroc: "AUROC"
    case .auprc: "AUPRC"
    }
  }
}

extension [FoldMean] {
  fileprivate var band: (low: [Double], high: [Double])? {
    isEmpty ? nil : (map(\.interval.low), map(\.interval.high))
  }
}

extension EstimatePlot {
  /// Whether four of them fit beside each other.
  fileprivate var isNarrow: Bool { 4 * size(.standard).width <= Theme.standard.pageWidth + 30 }
}
