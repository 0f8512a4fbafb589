import NeuralNetworks
import Runtime
import Sequences

/// How an output of a network is traced back to the bases. All explain the logit, never the probability.
public enum AttributionMethod: Sendable {
  /// ∂ logit / ∂ one-hot input: saliency (Simonyan, Vedaldi & Zisserman 2014, arXiv:1312.6034).
  case gradient
  /// The gradient of the base that is there (Shrikumar et al. 2017, arXiv:1605.01713).
  case inputXGradient
  /// Mean gradient on the straight way from references to the sequence (Sundararajan, Taly & Yan 2017, arXiv:1703.01365), at the
  /// middles of `steps` equal parts.
  case integratedGradients(steps: Int = 50, reference: AttributionReference = .zeros)
  /// DeepLIFT's rescale rule (Shrikumar, Greenside & Kundaje 2017, arXiv:1704.02685), mean over references (DeepSHAP:
  /// Lundberg & Lee 2017, arXiv:1705.07874).
  case deepSHAP(reference: AttributionReference = .dinucleotideShuffles(20))
  /// The change of the logit for each of the three other bases at each position, less the mean over the four (in silico saturation
  /// mutagenesis).
  case mutagenesis

  /// Every method with its usual options.
  public static let all: [AttributionMethod] = [
    .gradient, .inputXGradient, .integratedGradients(), .deepSHAP(), .mutagenesis,
  ]

  /// As commands and files call it, such as `input-x-gradient`.
  public var name: String {
    switch self {
    case .gradient: "gradient"
    case .inputXGradient: "input-x-gradient"
    case .integratedGradients: "integrated-gradients"
    case .deepSHAP: "deepshap"
    case .mutagenesis: "mutagenesis"
    }
  }

  /// What the method compares sequences with, if it does.
  public var reference: AttributionReference? {
    switch self {
    case .integratedGradients(_, let reference), .deepSHAP(let reference): reference
    default: nil
    }
  }

  /// Whether its values are derivatives of the output, from which the mean over the bases can be taken.
  public var isGradient: Bool {
    switch self {
    case .gradient, .inputXGradient: true
    default: false
    }
  }
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

/// What every method can be asked for.
public struct AttributionOptions: Sendable {
  /// Which of the network's outputs is explained.
  public var output = 0
  /// `gradient`, `input-x-gradient`: subtract the mean over the four bases (Majdandzic et al. 2023).
  public var subtractsBaseMeans = false
  /// Values of all four bases instead of the one that is there. `gradient` always has all four; for `integrated-gradients` and
  /// `deepshap` these are the hypothetical attributions, Σ_c (a − reference)_c · multiplier_c for base a (Shrikumar et al.
  /// 2018, TF-MoDISco, arXiv:1811.00416).
  public var isHypothetical = false
  /// Of the shuffles.
  public var seed: UInt64 = 0
  /// The number of the first sequence, where a large set is explained part by part: shuffles depend on it.
  public var first = 0
  package var route = AttributionRoute.planned(.best)

  public init() {}
}

/// How explanations are computed; the results are the same up to rounding.
package enum AttributionRoute: Sendable {
  /// In fused stages, where the network has an `AttributionPlan`.
  case planned(Kernels)
  /// By `Trace`, which knows every layer.
  case layerwise

  func plan(_ network: Network) -> AttributionPlan? {
    if case .planned(let kernels) = self { AttributionPlan(network, kernels: kernels) } else { nil }
  }
}

extension Network {
  /// The attributions of `sequences` to one output of the network by `method`.
  ///
  /// - Throws: `InputError` if a sequence has another length than the network takes, the network has no such output, the
  ///   method no rule for one of its layers, or an option means nothing to it.
  public func attributions(
    _ method: AttributionMethod, of sequences: SequenceSet, options: AttributionOptions = .init(),
    threads: Int = Parallel.threads
  ) throws -> Attributions {
    try requireLength(of: sequences)
    let outputs = architecture.outputCount
    guard (0..<outputs).contains(options.output) else {
      throw InputError("the network has \(outputs) outputs, so there is no output \(options.output)")
    }
    try method.check(options)
    var result = Attributions(method, sequences: sequences, length: architecture.input.length)
    switch method {
    case .gradient, .inputXGradient:
      result.values = try gradients(sequences, options, threads: threads)
      if options.subtractsBaseMeans { result.subtractBaseMeans() }
    case .mutagenesis:
      result.values = try mutationEffects(sequences, options, threads: threads)
      result.subtractBaseMeans()
    case .integratedGradients, .deepSHAP:
      try compareWithReferences(method, sequences, options, threads: threads, into: &result)
    }
    for values in [result.values, result.residuals, result.standardErrors] {
      try requireNumbers(values, of: sequences, from: method.name)
    }
    if case .gradient = method { return result }
    if !options.isHypothetical { result.keepPresentBases() }
    return result
  }

  /// ∂ output / ∂ input of each sequence, (N, 4, L).
  private func gradients(_ sequences: SequenceSet, _ options: AttributionOptions, threads: Int) throws
    -> [Float]
  {
    let length = architecture.input.length
    let output = options.output
    if let plan = options.route.plan(self) {
      return [Float](unsafeUninitializedCapacity: 4 * sequences.codes.count) { values, count in
        if let start = values.baseAddress {
          plan.gradients(sequences, output: output, threads: threads, into: start)
        }
        count = 4 * sequences.codes.count
      }
    }
    let outputs = architecture.outputCount
    return try trace(of: sequences, threads: threads) { trace, indices in
      trace.backward(seed: unitSeed(output, outputs: outputs, count: indices.count))
      return channelsFirst(trace.inputGradient, length: length)
    }.flatMap { $0 }
  }
}

extension AttributionMethod {
  fileprivate func check(_ options: AttributionOptions) throws {
    if options.subtractsBaseMeans, !isGradient {
      throw InputError("\(name) has no gradients whose mean over the bases could be subtracted")
    }
    if options.isHypothetical, case .inputXGradient = self {
      throw InputError("hypothetical values of \(name) are those of gradient")
    }
    if case .integratedGradients(let steps, _) = self, steps < 1 {
      throw InputError("\(name) needs at least one step, not \(steps)")
    }
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
