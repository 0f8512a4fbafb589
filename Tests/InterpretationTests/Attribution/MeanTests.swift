import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// Golden/means.py
@Suite struct MeanTests {
  private let network: Network
  private let sequences = GoldenAttribution.sequences

  init() throws { network = try GoldenAttribution.network() }

  private func attributions(_ explainer: AveragedExplainer, _ method: AttributionMethod) throws
    -> Attributions
  {
    guard case .attributions(let found) = try explainer.explanation(.attribution(method), of: sequences)
    else { throw InputError("no attributions") }
    return found
  }

  @Test func bothStrandsAgreeWithPyTorch() throws {
    let mean = try attributions(AveragedExplainer([network], bothStrands: true), .gradient)
    #expect(
      GoldenAttribution.agrees(
        mean.values, total: 2.2589596,
        picks: [
          0, 0.0040189358, 0.01217982, 0.0066929585, -0.007704509, -0.0073268707, -0.0064064022, 0.012959241,
          -0.01425452, -0.0013438449, -0.008533814, -0.0045382567,
        ]))
    #expect(mean.codes == sequences.codes && mean.spreads.isEmpty)
  }

  @Test func shiftsAgreeWithPyTorch() throws {
    let mean = try attributions(AveragedExplainer([network], shift: 1), .gradient)
    #expect(
      GoldenAttribution.agrees(
        mean.values, total: 1.188942,
        picks: [
          0, 0.0026792905, 0.0067547285, 0.0004409425, -0.0051363395, -0.00328887, 0.00037200449, 0,
          -0.010342836, -0.0043589314, -0.0025446916, 0.001900983,
        ]))
  }

  @Test func severalNetworksHaveTheirMeanAndSpread() throws {
    let other = Network(
      architecture: network.architecture, parameters: network.parameters.map { $0 * 1.25 })
    let method = AttributionMethod.deepSHAP(reference: .dinucleotideShuffles(4))
    let mean = try attributions(AveragedExplainer([network, other]), method)
    let (a, b) = (
      try network.attributions(method, of: sequences), try other.attributions(method, of: sequences)
    )
    for place in mean.values.indices {
      #expect(abs(mean.values[place] - (a.values[place] + b.values[place]) / 2) < 1e-6)
    }
    for place in mean.spreads.indices {
      #expect(
        abs(mean.spreads[place] - abs(a.scores[place] - b.scores[place]) / Float(2).squareRoot()) < 1e-5)
      let error =
        (a.standardErrors[place] * a.standardErrors[place]
        + b.standardErrors[place] * b.standardErrors[place]).squareRoot() / 2
      #expect(abs(mean.standardErrors[place] - error) < 1e-6)
    }
    #expect(mean.spreads.contains { $0 > 1e-4 } && mean.spreads.count == sequences.codes.count)
    #expect(mean.residuals.allSatisfy { abs($0) < 1e-5 })
    #expect(throws: InputError.self) { try AveragedExplainer([]) }
    #expect(throws: InputError.self) { try AveragedExplainer([network], shift: 30) }
  }

  /// References of a sequence that is read backwards are read backwards too, so a network that scores both strands alike gives
  /// the same values whichever it reads.
  @Test func referencesAreReadAsTheSequences() throws {
    var symmetric = Network(input: .dna(length: 30)) {
      Convolution1D(filters: 4, kernelSize: 6, reverseComplement: .maximum, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    for place in symmetric.parameters.indices { symmetric.parameters[place] = Float(sine(Double(place) + 1)) }
    for reference in [
      AttributionReference.given(GoldenAttribution.references), .frequencies([0.4, 0.1, 0.2, 0.3]),
    ] {
      let method = AttributionMethod.integratedGradients(reference: reference)
      let plain = try symmetric.attributions(method, of: sequences)
      let mean = try attributions(AveragedExplainer([symmetric], bothStrands: true), method)
      #expect(zip(plain.values, mean.values).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func mapsHaveAMeanWithoutUnits() throws {
    let explainer = try AveragedExplainer([network], bothStrands: true)
    let plain = try network.classActivationMaps(.hiResCAM, of: sequences)
    let backward = SequenceSet(
      codes: (0..<3).flatMap { Nucleotide.reverseComplement(sequences[$0]) }, starts: sequences.starts)
    let turned = try network.classActivationMaps(.hiResCAM, of: backward)
    guard case .maps(let mean) = try explainer.explanation(.classActivation(.hiResCAM), of: sequences) else {
      throw InputError("no maps")
    }
    #expect(mean.units.isEmpty)
    for index in 0..<3 {
      for position in 0..<30 {
        let expected =
          (plain.values[index * 30 + position] + turned.values[index * 30 + 29 - position]) / 2
        #expect(abs(mean.values[index * 30 + position] - expected) < 1e-6)
      }
    }
  }

  @Test func baseFrequenciesAreCaptumsBaseline() throws {
    let method = AttributionMethod.integratedGradients(reference: .frequencies([0.3, 0.2, 0.15, 0.35]))
    let found = try network.attributions(method, of: sequences)
    #expect(
      GoldenAttribution.agrees(
        found.values, total: 0.38003304,
        picks: [0, 0.0073855794, 0, 0, 0, 0, 0, 0, -0.0061980151, 0, 0, 0.00084068667]))
    let rescaled = try network.attributions(
      .deepSHAP(reference: .frequencies([0.3, 0.2, 0.15, 0.35])), of: sequences)
    #expect(rescaled.residuals.allSatisfy { abs($0) < 1e-5 })
    for numbers: [Float] in [[0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [1.5, -0.5, 0, 0]] {
      #expect(throws: InputError.self) {
        try network.attributions(.deepSHAP(reference: .frequencies(numbers)), of: sequences)
      }
    }
  }

  @Test func dependenciesAreBruteForces() throws {
    let map = try network.dependencies(of: sequences[0])
    #expect(
      GoldenAttribution.agrees(
        map, total: 6.1927758,
        picks: [
          0, -0.0029326528, -0.012988515, -0.009227924, 0.0055044293, 0.031897552, -0.010198176,
          0.0031775385, 0.0057600364, 0, 0, 0.0014436468,
        ]))
    var unknown = Array(sequences[0])
    unknown[4] = Nucleotide.unknown
    let holed = try network.dependencies(of: unknown)
    #expect((0..<30).allSatisfy { holed[4 * 30 + $0] == 0 && holed[$0 * 30 + 4] == 0 })
    #expect(throws: InputError.self) { try network.dependencies(of: sequences[0].dropLast()) }
    #expect(throws: InputError.self) { try network.dependencies(of: sequences[0], output: 1) }
  }
}
