import NeuralNetworks
import Runtime
import Sequences
import Statistics

extension HyperparameterSearch {
  /// One network with one way of training it.
  public struct Trial: Sendable {
    /// From 1.
    public let number: Int
    /// The network that it varies.
    public let network: String
    /// Whether it is that network and the options as given: the mark to beat.
    public let isGiven: Bool
    public let architecture: Architecture
    /// Learning rate, batch size and weight decay are the trial's; epochs those of a whole training.
    public let options: TrainingOptions
    /// Epochs of the last rung that it reached; 0 before the first.
    public internal(set) var epochs = 0
    /// Mean over the folds, after those epochs.
    public internal(set) var metrics: [Metric: Double] = [:]
    /// Why it could not be trained.
    public internal(set) var problem: String?
    /// 1 is the best: trials of later rungs before those of earlier ones, then by the metric.
    public internal(set) var rank = 0

    /// What the trial has for each parameter.
    public func value(_ parameter: SearchSpace.Parameter) -> Double? {
      switch parameter {
      case .filters, .kernelSize, .dropout: architecture.value(parameter)
      case .learningRate: options.learningRate
      case .batchSize: Double(options.batchSize)
      case .weightDecay: options.weightDecay
      }
    }
  }
}
