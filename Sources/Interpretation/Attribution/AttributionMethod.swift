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
  /// DeepLIFT (Shrikumar, Greenside & Kundaje 2017, arXiv:1704.02685), mean over references (DeepSHAP: Lundberg & Lee 2017,
  /// arXiv:1705.07874).
  case deepSHAP(
    reference: AttributionReference = .dinucleotideShuffles(20), rule: DeepLIFTRule = .rescale)
  /// The change of the logit for each of the three other bases at each position, less the mean over the four (in silico saturation
  /// mutagenesis).
  case mutagenesis
  /// Mean gradient of `samples` copies of the sequence with normal noise of standard deviation `noise` added to each of the four
  /// numbers of a base (SmoothGrad: Smilkov et al. 2017, arXiv:1706.03825).
  case smoothGrad(samples: Int = 50, noise: Double = 0.15)
  /// The gradient, with what is negative stopped at every ReLU (Springenberg et al. 2015, arXiv:1412.6806).
  case guidedBackpropagation
  /// Mean gradient at one random place of the way from each of many references (Erion et al. 2021, arXiv:1906.10670).
  case expectedGradients(reference: AttributionReference = .dinucleotideShuffles(50))
  /// The integral that `integratedGradients` approaches, piece by linear piece of a network of ReLU and maxima, in double precision:
  /// seconds for each sequence and reference.
  case exactIntegratedGradients(reference: AttributionReference = .zeros)
  /// What is lost when a window is unknown, the mean over the windows that cover a base (Zeiler & Fergus 2014, arXiv:1311.2901).
  case occlusion(window: Int = 5)
  /// What is lost when the base alone is unknown.
  case masking
  /// What is lost when the base is left out.
  case deletion
  /// What is gained when each of the four bases comes before a position.
  case insertion

  /// Every method with its usual options, but for the exact integral, which takes too long for most purposes.
  public static let all: [AttributionMethod] = [
    .gradient, .inputXGradient, .integratedGradients(), .deepSHAP(), .mutagenesis, .smoothGrad(),
    .guidedBackpropagation, .expectedGradients(), .occlusion(), .masking, .deletion, .insertion,
  ]

  /// All that commands know by name.
  public static let named = all + [.exactIntegratedGradients()]

  /// As commands and files call it, such as `input-x-gradient`.
  public var name: String {
    switch self {
    case .gradient: "gradient"
    case .inputXGradient: "input-x-gradient"
    case .integratedGradients: "integrated-gradients"
    case .deepSHAP: "deepshap"
    case .mutagenesis: "mutagenesis"
    case .smoothGrad: "smoothgrad"
    case .guidedBackpropagation: "guided-backpropagation"
    case .expectedGradients: "expected-gradients"
    case .exactIntegratedGradients: "exact-integrated-gradients"
    case .occlusion: "occlusion"
    case .masking: "masking"
    case .deletion: "deletion"
    case .insertion: "insertion"
    }
  }

  /// What the method compares sequences with, if it does.
  public var reference: AttributionReference? {
    switch self {
    case .integratedGradients(_, let reference), .deepSHAP(let reference, _),
      .expectedGradients(let reference),
      .exactIntegratedGradients(let reference):
      reference
    case .gradient, .inputXGradient, .mutagenesis, .smoothGrad, .guidedBackpropagation, .occlusion, .masking,
      .deletion, .insertion:
      nil
    }
  }

  /// The same with other references, if it has any.
  public func comparing(with reference: AttributionReference) -> AttributionMethod {
    switch self {
    case .integratedGradients(let steps, _): .integratedGradients(steps: steps, reference: reference)
    case .deepSHAP(_, let rule): .deepSHAP(reference: reference, rule: rule)
    case .expectedGradients: .expectedGradients(reference: reference)
    case .exactIntegratedGradients: .exactIntegratedGradients(reference: reference)
    case .gradient, .inputXGradient, .mutagenesis, .smoothGrad, .guidedBackpropagation, .occlusion, .masking,
      .deletion, .insertion:
      self
    }
  }

  /// Whether its values depend on the seed.
  public var isRandom: Bool {
    if case .smoothGrad = self { return true }
    if case .expectedGradients = self { return true }
    return reference?.isRandom ?? false
  }

  /// Whether its values are derivatives of the output, from which the mean over the bases can be taken.
  public var isGradient: Bool {
    switch self {
    case .gradient, .inputXGradient, .smoothGrad, .guidedBackpropagation: true
    case .integratedGradients, .deepSHAP, .mutagenesis, .expectedGradients, .exactIntegratedGradients,
      .occlusion, .masking, .deletion,
      .insertion:
      false
    }
  }

  /// Whether it always gives values of all four bases.
  var hasAllBases: Bool {
    switch self {
    case .gradient, .smoothGrad, .guidedBackpropagation, .insertion: true
    case .inputXGradient, .integratedGradients, .deepSHAP, .mutagenesis, .expectedGradients,
      .exactIntegratedGradients, .occlusion,
      .masking, .deletion:
      false
    }
  }

  /// Whether values of bases that are not there can be asked for.
  public var takesHypothetical: Bool { if case .mutagenesis = self { true } else { reference != nil } }
}

/// How DeepLIFT takes a difference through a function that is not linear.
public enum DeepLIFTRule: String, CaseIterable, Sendable {
  /// By Δoutput / Δinput.
  case rescale
  /// For what raises and what lowers the input apart, as if either came first: in double precision, a fraction of a second for each
  /// reference.
  case revealCancel = "reveal-cancel"
}

/// What stands for "no signal" in methods that compare with it.
public enum AttributionReference: Sendable {
  /// All four inputs of each position zero.
  case zeros
  /// Shuffles of the sequence that keep its dinucleotides, this many for each.
  case dinucleotideShuffles(Int)
  /// So many for each of the same length, those of a sequence after each other.
  case given(SequenceSet, copies: Int = 1)
  /// These for every sequence.
  case shared(SequenceSet)
  /// So many random sequences for each: every base as likely.
  case uniform(Int)
  /// So many random sequences for each, with G and C as frequent as in the sequence.
  case composition(Int)
  /// The same numbers for A C G T at every position: how often the bases are there where nothing is.
  case frequencies([Float])

  /// References of each sequence.
  public var copies: Int {
    switch self {
    case .zeros, .frequencies: 1
    case .dinucleotideShuffles(let count), .given(_, let count), .uniform(let count), .composition(let count):
      count
    case .shared(let references): references.count
    }
  }

  /// Whether they are drawn.
  public var isRandom: Bool {
    switch self {
    case .dinucleotideShuffles, .uniform, .composition: true
    case .zeros, .given, .shared, .frequencies: false
    }
  }

  /// As it stands to sequences that are read in some way.
  func mapped(_ reading: SequenceReading) -> AttributionReference {
    switch self {
    case .given(let references, let copies): .given(reading.read(references), copies: copies)
    case .shared(let references): .shared(reading.read(references))
    case .frequencies(let values): .frequencies(reading.isReverse ? values.reversed() : values)
    case .zeros, .dinucleotideShuffles, .uniform, .composition: self
    }
  }
}

/// What every method can be asked for.
public struct AttributionOptions: Sendable {
  /// Which of the network's outputs is explained.
  public var output = 0
  /// `gradient`, `input-x-gradient`: subtract the mean over the four bases (Majdandzic et al. 2023).
  public var subtractsBaseMeans = false
  /// Values of all four bases instead of the one that is there. `gradient`, `smoothgrad`, `guided-backpropagation` and `insertion`
  /// always have all four; for methods with references these are the hypothetical attributions, Σ_c (a − reference)_c · multiplier_c for base a (Shrikumar et al.
  /// 2018, TF-MoDISco, arXiv:1811.00416).
  public var isHypothetical = false
  /// Of shuffles, noise and all else that is random.
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
    var result = Attributions(method.name, sequences: sequences, length: architecture.input.length)
    switch method {
    case .gradient, .inputXGradient:
      result.values = try gradients(sequences, options, threads: threads)
      if options.subtractsBaseMeans { result.subtractBaseMeans() }
    case .mutagenesis:
      result.values = try mutationEffects(sequences, options, threads: threads)
      result.subtractBaseMeans()
    case .smoothGrad(let samples, let noise):
      result.values = smoothedGradients(
        sequences, samples: samples, noise: noise, options, threads: threads)
      if options.subtractsBaseMeans { result.subtractBaseMeans() }
    case .guidedBackpropagation:
      result.values = try guidedGradients(sequences, options, threads: threads)
      if options.subtractsBaseMeans { result.subtractBaseMeans() }
    case .occlusion(let window):
      result.values = try occlusionEffects(
        sequences, window: min(window, architecture.input.length), options, threads: threads)
    case .masking: result.values = try occlusionEffects(sequences, window: 1, options, threads: threads)
    case .deletion: result.values = try deletionEffects(sequences, options, threads: threads)
    case .insertion: result.values = try insertionEffects(sequences, options, threads: threads)
    case .integratedGradients, .deepSHAP, .expectedGradients, .exactIntegratedGradients:
      try compareWithReferences(method, sequences, options, threads: threads, into: &result)
    }
    for values in [result.values, result.residuals, result.standardErrors] {
      try requireNumbers(values, of: sequences, from: method.name)
    }
    if method.hasAllBases { return result }
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
    if options.isHypothetical, !hasAllBases, !takesHypothetical {
      let reason: String =
        if case .inputXGradient = self { "those of gradient" } else { "not defined" }
      throw InputError("hypothetical values of \(name) are \(reason)")
    }
    if case .smoothGrad(let samples, let noise) = self, samples < 1 || !(noise >= 0 && noise.isFinite) {
      throw InputError("\(name) needs a sample at least and a finite noise, not \(samples) and \(noise)")
    }
    if case .occlusion(let window) = self, window < 1 {
      throw InputError("\(name) needs a window of one base at least, not \(window)")
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
