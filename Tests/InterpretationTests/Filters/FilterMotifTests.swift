import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// The sequences and weights of Golden/filter_motifs.py.
enum Golden {
  static let sequences: SequenceSet = {
    var codes = (0..<1200).map { (i: Int) -> UInt8 in
      let mixed: Int = i * i * 31 + i * 17 + (i >> 3) * 5 + (i >> 5) * 3
      return UInt8(mixed % 97 % 4)
    }
    for unknown in [5, 6, 777] { codes[unknown] = 4 }
    return SequenceSet(codes: codes, starts: (0...30).map { $0 * 40 })
  }()

  static func network(_ padding: Padding, activation: Activation = .relu) throws -> Network {
    let architecture = try Architecture(
      input: .dna(length: 40),
      layers: [
        .convolution1D(
          Convolution1D(filters: 3, kernelSize: 7, padding: padding, activation: activation)),
        .globalMaxPooling1D, .dense(Dense(1)),
      ])
    var network = Network(architecture: architecture)
    for i in 0..<84 { network.parameters[i] = Float((i * 29 + 3) % 23 - 11) / 16 }
    network.parameters.replaceSubrange(84..<87, with: [-1, 0.25, -9])
    return network
  }
}

@Suite struct FilterMotifTests {
  /// One line of Golden/filter_motifs.py.
  struct Line: Sendable, CustomStringConvertible {
    let padding: Padding
    let filter: Int
    let rule: String
    let sites: Int
    let counts: [[Double]]
    var bits = 0.0
    var description: String { "\(padding) filter\(filter) \(rule)" }
  }

  static let lines = [
    Line(
      padding: .valid, filter: 0, rule: "half-max", sites: 27,
      counts: [
        [0, 19, 7, 1], [1, 0, 6, 20], [3, 0, 22, 2], [4, 0, 2, 21], [6, 20, 1, 0], [20, 6, 1, 0],
        [10, 14, 3, 0],
      ]),
    Line(
      padding: .valid, filter: 0, rule: "basset", sites: 24,
      counts: [
        [0, 16, 7, 1], [1, 0, 3, 20], [0, 0, 22, 2], [1, 0, 2, 21], [6, 17, 1, 0], [17, 6, 1, 0],
        [7, 14, 3, 0],
      ], bits: 4.891248868),
    Line(
      padding: .valid, filter: 0, rule: "top-25", sites: 25,
      counts: [
        [0, 17, 7, 1], [1, 0, 4, 20], [1, 0, 22, 2], [2, 0, 2, 21], [6, 18, 1, 0], [18, 6, 1, 0],
        [8, 14, 3, 0],
      ]),
    Line(
      padding: .valid, filter: 1, rule: "half-max", sites: 137,
      counts: [
        [21, 2, 88, 26], [47, 15, 18, 56], [62, 42, 19, 13], [68, 27, 30, 12], [52, 40, 35, 10],
        [6, 63, 45, 22], [9, 61, 48, 19],
      ]),
    Line(
      padding: .valid, filter: 1, rule: "top-25", sites: 25,
      counts: [
        [0, 0, 18, 7], [4, 0, 3, 18], [12, 13, 0, 0], [18, 5, 0, 2], [11, 7, 7, 0], [0, 10, 10, 5],
        [2, 14, 8, 1],
      ]),
    Line(
      padding: .valid, filter: 2, rule: "half-max", sites: 0,
      counts: Array(repeating: [0, 0, 0, 0], count: 7)),
    Line(
      padding: .same, filter: 0, rule: "half-max", sites: 28,
      counts: [
        [0, 19, 7, 1], [1, 0, 6, 21], [3, 0, 23, 2], [4, 0, 2, 22], [6, 21, 1, 0], [21, 6, 1, 0],
        [10, 15, 3, 0],
      ]),
    Line(
      padding: .same, filter: 1, rule: "basset", sites: 68,
      counts: [
        [7, 0, 46, 10], [20, 5, 7, 32], [29, 29, 5, 1], [45, 11, 10, 2], [30, 21, 15, 2], [2, 30, 24, 12],
        [4, 32, 23, 8],
      ], bits: 2.490014192),
    Line(
      padding: .same, filter: 1, rule: "top-25", sites: 25,
      counts: [
        [0, 0, 18, 7], [4, 0, 3, 18], [12, 13, 0, 0], [18, 5, 0, 2], [11, 7, 7, 0], [0, 10, 10, 5],
        [2, 14, 8, 1],
      ]),
  ]

  @Test(arguments: lines) func agreesWithNumpy(_ line: Line) throws {
    let motifs = try Golden.network(line.padding).filterMotifs(
      of: Golden.sequences, rule: FilterMotifRule(name: line.rule))
    let motif = motifs[line.filter]
    #expect(motif.sites == line.sites)
    #expect(motif.counts?.rows == line.counts)
    #expect(motif.hasMotif == (line.sites > 0))
    if line.rule == "basset" { #expect(abs(motif.totalInformation - line.bits) < 1e-8) }
    #expect(motif.frequencies.rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 })
  }

  @Test func activityAgreesWithNumpy() throws {
    let activity = try Golden.network(.valid).filterActivity(of: Golden.sequences)
    #expect(activity.maximum == [2.0625, 3.0625, 0])
    #expect(activity.minimum == [0, 0, 0])
    #expect(abs(activity.mean[0] - 0.106004902) < 1e-8)
    #expect(abs(activity.fractionOfPositions(1) - 0.6303921569) < 1e-9)
    #expect(activity.fractionOfSequences(2) == 0)
    #expect(activity.sequenceMaxima.count == 90)
    let same = try Golden.network(.same).filterActivity(of: Golden.sequences)
    #expect(abs(same.mean[1] - 0.60046875) < 1e-7)
  }

  @Test(arguments: FilterMotifRule.all) func threadsChangeNothing(_ rule: FilterMotifRule) throws {
    var random = CounterRandom(seed: 3, purpose: .simulation)
    let codes = (0..<500 * 40).map { _ in UInt8(random.below(4)) }
    let sequences = SequenceSet(codes: codes, starts: (0...500).map { $0 * 40 })
    let network = Network(input: .dna(length: 40), seed: 1) {
      Convolution1D(filters: 20, kernelSize: 8, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    let one = try network.filterMotifs(of: sequences, rule: rule, threads: 1)
    let three = try network.filterMotifs(of: sequences, rule: rule, threads: 3)
    for (a, b) in zip(one, three) {
      #expect(a.counts == b.counts && a.sites == b.sites && a.mean == b.mean && a.maximum == b.maximum)
    }
    #expect(one.contains { $0.hasMotif && $0.sites ?? 11 > 10 })
  }

  /// An activation after the layer, or one that is no ReLU, is what rules see.
  @Test func activationsOtherThanReLU() throws {
    let linear = try Golden.network(.valid, activation: .linear)
    let layers = linear.architecture.layers
    let after = Network(
      architecture: try Architecture(
        input: linear.architecture.input,
        layers: [layers[0], .activation(ActivationLayer(.relu))] + layers[1...]),
      parameters: linear.parameters)
    let relu = try Golden.network(.valid).filterMotifs(of: Golden.sequences)
    #expect(try after.filterMotifs(of: Golden.sequences).map(\.counts) == relu.map(\.counts))
    let raw = try linear.filterActivity(of: Golden.sequences)
    let squashed = try Golden.network(.valid, activation: .sigmoid).filterActivity(of: Golden.sequences)
    for filter in 0..<3 {
      let expected = Activation.sigmoid.value(Double(raw.maximum[filter]))
      #expect(abs(Double(squashed.maximum[filter]) - expected) < 1e-6)
    }
  }

  /// Rules that look at weights only: the best k-mers under exact-p, and softmax's mean activation the same as theirs.
  @Test func rulesWithoutData() throws {
    let network = try Golden.network(.valid)
    let filter = try network.filter(1)
    let best = filter.weights.map { row in row.max()! }
    let exact = try network.filterMotifs(of: Golden.sequences, rule: .exactP(1e-9))[1]
    for (row, (weights, top)) in zip(exact.frequencies.rows, zip(filter.weights, best)) {
      for base in 0..<4 where weights[base] < top { #expect(row[base] == 0) }
    }
    #expect(exact.sites == nil && exact.counts == nil && exact.hasMotif)
    let wide = try network.filterMotifs(of: Golden.sequences, rule: .exactP(0.01))[1]
    let soft = try network.filterMotifs(of: Golden.sequences, rule: .softmax(0.01))[1]
    func mean(_ motif: FilterMotif) -> Double {
      zip(motif.frequencies.values, filter.weights.joined()).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    #expect(abs(mean(wide) - mean(soft)) < 1e-6)
    // Filter 2 cannot be activated by any DNA.
    #expect(try !network.filterMotifs(of: Golden.sequences, rule: .exactP(0.01))[2].hasMotif)
  }

  /// Where the first layer scores both strands, its sites are those of the plain layer on both strands.
  @Test(arguments: StrandMerge.allCases, FilterMotifRule.all) func bothStrands(
    _ merge: StrandMerge, _ rule: FilterMotifRule
  ) throws {
    let plain = try Golden.network(.valid)
    guard case .convolution1D(var convolution) = plain.architecture.layers[0].kind else { return }
    convolution.reverseComplement = merge
    let architecture = try Architecture(
      input: plain.architecture.input,
      layers: [.convolution1D(convolution), .globalMaxPooling1D, .dense(Dense(1))])
    let network = Network(
      architecture: architecture,
      parameters: plain.parameters[..<87] + Array(repeating: 0.5, count: architecture.parameterCount - 87))
    var both = Golden.sequences
    for index in 0..<30 { both.append(Nucleotide.reverseComplement(Golden.sequences[index])) }
    let motifs = try network.filterMotifs(of: Golden.sequences, rule: rule)
    let expected = try plain.filterMotifs(of: both, rule: rule)
    #expect(motifs.map(\.frequencies) == expected.map(\.frequencies))
    #expect(motifs.map(\.sites) == expected.map(\.sites) && motifs.map(\.mean) == expected.map(\.mean))
    #expect(try network.activationCorrelation(of: Golden.sequences) == plain.activationCorrelation(of: both))
  }

  /// A normalization after the convolution is part of its filters: the activity is that of the layer after it.
  @Test func normalizationIsPartOfTheFilter() throws {
    var network = Network(input: .dna(length: 40), seed: 4) {
      Convolution1D(filters: 5, kernelSize: 7, useBias: false)
      BatchNormalization()
      ActivationLayer(.relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    network.perturbBiases(seed: 3)
    network.parameters[network.architecture.tensor(1, .scale)!.offset + 2] = -0.75
    let folded = network.foldingNormalization()
    let logits = try zip(network.logits(of: Golden.sequences), folded.logits(of: Golden.sequences))
    #expect(logits.allSatisfy { abs($0 - $1) < 1e-5 })
    let activity = try network.filterActivity(of: Golden.sequences)
    let activations = try network.trace(of: Golden.sequences) { trace, _ in trace.output(layer: 2) }.flatMap {
      $0
    }
    for filter in 0..<5 {
      let values = stride(from: filter, to: activations.count, by: 5).map { activations[$0] }
      #expect(abs(activity.maximum[filter] - values.max()!) < 1e-5)
      #expect(activity.activePositions[filter] == values.filter { $0 > 0 }.count)
    }
    #expect(try network.filterMotifs(of: Golden.sequences).contains { $0.hasMotif })
  }

  @Test func trimmingTakesEndsOff() throws {
    let motif = try Golden.network(.valid).filterMotifs(of: Golden.sequences, rule: .halfMax)[1]
    let bits = motif.informationContent
    let range = try #require(motif.trimmed(below: 0.3))
    #expect(bits[range.lowerBound] >= 0.3 && bits[range.upperBound - 1] >= 0.3)
    #expect(
      bits[..<range.lowerBound].allSatisfy { $0 < 0.3 } && bits[range.upperBound...].allSatisfy { $0 < 0.3 })
    #expect(range.count < bits.count)
    #expect(motif.motif(trim: 0.3)?.width == range.count)
    #expect(motif.motif(trim: 2.1) == nil)
    #expect(motif.motif()?.identifier == "filter1")
  }

  @Test func wrongInputIsRefused() throws {
    #expect(throws: InputError.self) { try FilterMotifRule(name: "top-0") }
    #expect(throws: InputError.self) { try FilterMotifRule(name: "best") }
    #expect(try FilterMotifRule(name: "top-n") == .top(100))
    let short = SequenceSet(codes: [0, 1, 2], starts: [0, 3])
    #expect(throws: InputError.self) { try Golden.network(.valid).filterMotifs(of: short) }
  }
}
