import Foundation

/// What training minimises, in nats where it is a likelihood. The network's last layer gives logits or logarithms, never
/// probabilities: what makes those of them belongs to the loss.
public enum Loss: String, Codable, CaseIterable, Sendable {
  /// softplus(z) − y·z, mean over outputs: each output is a question of its own (two classes with one output, multi-label
  /// or multi-task with more). Targets from 0 to 1.
  case binaryCrossEntropy
  /// −Σ y·log softmax(z): one of several classes. Targets sum to one.
  case categoricalCrossEntropy
  /// (z − y)², mean over outputs.
  case meanSquaredError
  /// exp(z) − y·z, mean over outputs: z is the logarithm of a rate (PyTorch's `PoissonNLLLoss`). Targets are counts.
  case poisson

  /// In words.
  public var name: String {
    switch self {
    case .binaryCrossEntropy: "binary cross-entropy"
    case .categoricalCrossEntropy: "categorical cross-entropy"
    case .meanSquaredError: "mean squared error"
    case .poisson: "the Poisson loss"
    }
  }

  /// Whether outputs can be right or wrong.
  public var hasAccuracy: Bool { self == .binaryCrossEntropy || self == .categoricalCrossEntropy }

  /// Loss of one sequence, its derivative by the outputs, and how many questions were answered right of how many known.
  ///
  /// - Parameters:
  ///   - outputs, targets: one number each; a target that is NaN is not known and adds nothing.
  ///   - weights: for each output, what an error costs when its target is 0 and when it is 1; for
  ///     `categoricalCrossEntropy` the second alone counts. Empty: one everywhere.
  ///   - gradient: is overwritten.
  package func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, _ targets: UnsafePointer<Float>, weights: [Double] = [],
    gradient: UnsafeMutablePointer<Double>? = nil
  ) -> Score {
    if self == .categoricalCrossEntropy {
      return categorical(outputs, targets, weights: weights, gradient: gradient)
    }
    let share = 1 / Double(outputs.count)
    var score = Score()
    for i in outputs.indices {
      let (z, y) = (Double(outputs[i]), Double(targets[i]))
      gradient?[i] = 0
      guard !y.isNaN else { continue }
      score.known += 1
      switch self {
      case .binaryCrossEntropy:
        let weight = weights.isEmpty ? 1 : weights[2 * i] + y * (weights[2 * i + 1] - weights[2 * i])
        let power = exp(-abs(z))
        score.loss += weight * (max(z, 0) + log1p(power) - y * z)
        let probability = z > 0 ? 1 / (1 + power) : power / (1 + power)
        gradient?[i] = weight * (probability - y) * share
        if (z > 0) == (y > 0.5) { score.right += 1 }
      case .meanSquaredError:
        score.loss += (z - y) * (z - y)
        gradient?[i] = 2 * (z - y) * share
      case .poisson:
        score.loss += exp(z) - y * z
        gradient?[i] = (exp(z) - y) * share
      case .categoricalCrossEntropy: break
      }
    }
    score.loss *= share
    return score
  }

  private func categorical(
    _ outputs: UnsafeBufferPointer<Float>, _ targets: UnsafePointer<Float>, weights: [Double],
    gradient: UnsafeMutablePointer<Double>?
  ) -> Score {
    for i in outputs.indices { gradient?[i] = 0 }
    guard !outputs.indices.contains(where: { targets[$0].isNaN }) else { return Score() }
    let largest = Double(outputs.max() ?? 0)
    let total = outputs.reduce(0) { $0 + exp(Double($1) - largest) }
    let normalizer = largest + log(total)
    func weighted(_ i: Int) -> Double { Double(targets[i]) * (weights.isEmpty ? 1 : weights[2 * i + 1]) }
    var (loss, sum) = (0.0, 0.0)
    for i in outputs.indices {
      loss += weighted(i) * (normalizer - Double(outputs[i]))
      sum += weighted(i)
    }
    if let gradient {
      for i in outputs.indices { gradient[i] = sum * exp(Double(outputs[i]) - normalizer) - weighted(i) }
    }
    func best(_ value: (Int) -> Float) -> Int {
      outputs.indices.dropFirst().reduce(0) { value($1) > value($0) ? $1 : $0 }
    }
    return Score(loss: loss, right: best { outputs[$0] } == best { targets[$0] } ? 1 : 0, known: 1)
  }
}

/// Loss and answers, of a sequence or summed over many.
package struct Score: Codable, Equatable, Sendable {
  package var loss = 0.0
  /// Questions answered right.
  package var right = 0
  /// Questions whose answer is known.
  package var known = 0

  package init(loss: Double = 0, right: Int = 0, known: Int = 0) {
    self.loss = loss
    self.right = right
    self.known = known
  }

  static func += (sum: inout Score, other: Score) {
    sum.loss += other.loss
    sum.right += other.right
    sum.known += other.known
  }

  /// The share answered right, where `loss` has right and wrong.
  func accuracy(of loss: Loss) -> Double? {
    loss.hasAccuracy && known > 0 ? Double(right) / Double(known) : nil
  }
}
