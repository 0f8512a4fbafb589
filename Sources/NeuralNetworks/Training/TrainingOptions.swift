import Foundation

/// How a network is trained. Defaults are the exercise's: Adam, binary cross-entropy, batches of 256, 10 epochs.
public struct TrainingOptions: Codable, Equatable, Sendable {
  /// What an error costs, by class.
  public enum ClassWeight: String, Codable, CaseIterable, Sendable {
    /// The same for both.
    case none
    /// n / (2 · n of the class), as scikit-learn's `balanced`.
    case balanced
  }

  public var epochs = 10
  public var batchSize = 256
  public var learningRate = 0.001
  public var beta1 = 0.9
  public var beta2 = 0.999
  /// Keras's ε; PyTorch has 1e-8.
  public var epsilon = 1e-7
  public var classWeight = ClassWeight.none
  public var seed: UInt64 = 0

  public init() {}
}

/// Loss and accuracy of one epoch, and of the validation set after it.
public struct EpochRecord: Codable, Equatable, Sendable {
  /// 1-based.
  public var epoch: Int
  /// Mean binary cross-entropy (nats) and accuracy over the epoch, dropout on, while the weights changed, as Keras reports them.
  public var loss: Double
  public var accuracy: Double
  public var validationLoss: Double?
  public var validationAccuracy: Double?
  /// Seconds spent training, without the validation.
  public var seconds: Double
}
