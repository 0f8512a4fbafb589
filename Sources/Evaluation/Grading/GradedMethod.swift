import Interpretation
import NeuralNetworks
import Sequences

/// A way of explaining a network that is graded.
public struct GradedMethod: Sendable {
  /// As `explain` calls it, with `-corrected` at the end where the mean over the four bases is subtracted.
  public let name: String
  public let method: ExplanationMethod
  /// Whether gradients lose what points off the one-hot simplex (Majdandzic et al. 2023).
  public let subtractsBaseMeans: Bool

  public init(_ method: ExplanationMethod, subtractsBaseMeans: Bool = false) {
    name = method.name + (subtractsBaseMeans ? "-corrected" : "")
    self.method = method
    self.subtractsBaseMeans = subtractsBaseMeans
  }

  /// Whether its values depend on the seed.
  public var isRandom: Bool { if case .attribution(let method) = method { method.isRandom } else { false } }

  /// Every attribution method, gradients with and without the correction, and every class activation map.
  public static let all: [GradedMethod] =
    AttributionMethod.all.flatMap { method in
      (method.isGradient ? [false, true] : [false]).map {
        GradedMethod(.attribution(method), subtractsBaseMeans: $0)
      }
    } + ClassActivationMethod.allCases.map { GradedMethod(.classActivation($0)) }

  /// Throws `InputError` as `Network.explanation` does.
  func explanation(
    _ network: Network, of sequences: SequenceSet, output: Int, seed: UInt64, threads: Int
  ) throws -> Explanation {
    var options = AttributionOptions()
    options.output = output
    options.subtractsBaseMeans = subtractsBaseMeans
    // All methods that can are measured by all four bases.
    options.isHypothetical = method.takesHypothetical
    options.seed = seed
    return try network.explanation(method, of: sequences, options: options, threads: threads)
  }
}
