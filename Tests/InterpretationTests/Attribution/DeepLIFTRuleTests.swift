import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// Golden/means.py
@Suite struct DeepLIFTRuleTests {
  private let sequences = GoldenAttribution.sequences

  @Test func revealCancelIsThePapers() throws {
    let network = try GoldenAttribution.network()
    let zeros = try network.attributions(
      .deepSHAP(reference: .zeros, rule: .revealCancel), of: sequences)
    #expect(
      GoldenAttribution.agrees(
        zeros.values, total: 0.13835342,
        picks: [0, 0.00097987039, 0, 0, 0, 0, 0, 0, -0.0021363617, 0, 0, 0.00082876929]))
    let given = try network.attributions(
      .deepSHAP(reference: .given(GoldenAttribution.references), rule: .revealCancel), of: sequences)
    #expect(
      GoldenAttribution.agrees(
        given.values, total: 0.18905043,
        picks: [0, 0.0022185127, 0, 0, 0, 0, 0, 0, -0.010493671, 0, 0, 0]))
    #expect((zeros.residuals + given.residuals).allSatisfy { abs($0) < 1e-6 })
  }

  /// min(i₁, i₂) = i₁ − ReLU(i₁ − i₂), the paper's example (§3.5.3): with zeros as reference each input has half of it, where the
  /// rescale rule gives all to one.
  @Test func aMinimumIsSharedByBoth() throws {
    var network = Network(input: .dna(length: 2)) {
      Convolution1D(filters: 2, kernelSize: 2, activation: .relu)
      Flatten()
      Dense(1)
    }
    // i₁ = 3 where A comes first, i₂ = 2 where C comes second. Filter 0 is i₁, filter 1 is ReLU(i₁ − i₂).
    network.parameters = Array(repeating: 0, count: network.parameters.count)
    network.parameters[0] = 3
    network.parameters[1] = 3
    network.parameters[2 * (4 + 1) + 1] = -2
    network.parameters[18] = 1
    network.parameters[19] = -1
    let sequence = SequenceSet(codes: [0, 1], starts: [0, 2])
    let shared = try network.attributions(
      .deepSHAP(reference: .zeros, rule: .revealCancel), of: sequence)
    #expect(shared.scores == [1, 1])
    let rescaled = try network.attributions(.deepSHAP(reference: .zeros), of: sequence)
    #expect(abs(rescaled.scores[0] - 0) < 1e-6 && abs(rescaled.scores[1] - 2) < 1e-6)
  }

  /// Layers of weights of every kind: the values sum to the difference of the outputs, in shares other than the rescale rule's.
  @Test func revealCancelIsComplete() throws {
    let network = Network(
      input: .dna(length: 30),
      seed: 4
    ) {
      Convolution1D(filters: 3, kernelSize: 5, reverseComplement: .concatenation, activation: .relu)
      AveragePooling1D(2)
      TransposedConvolution1D(filters: 4, kernelSize: 4, stride: 2, activation: .elu)
      MaxPooling1D(3)
      Convolution1D(filters: 4, kernelSize: 3, padding: .same, groups: 2, activation: .tanh)
      Flatten()
      Dense(1)
    }
    let reference = AttributionReference.given(GoldenAttribution.references)
    let shared = try network.attributions(.deepSHAP(reference: reference, rule: .revealCancel), of: sequences)
    #expect(shared.residuals.allSatisfy { abs($0) < 1e-6 } && shared.residuals.count == sequences.count)
    let rescaled = try network.attributions(.deepSHAP(reference: reference), of: sequences)
    #expect(zip(shared.scores, rescaled.scores).contains { abs($0 - $1) > 1e-4 })
  }

  @Test func whatHasNoRuleIsNamed() throws {
    let network = Network(input: .dna(length: 8)) {
      Convolution1D(filters: 2, kernelSize: 3, activation: .relu)
      LayerNormalization()
      Flatten()
      Dense(1)
    }
    let error = #expect(throws: InputError.self) {
      try network.attributions(
        .deepSHAP(reference: .zeros, rule: .revealCancel),
        of: SequenceSet(codes: Array(repeating: 0, count: 8), starts: [0, 8]))
    }
    #expect(error?.reason.contains("layer 2") == true)
    // By the rescale rule this one has its values.
    let shares = Network(input: .dna(length: 8)) {
      Convolution1D(filters: 2, kernelSize: 3, activation: .relu)
      Flatten()
      Softmax()
    }
    let sequence = SequenceSet(codes: Array(repeating: 0, count: 8), starts: [0, 8])
    _ = try shares.attributions(.deepSHAP(reference: .zeros), of: sequence)
    let refused = #expect(throws: InputError.self) {
      try shares.attributions(.deepSHAP(reference: .zeros, rule: .revealCancel), of: sequence)
    }
    #expect(
      refused?.reason.contains("deepshap by reveal-cancel has rules for convolutions")
        == true)
  }

  /// One base, three outputs: T against C.
  @Test func softmaxSharesItsProduct() throws {
    var network = Network(input: .dna(length: 1)) {
      Convolution1D(filters: 3, kernelSize: 1)
      Flatten()
      Softmax()
    }
    // (base, filter), then biases.
    network.parameters = [0.7, -0.3, 0.1, -0.4, 0.9, 0.2, 0.2, 0.5, -0.8, 1.1, -0.6, 0.4, 0.1, -0.2, 0.3]
    var options = AttributionOptions()
    options.output = 1
    options.isHypothetical = true
    let found = try network.attributions(
      .deepSHAP(reference: .given(SequenceSet(codes: [1], starts: [0, 1]))),
      of: SequenceSet(codes: [3], starts: [0, 1]), options: options)
    let golden = [-0.2724409709919734, 0.0, -0.024891846201918033, -0.3796333049067149]
    for (value, expected) in zip(found.values, golden) { #expect(abs(Double(value) - expected) < 1e-6) }
    #expect(abs(found.residuals[0]) < 1e-6)
  }
}
