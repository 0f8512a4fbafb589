import NeuralNetworks
import Runtime
import Sequences

/// How an output of a network is traced back to the bases. All explain the logit, never the probability.
public enum AttributionMethod: String, CaseIterable, Sendable {
  /// ∂ logit / ∂ one-hot input: saliency (Simonyan, Vedaldi & Zisserman 2014, arXiv:1312.6034).
  case gradient
  /// The gradient of the base that is there (Shrikumar et al. 2017, arXiv:1605.01713).
  case inputXGradient = "input-x-gradient"
  /// Mean gradient on the straight way from references to the sequence (Sundararajan, Taly & Yan 2017, arXiv:1703.01365).
  case integratedGradients = "integrated-gradients"
  /// DeepLIFT's rescale rule (Shrikumar, Greenside & Kundaje 2017, arXiv:1704.02685), mean over references (DeepSHAP:
  /// Lundberg & Lee 2017, arXiv:1705.07874).
  case deepSHAP = "deepshap"
  /// The change of the logit for each of the three other bases at each position, less the mean over the four (in silico saturation
  /// mutagenesis).
  case mutagenesis
}

/// What stands for "no signal" in methods that compare with it.
public enum AttributionReference: Sendable {
  /// All four inputs of each position zero.
  case zeros
  /// Shuffles of the sequence that keep its dinucleotides, this many for each.
  case dinucleotideShuffles(Int)
  /// One sequence for each, of the same length.
  case given(SequenceSet)
}

public struct AttributionOptions: Sendable {
  /// Which of the network's outputs is explained.
  public var output = 0
  /// `gradient`, `input-x-gradient`: subtract the mean over the four bases (Majdandzic et al. 2023).
  public var subtractsBaseMeans = false
  /// Values of all four bases instead of the one that is there. `gradient` always has all four; for `integrated-gradients` and
  /// `deepshap` these are the hypothetical attributions, Σ_c (a − reference)_c · multiplier_c for base a (Shrikumar et al.
  /// 2018, TF-MoDISco, arXiv:1811.00416).
  public var isHypothetical = false
  /// What `integrated-gradients` and `deepshap` compare with; `nil` for zeros and for twenty shuffles, as is the custom.
  public var reference: AttributionReference?
  /// Points on the way, `integrated-gradients`: the middles of as many equal parts.
  public var steps = 50
  /// Of the shuffles.
  public var seed: UInt64 = 0

  public init() {}
}

extension Network {
  /// The attributions of `sequences` to one output of the network by `method`.
  ///
  /// - Throws: `InputError` if a sequence has another length than the network takes, the network has no such output, or the
  ///   method no rule for one of its layers.
  public func attributions(
    _ method: AttributionMethod, of sequences: SequenceSet, options: AttributionOptions = .init(),
    threads: Int = Parallel.threads
  ) throws -> Attributions {
    try requireLength(of: sequences)
    let outputs = architecture.outputCount
    guard (0..<outputs).contains(options.output) else {
      throw InputError("the network has \(outputs) outputs, so there is no output \(options.output)")
    }
    var result = Attributions(method, sequences: sequences, length: architecture.input.length)
    switch method {
    case .gradient, .inputXGradient:
      result.values = gradients(sequences, output: options.output, threads: threads)
      if options.subtractsBaseMeans { result.subtractBaseMeans() }
    case .mutagenesis:
      result.values = mutationEffects(sequences, output: options.output, threads: threads)
      result.subtractBaseMeans()
    case .integratedGradients:
      try compareWithReferences(
        sequences, options, options.reference ?? .zeros, threads: threads, into: &result, pathMultipliers)
    case .deepSHAP:
      try compareWithReferences(
        sequences, options, options.reference ?? .dinucleotideShuffles(20), threads: threads, into: &result,
        separatingActivations().rescaleMultipliers)
    }
    if method != .gradient, !options.isHypothetical { result.keepPresentBases() }
    return result
  }

  /// ∂ output / ∂ input of each sequence, (N, 4, L).
  private func gradients(_ sequences: SequenceSet, output: Int, threads: Int) -> [Float] {
    let length = architecture.input.length
    let outputs = architecture.outputCount
    return trace(sequences, threads: threads) { trace, indices in
      trace.backward(seed: unitSeed(output, outputs: outputs, count: indices.count))
      return channelsFirst(trace.inputGradient, length: length)
    }.flatMap { $0 }
  }
}

/// 1 at one of a network's outputs for each sequence, (count, outputs).
func unitSeed(_ output: Int, outputs: Int, count: Int) -> [Float] {
  (0..<count * outputs).map { $0 % outputs == output ? 1 : 0 }
}

/// (N, L, 4) → (N, 4, L).
func channelsFirst(_ values: [Float], length: Int) -> [Float] {
  var result = [Float](repeating: 0, count: values.count)
  for sequence in 0..<values.count / max(1, 4 * length) {
    for position in 0..<length {
      for base in 0..<4 {
        result[(sequence * 4 + base) * length + position] = values[(sequence * length + position) * 4 + base]
      }
    }
  }
  return result
}
