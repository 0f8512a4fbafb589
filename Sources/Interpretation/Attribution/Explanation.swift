import Arrays
import NeuralNetworks
import Runtime
import Sequences

/// A method of either kind, by its name.
public enum ExplanationMethod: Sendable {
  case attribution(AttributionMethod)
  case classActivation(ClassActivationMethod)

  public var name: String {
    switch self {
    case .attribution(let method): method.name
    case .classActivation(let method): method.rawValue
    }
  }

  public var isAttribution: Bool { if case .attribution = self { true } else { false } }
  /// Whether it is a derivative of the output.
  public var isGradient: Bool { if case .attribution(let method) = self { method.isGradient } else { false } }
  /// What it compares sequences with, if it does.
  public var reference: AttributionReference? {
    if case .attribution(let method) = self { method.reference } else { nil }
  }
  public var hasReference: Bool { reference != nil }
  /// Whether values of bases that are not there can be asked for.
  public var takesHypothetical: Bool {
    if case .attribution(let method) = self { method.takesHypothetical } else { false }
  }

  /// Throws `InputError` that lists the names there are.
  public init(_ name: String) throws {
    if let method = AttributionMethod.named.first(where: { $0.name == name }) {
      self = .attribution(method)
    } else if let method = ClassActivationMethod(rawValue: name) {
      self = .classActivation(method)
    } else {
      let names = AttributionMethod.named.map(\.name) + ClassActivationMethod.allCases.map(\.rawValue)
      throw InputError("no method is called '\(name)'; there are \(names.joined(separator: ", "))")
    }
  }
}

/// What a method of either kind gives.
public enum Explanation: Sendable {
  case attributions(Attributions)
  case maps(ClassActivationMaps)

  public var name: String {
    switch self {
    case .attributions(let attributions): attributions.method
    case .maps(let maps): maps.method.rawValue
    }
  }

  /// One value a base, (N, L): that of the base that is there, or of the map.
  public var scores: [Float] {
    switch self {
    case .attributions(let attributions): attributions.scores
    case .maps(let maps): maps.values
    }
  }

  /// How much each position matters whatever the sign, (N, L): `Attributions.magnitudes`, or the map itself.
  public var magnitudes: [Float] {
    switch self {
    case .attributions(let attributions): attributions.magnitudes
    case .maps(let maps): maps.values
    }
  }

  /// As NPZ files hold them: `attributions`, or `cam` and `units`.
  public var arrays: [NamedArray<TypedArray>] {
    switch self {
    case .attributions(let attributions): attributions.arrays.filter { $0.name != "sequences" }
    case .maps(let maps): maps.arrays
    }
  }

  /// How well the values point to the sites; `nil` if no sequence has one.
  public func agreement(with sites: [Range<Int>?]) -> SiteAgreement? {
    switch self {
    case .attributions(let attributions): attributions.agreement(with: sites)
    case .maps(let maps): maps.agreement(with: sites)
    }
  }
}

extension Network {
  /// Explains `sequences` by `method`.
  ///
  /// - Parameters:
  ///   - options: of attributions; its output is that of class activation maps too.
  ///   - layer: of class activation maps; `nil` for the last convolution.
  ///   - isRectified: whether class activation maps lose their negative values.
  /// - Throws: As `attributions(_:of:options:threads:)` and `classActivationMaps`.
  public func explanation(
    _ method: ExplanationMethod, of sequences: SequenceSet, options: AttributionOptions = .init(),
    layer: Int? = nil, isRectified: Bool = true, threads: Int = Parallel.threads
  ) throws -> Explanation {
    switch method {
    case .attribution(let method):
      .attributions(try attributions(method, of: sequences, options: options, threads: threads))
    case .classActivation(let method):
      .maps(
        try classActivationMaps(
          method, of: sequences, layer: layer, output: options.output, isRectified: isRectified,
          threads: threads))
    }
  }
}
