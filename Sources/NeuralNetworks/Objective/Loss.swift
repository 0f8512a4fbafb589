import Foundation
import Statistics

/// What training minimizes, in nats where it is a likelihood. The network's last layer gives logits or logarithms, never
/// probabilities: what turns them into those belongs to the loss.
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
  /// −log of the multinomial likelihood of the counts y given their sum n and the shares softmax(z):
  /// −log n! + Σ log yᵢ! − Σ yᵢ log softmax(z)ᵢ. Outputs are the positions of a profile (BPNet: Avsec et al. 2021).
  case multinomial
  /// (z − log(1 + y))², mean over outputs: z is the logarithm of a count plus one (BPNet's loss of total counts).
  case meanSquaredLogError

  /// In words.
  public var name: String {
    switch self {
    case .binaryCrossEntropy: "binary cross-entropy"
    case .categoricalCrossEntropy: "categorical cross-entropy"
    case .meanSquaredError: "mean squared error"
    case .poisson: "the Poisson loss"
    case .multinomial: "the multinomial loss"
    case .meanSquaredLogError: "mean squared error of log counts"
    }
  }

  /// What a command line calls it.
  public var shortName: String {
    switch self {
    case .binaryCrossEntropy: "binary"
    case .categoricalCrossEntropy: "categorical"
    case .meanSquaredError: "mse"
    case .poisson: "poisson"
    case .multinomial: "multinomial"
    case .meanSquaredLogError: "log-mse"
    }
  }

  /// Whether outputs can be right or wrong.
  public var hasAccuracy: Bool { self == .binaryCrossEntropy || self == .categoricalCrossEntropy }

  /// Whether outputs are shares of a whole, of which there must be two or more.
  public var sharesOutputs: Bool { self == .categoricalCrossEntropy || self == .multinomial }

  /// Between which ends it lies: a likelihood of rates may be above one.
  public var bounds: ClosedRange<Double> { (self == .poisson ? -.infinity : 0)...Double.infinity }

  /// What is wrong with a target that is not NaN, if something is.
  public func problem(_ target: Float) -> String? {
    switch self {
    case .binaryCrossEntropy, .categoricalCrossEntropy:
      (0...1).contains(target) ? nil : "\(name) needs numbers from 0 to 1"
    case .poisson, .multinomial, .meanSquaredLogError:
      target >= 0 && target.isFinite ? nil : "\(name) needs counts"
    case .meanSquaredError: target.isFinite ? nil : "\(name) needs numbers"
    }
  }

  /// What outputs say in the units of their targets: probabilities, numbers, rates, shares or counts.
  public func predictions(_ outputs: ArraySlice<Float>) -> [Float] {
    switch self {
    case .binaryCrossEntropy: outputs.map { Float(Activation.sigmoid.value(Double($0))) }
    case .meanSquaredError: Array(outputs)
    case .poisson: outputs.map { Float(exp(Double($0))) }
    case .meanSquaredLogError: outputs.map { Float(expm1(Double($0))) }
    case .categoricalCrossEntropy, .multinomial:
      Softmax.shares(outputs.map(Double.init)).map { Float($0) }
    }
  }

  /// Loss of one sequence, its derivative by the outputs, and how many questions were answered right of how many known.
  ///
  /// - Parameters:
  ///   - outputs, targets: one number each; a target that is NaN is not known and adds nothing.
  ///   - weights: for each output, what an error costs when its target is 0 and when it is 1; for
  ///     `categoricalCrossEntropy` the second alone counts. Empty: one everywhere.
  ///   - focusing: γ of the focal loss, for `binaryCrossEntropy`; 0 is the loss itself.
  ///   - gradient: is overwritten.
  package func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, _ targets: UnsafePointer<Float>, weights: ArraySlice<Double> = [],
    focusing: Double = 0, gradient: UnsafeMutablePointer<Double>? = nil
  ) -> Score {
    if sharesOutputs { return shares(outputs, targets, weights: weights, gradient: gradient) }
    let share = 1 / Double(outputs.count)
    let first = weights.startIndex
    var score = Score()
    for i in outputs.indices {
      let (z, y) = (Double(outputs[i]), Double(targets[i]))
      gradient?[i] = 0
      guard !y.isNaN else { continue }
      score.known += 1
      switch self {
      case .binaryCrossEntropy:
        let weight =
          weights.isEmpty
          ? 1 : weights[first + 2 * i] + y * (weights[first + 2 * i + 1] - weights[first + 2 * i])
        let answer = YesOrNo(logit: z, target: y, focusing: focusing)
        score.loss += weight * answer.value
        gradient?[i] = weight * answer.slope * share
        if (z > 0) == (y > 0.5) { score.right += 1 }
      case .meanSquaredError, .meanSquaredLogError:
        let difference = z - (self == .meanSquaredError ? y : log1p(y))
        score.loss += difference * difference
        gradient?[i] = 2 * difference * share
      case .poisson:
        score.loss += exp(z) - y * z
        gradient?[i] = (exp(z) - y) * share
      case .categoricalCrossEntropy, .multinomial: break
      }
    }
    score.loss *= share
    return score
  }

  /// Losses of outputs that are shares of a whole.
  private func shares(
    _ outputs: UnsafeBufferPointer<Float>, _ targets: UnsafePointer<Float>, weights: ArraySlice<Double>,
    gradient: UnsafeMutablePointer<Double>?
  ) -> Score {
    for i in outputs.indices { gradient?[i] = 0 }
    guard !outputs.indices.contains(where: { targets[$0].isNaN }) else { return Score() }
    let largest = Double(outputs.max() ?? 0)
    let total = outputs.reduce(0) { $0 + exp(Double($1) - largest) }
    let normalizer = largest + log(total)
    let first = weights.startIndex
    func weighted(_ i: Int) -> Double {
      Double(targets[i]) * (weights.isEmpty ? 1 : weights[first + 2 * i + 1])
    }
    var (loss, sum) = (0.0, 0.0)
    for i in outputs.indices {
      loss += weighted(i) * (normalizer - Double(outputs[i]))
      sum += weighted(i)
    }
    if let gradient {
      for i in outputs.indices { gradient[i] = sum * exp(Double(outputs[i]) - normalizer) - weighted(i) }
    }
    if self == .multinomial {
      // The number of ways to deal n counts: no part of the gradient, but of the likelihood.
      loss += outputs.indices.reduce(-lgamma(sum + 1)) { $0 + lgamma(Double(targets[$1]) + 1) }
      return Score(loss: loss, right: 0, known: 1)
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

  /// Share of the questions answered right; `nil` where none is known.
  package var accuracy: Double? { known > 0 ? Double(right) / Double(known) : nil }
}
