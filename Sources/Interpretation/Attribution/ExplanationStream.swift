import Arrays
import NeuralNetworks
import Runtime
import Sequences

/// One method's explanations of a set of sequences, made part by part while they are written: beside the sequences only one
/// part exists at a time, and one number a sequence; what a second array holds waits in a temporary file.
public final class ExplanationStream {
  public let method: ExplanationMethod
  /// Which of the network's outputs is explained.
  public var output: Int { options.output }
  /// Of the first part, for pictures.
  public private(set) var beginning: Explanation?
  /// Sequences that are all of their own references, so that their values are zero.
  public private(set) var withoutContrast = 0
  /// Sequences whose attributions miss their sum by more than 1 % of it.
  public private(set) var incomplete = 0
  private let explainer: AveragedExplainer
  private let sequences: SequenceSet
  private let options: AttributionOptions
  private let layer: Int
  private let isRectified: Bool
  private let sites: [Range<Int>?]?
  private var agreements: [SiteAgreement] = []
  private var errorSum = 0.0
  private var scoreSum = 0.0
  /// Of the second array: units, or standard errors.
  private let rest = SpooledFloats()
  private var residuals: [Float] = []
  private let spreads = SpooledFloats()

  /// Sequences of a part.
  public static let partSize = 2048

  /// - Parameters:
  ///   - layer: of class activation maps; `nil` for the last convolution that has the sequence's positions.
  ///   - sites: of each sequence, to measure against.
  /// - Throws: `InputError` as `Network.explanation` does, for what can be known before a sequence is explained.
  public init(
    _ method: ExplanationMethod, of sequences: SequenceSet, by explainer: AveragedExplainer,
    options: AttributionOptions,
    layer: Int? = nil, isRectified: Bool = true, sites: [Range<Int>?]? = nil
  ) throws {
    self.method = method
    self.explainer = explainer
    self.sequences = sequences
    self.options = options
    self.layer = layer ?? explainer.networks[0].architecture.lastPositionalConvolution ?? 0
    self.isRectified = isRectified
    self.sites = sites
    // A set of none shows what is refused.
    _ = try explainer.explanation(
      method, of: sequences.subset([]), options: options, layer: layer, isRectified: isRectified)
  }

  /// How well the values point to the sites, once all are made.
  public var agreement: SiteAgreement? { SiteAgreement(agreements) }

  /// Mean standard error over references as a share of the mean |value|, once all are made; `nil` without several references.
  public var relativeError: Double? { errorSum > 0 && scoreSum > 0 ? errorSum / scoreSum : nil }

  /// What an NPZ file holds of it, in this order, each made when it is written: `attributions` (N, 4, L) and, with references,
  /// `residuals` (N) and perhaps `standard_errors` (N, L); or `cam` (N, L) and, of one network and one reading, `units` (N, units). Of
  /// several networks also `spreads` (N, L).
  ///
  /// - Parameters:
  ///   - suffix: of each name.
  ///   - progress: called with the number of sequences explained.
  public func arrays(suffix: String = "", progress: @escaping (Int) -> Void = { _ in }) -> [NamedArray<
    StreamedArray
  >] {
    let (count, length) = (sequences.count, explainer.networks[0].architecture.input.length)
    func later(_ name: String, _ shape: [Int], _ values: SpooledFloats) -> NamedArray<StreamedArray> {
      NamedArray(name + suffix, StreamedArray(.float32, shape: shape) { try values.forEachPart($0) })
    }
    let spreads = explainer.networks.count > 1 ? [later("spreads", [count, length], spreads)] : []
    switch method {
    case .classActivation:
      let maps = NamedArray(
        "cam" + suffix, StreamedArray(.float32, shape: [count, length]) { try self.explain(progress, $0) }
      )
      let units = explainer.networks[0].architecture.shapes[layer].length
      return [maps] + (explainer.isPlain ? [later("units", [count, units], rest)] : spreads)
    case .attribution(let method):
      var arrays = [
        NamedArray(
          "attributions" + suffix,
          StreamedArray(.float32, shape: [count, 4, length]) { try self.explain(progress, $0) }
        )
      ]
      guard let reference = method.reference else { return arrays + spreads }
      arrays.append(
        NamedArray(
          "residuals" + suffix,
          StreamedArray(.float32, shape: [count]) { try self.residuals.withUnsafeBytes($0) }))
      if reference.copies > 1 {
        arrays.append(later("standard_errors", [count, length], rest))
      }
      return arrays + spreads
    }
  }

  /// Explains all sequences and hands out one number for each base: the attribution of the base that is there, or the map's
  /// value.
  ///
  /// - Parameters:
  ///   - progress: called with the number of sequences explained.
  ///   - body: called with consecutive sequences and their values, (sequences, length).
  public func forEachPart(
    progress: (Int) -> Void = { _ in }, _ body: (_ part: Range<Int>, _ values: [Float]) throws -> Void
  ) throws {
    try explain(progress) { part, explanation in
      switch explanation {
      case .attributions(let attributions): try body(part, attributions.scores)
      case .maps(let maps): try body(part, maps.values)
      }
    }
  }

  private func explain(_ progress: (Int) -> Void, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try explain(progress) { _, explanation in
      switch explanation {
      case .attributions(let attributions): try attributions.values.withUnsafeBytes(body)
      case .maps(let maps): try maps.values.withUnsafeBytes(body)
      }
    }
  }

  private func explain(_ progress: (Int) -> Void, _ body: (Range<Int>, Explanation) throws -> Void) throws {
    for first in stride(from: 0, to: sequences.count, by: Self.partSize) {
      let part = first..<min(sequences.count, first + Self.partSize)
      var options = options
      options.first = first
      let explanation = try explainer.explanation(
        method, of: sequences.subset(Array(part)), options: options, layer: layer, isRectified: isRectified)
      if first == 0 { beginning = explanation }
      try note(explanation, part)
      try body(part, explanation)
      progress(part.upperBound)
    }
  }

  private func note(_ explanation: Explanation, _ part: Range<Int>) throws {
    if let sites, let agreement = explanation.agreement(with: Array(sites[part])) {
      agreements.append(agreement)
    }
    switch explanation {
    case .maps(let maps):
      try rest.append(maps.units)
      try spreads.append(maps.spreads)
    case .attributions(let attributions):
      try rest.append(attributions.standardErrors)
      try spreads.append(attributions.spreads)
      residuals += attributions.residuals
      withoutContrast += attributions.withoutContrast.count
      guard !attributions.residuals.isEmpty else { return }
      let scores = attributions.scores
      let length = attributions.length
      for (index, residual) in attributions.residuals.enumerated() {
        let sum = scores[index * length..<(index + 1) * length].reduce(Float(0), +)
        if abs(residual) > max(0.01 * abs(sum - residual), 1e-4) { incomplete += 1 }
      }
      if !attributions.standardErrors.isEmpty {
        errorSum += attributions.standardErrors.reduce(0) { $0 + Double($1) }
        scoreSum += scores.reduce(0) { $0 + Double(abs($1)) }
      }
    }
  }
}

extension StreamedArray {
  /// Sequences of `length` bases one-hot, (N, 4, L); four zeros for an unknown base.
  public init(oneHot sequences: SequenceSet, length: Int) {
    self.init(.uint8, shape: [sequences.count, 4, length]) { body in
      for first in stride(from: 0, to: sequences.count, by: ExplanationStream.partSize) {
        let end = min(sequences.count, first + ExplanationStream.partSize)
        try oneHotColumns(Array(sequences.codes[first * length..<end * length]), length: length)
          .withUnsafeBytes(body)
      }
    }
  }
}
