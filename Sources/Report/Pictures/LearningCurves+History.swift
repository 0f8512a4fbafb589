import Figures
import NeuralNetworks

extension LearningCurves.History {
  /// A network's learning report as lines.
  ///
  /// - Parameter ceiling: the best possible accuracy, where it is known.
  public init(name: String, _ report: LearningReport, ceiling: Double? = nil) {
    let epochs = report.epochs
    self.init(
      name: name, trainingLoss: epochs.map(\.loss), validationLoss: epochs.compactMap(\.validationLoss),
      trainingAccuracy: epochs.compactMap(\.accuracy),
      validationAccuracy: epochs.compactMap(\.validationAccuracy),
      ceiling: ceiling)
  }
}
