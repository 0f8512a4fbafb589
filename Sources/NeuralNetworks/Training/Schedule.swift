import Foundation

/// How the learning rate changes while training goes on, as a share of `TrainingOptions.learningRate`.
public enum Schedule: Codable, Equatable, Sendable {
  case constant
  /// lowest + (1 − lowest) · ½(1 + cos π·t/T) at minibatch t of T (Loshchilov & Hutter 2017).
  case cosine(lowest: Double = 0)
  /// Times `factor`, but not below `lowest`, after `patience` epochs in which the validation loss (without validation set
  /// the loss) did not fall by 0.0001 below its best.
  case reduceOnPlateau(factor: Double = 0.1, patience: Int = 10, lowest: Double = 0)

  /// The share at minibatch `step` (0-based) of `total`, after `warmUp` in which it rises linearly.
  package func share(step: Int, total: Int, warmUp: Int, plateau: Double) -> Double {
    guard step >= warmUp else { return Double(step + 1) / Double(warmUp + 1) }
    switch self {
    case .constant: return 1
    case .cosine(let lowest):
      let course = Double(step - warmUp) / Double(max(1, total - warmUp))
      return lowest + (1 - lowest) * 0.5 * (1 + cos(Double.pi * min(1, course)))
    case .reduceOnPlateau: return plateau
    }
  }

  var problem: String? {
    switch self {
    case .constant: return nil
    case .cosine(let lowest):
      return (0...1).contains(lowest) ? nil : "the lowest learning rate must be a share from 0 to 1"
    case .reduceOnPlateau(let factor, let patience, let lowest):
      guard factor > 0, factor < 1 else { return "a plateau's factor must be above 0 and below 1" }
      guard patience >= 1 else { return "a plateau's patience must be 1 epoch or more" }
      return (0...1).contains(lowest) ? nil : "the lowest learning rate must be a share from 0 to 1"
    }
  }
}

/// The end of training when nothing gets better; the weights of the best epoch are what remains.
public struct EarlyStopping: Codable, Equatable, Sendable {
  /// Epochs without a better validation loss (without validation set: loss) before it ends.
  public var patience: Int
  /// What counts as better: lower by more than this.
  public var minimumChange: Double

  public init(patience: Int = 5, minimumChange: Double = 0) {
    self.patience = patience
    self.minimumChange = minimumChange
  }
}

/// Counts epochs since a loss was best.
package struct Patience: Codable, Equatable {
  package private(set) var best: Double?
  package private(set) var waited = 0

  /// Takes the next loss; whether it is the best so far.
  mutating func take(_ loss: Double, minimumChange: Double) -> Bool {
    if let best, !(loss < best - minimumChange) {
      waited += 1
      return false
    }
    best = loss
    waited = 0
    return true
  }

  mutating func restart() { waited = 0 }
}
