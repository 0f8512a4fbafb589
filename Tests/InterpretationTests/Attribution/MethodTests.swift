import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// Golden/methods.py
@Suite struct MethodTests {
  private let network: Network
  private let sequences = GoldenAttribution.sequences

  init() throws { network = try GoldenAttribution.network() }

  private func check(
    _ method: AttributionMethod, total: Double, picks: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let values = try network.attributions(method, of: sequences).values
    #expect(
      GoldenAttribution.agrees(values, total: total, picks: picks), "\(method.name)",
      sourceLocation: sourceLocation)
  }

  @Test func guidedBackpropagationIsCaptums() throws {
    try check(
      .guidedBackpropagation, total: 5.4468824,
      picks: [
        0, 0, 0, 0.00075207977, -0.035475425, -0.039258793, -0.024744723, 0, 0.017461333, 0, 0, 0,
      ])
  }

  @Test func hiddenBasesAreCaptums() throws {
    try check(
      .occlusion(window: 5), total: 0.50354919,
      picks: [
        -0.00098718703, -0.0019605558, 0, 0, 0, 0, 0, 0, 0.01062006, 0, 0, -0.00090385973,
      ])
    try check(
      .masking, total: 0.37577572,
      picks: [0, -0.00022894889, 0, 0, 0, 0, 0, 0, -0.0047522634, 0, 0, -0.00090385973])
  }

  @Test func smoothGradAgreesWithPyTorch() throws {
    try check(
      .smoothGrad(samples: 7, noise: 0.3), total: 0.99959037,
      picks: [
        0, 0.00039619146, 0.0010507406, 0.0011278605, 0.0048270146, 0.0039229281, -0.0031064791,
        0.00028743688,
        -0.0056648138, 0.00057554443, -1.7400429e-05, 0.0017578227,
      ])
    let plain = try network.attributions(.gradient, of: sequences)
    let still = try network.attributions(.smoothGrad(samples: 3, noise: 0), of: sequences)
    #expect(zip(plain.values, still.values).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func deletionsAndInsertionsAgreeWithPyTorch() throws {
    try check(
      .deletion, total: 0.78357246,
      picks: [0.0057600439, 0.0057600439, 0, 0, 0, 0, 0, 0, 0.0016976148, 0, 0, -0.00015069544])
    try check(
      .insertion, total: 3.4609411,
      picks: [
        -0.0057600439, -0.0057600439, -0.0057600439, -0.0057600439, -0.0048543289, -0.0048543289,
        0.0091868192,
        -0.0045115054, -0.0053411424, 0.0019609034, -0.003720656, -0.0083829314,
      ])
  }

  @Test func expectedGradientsAgreeWithPyTorch() throws {
    try check(
      .expectedGradients(reference: .given(GoldenAttribution.references)), total: 1.0831815,
      picks: [0, 0, 0, 0, 0, 0, 0, 0, -0.0078573991, 0, 0, 0])
  }

  /// Complete to 10⁻¹⁰, and what many steps come to.
  @Test func exactIntegralsAreComplete() throws {
    let separated = try PiecewiseNetwork(network.separatingActivations())
    for (index, target) in (0..<3).map({ ($0, Array(sequences[$0])) }) {
      for reference in [[UInt8](repeating: 4, count: 30), Array(GoldenAttribution.references[index])] {
        func rows(_ codes: [UInt8]) -> [Double] {
          codes.flatMap { code in (0..<4).map { $0 == code ? 1 : 0 } }
        }
        let (from, to) = (rows(reference), rows(target))
        let integral = try PiecewisePath(separated, output: 0, from: from, to: to).walk()
        let sum = from.indices.reduce(0.0) { $0 + (to[$1] - from[$1]) * integral.gradient[$1] }
        #expect(abs(sum - (integral.end - integral.start)) < 1e-10)
      }
    }
    let exact = try network.attributions(.exactIntegratedGradients(), of: sequences)
    let many = try network.attributions(.integratedGradients(steps: 5000), of: sequences)
    #expect(zip(exact.values, many.values).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(exact.residuals.allSatisfy { abs($0) < 1e-6 })
    let smooth = Network(input: .dna(length: 30), seed: 1) {
      Convolution1D(filters: 3, kernelSize: 5, activation: .sigmoid)
      GlobalMaxPooling1D()
      Dense(1)
    }
    #expect(throws: InputError.self) {
      try smooth.attributions(.exactIntegratedGradients(), of: sequences)
    }
  }

  /// With many references they are integrated gradients.
  @Test func expectedGradientsApproachTheIntegral() throws {
    let copies = 4000
    let zeros = SequenceSet(
      codes: [UInt8](repeating: Nucleotide.unknown, count: copies * 30), starts: (0...copies).map { $0 * 30 })
    let expected = try network.attributions(
      .expectedGradients(reference: .shared(zeros)), of: sequences.subset([0]))
    let integral = try network.attributions(.integratedGradients(steps: 1000), of: sequences.subset([0]))
    for (place, value) in integral.scores.enumerated() {
      #expect(abs(expected.scores[place] - value) <= 4 * expected.standardErrors[place] + 1e-5)
    }
  }

  @Test func referencesOfEveryKind() throws {
    let both = SequenceSet(
      codes: (0..<3).flatMap { index in
        Array(GoldenAttribution.references[index]) + Array(sequences[(index + 1) % 3])
      }, starts: (0...6).map { $0 * 30 })
    let pairs = try network.attributions(.deepSHAP(reference: .given(both, copies: 2)), of: sequences)
    let first = try network.attributions(
      .deepSHAP(reference: .given(GoldenAttribution.references)), of: sequences)
    let second = try network.attributions(
      .deepSHAP(reference: .given(sequences.subset([1, 2, 0]))), of: sequences)
    for place in pairs.values.indices {
      #expect(abs(pairs.values[place] - (first.values[place] + second.values[place]) / 2) < 1e-6)
    }
    let shared = try network.attributions(
      .deepSHAP(reference: .shared(GoldenAttribution.references)), of: sequences)
    #expect(shared.standardErrors.count == 90 && shared.residuals.allSatisfy { abs($0) < 1e-6 })
    // Sequences of G and C alone have such references, and uniform ones have all bases.
    let strong = SequenceSet(codes: (0..<30).map { UInt8(1 + $0 % 2) }, starts: [0, 30])
    let drawer = ReferenceSource.Drawer()
    let alike = try ReferenceSource(.composition(20), of: strong, seed: 1)
    #expect((0..<20).allSatisfy { alike.codes(0, copy: $0, by: drawer).allSatisfy { $0 == 1 || $0 == 2 } })
    let uniform = try ReferenceSource(.uniform(20), of: strong, seed: 1)
    #expect(Set((0..<20).flatMap { uniform.codes(0, copy: $0, by: drawer) }) == [0, 1, 2, 3])
    #expect(throws: InputError.self) {
      try network.attributions(.deepSHAP(reference: .given(both, copies: 3)), of: sequences)
    }
    #expect(throws: InputError.self) {
      try network.attributions(.deepSHAP(reference: .shared(SequenceSet())), of: sequences)
    }
  }

  @Test func whatMakesNoSenseIsRefused() {
    var options = AttributionOptions()
    options.isHypothetical = true
    for method in [AttributionMethod.occlusion(), .masking, .deletion] {
      #expect(throws: InputError.self) { try network.attributions(method, of: sequences, options: options) }
    }
    #expect(throws: InputError.self) { try network.attributions(.smoothGrad(samples: 0), of: sequences) }
    #expect(throws: InputError.self) { try network.attributions(.smoothGrad(noise: .nan), of: sequences) }
    #expect(throws: InputError.self) { try network.attributions(.occlusion(window: 0), of: sequences) }
  }

  @Test func otherMapsAgreeWithPyTorch() throws {
    let cases: [(ClassActivationMethod, Int, Double, [Double])] = [
      (
        .layerCAM, 0, 0.93869034,
        [
          0, 0.010853028, 0, 0, 0.0091464603, 0.01700506, 0, 0, 0, 0.0010174109, 0.0028228958, 0,
        ]
      ),
      (
        .ablationCAM, 0, 12.479866,
        [
          -0.30677041, -0.31858334, 0.019885417, 0.018410459, -0.058091316, -0.2668637, -0.14373802,
          0.02286673,
          0.28946576, 0.073617451, 0.011858029, 0.27201399,
        ]
      ),
      (
        .layerCAM, 2, 0.14602739, [0, 0, 0, 0.0089657856, 0, 0, 0, 0, 0, 0, 0, 0.033182628, 0, 0, 0]
      ),
      (
        .scoreCAM, 0, 15.404813,
        [
          0.3344149, 0.36211741, 0.057332896, 0.053080346, 0.10882688, 0.21407878, 0.34909898, 0.098050542,
          0.24897313, 0.041332282, 0.038118623, 0.19194382,
        ]
      ),
    ]
    for (method, layer, total, picks) in cases {
      let maps = try network.classActivationMaps(method, of: sequences, layer: layer, isRectified: false)
      #expect(
        GoldenAttribution.agrees(maps.units, total: total, picks: picks),
        "\(method.rawValue) of layer \(layer)")
    }
    #expect(throws: InputError.self) { try network.classActivationMaps(.cam, of: sequences, layer: 0) }
  }

  /// After the mean over positions, CAM is Grad-CAM times the number of positions.
  @Test func classActivationMapsOfAHead() throws {
    let network = Network(input: .dna(length: 30), seed: 5) {
      Convolution1D(filters: 7, kernelSize: 5, activation: .relu)
      GlobalAveragePooling1D()
      Dense(2)
    }
    let cam = try network.classActivationMaps(.cam, of: sequences, output: 1, isRectified: false)
    let gradient = try network.classActivationMaps(.gradCAM, of: sequences, output: 1, isRectified: false)
    #expect(cam.units.contains { $0 != 0 })
    for (one, other) in zip(cam.units, gradient.units) { #expect(abs(one - 26 * other) < 1e-5) }
  }
}
