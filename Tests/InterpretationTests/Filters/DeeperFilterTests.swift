import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Testing

/// A convolution that answers 1 to GAT and 0 to everything else, and after it one filter that reads a single tap of it:
/// its sites are the windows with GAT at a known place.
@Suite struct DeeperFilterTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    var first = Convolution1D(filters: 2, kernelSize: 3, activation: .relu)
    var between: [Layer] = []
    var second = Convolution1D(filters: 1, kernelSize: 4, activation: .relu)
    /// Which tap of the second filter reads which channel.
    var tap = 1
    var channel = 0
    /// The window, by hand: its width, the step to the next, bases before the sequence.
    var width: Int
    var stride = 1
    var left = 0
    /// Where in the window one of the words must stand.
    var places: [Int]
    var words = ["GAT"]
  }

  static let cases: [Case] = [
    Case(description: "one after the other", width: 6, places: [1]),
    Case(description: "the last tap", tap: 3, width: 6, places: [3]),
    Case(
      description: "pooling", between: [.maxPooling1D(MaxPooling1D(2))], width: 10, stride: 2, places: [2, 3]),
    Case(
      description: "overlapping pooling",
      between: [.maxPooling1D(MaxPooling1D(3, stride: 2)), .dropout(Dropout(0.5))],
      width: 11, stride: 2, places: [2, 3, 4]),
    Case(
      description: "two poolings", between: Array(repeating: .maxPooling1D(MaxPooling1D(2)), count: 2),
      tap: 0,
      width: 18, stride: 4, places: [0, 1, 2, 3]),
    Case(
      description: "strides", first: Convolution1D(filters: 2, kernelSize: 3, stride: 2, activation: .relu),
      second: Convolution1D(filters: 1, kernelSize: 4, stride: 3, activation: .relu), tap: 2, width: 9,
      stride: 6,
      places: [4]),
    Case(
      description: "dilation",
      second: Convolution1D(filters: 1, kernelSize: 4, dilation: 3, activation: .relu),
      tap: 2, width: 12, places: [6]),
    Case(
      description: "same padding",
      first: Convolution1D(filters: 2, kernelSize: 3, padding: .same, activation: .relu),
      second: Convolution1D(filters: 1, kernelSize: 4, padding: .same, activation: .relu), tap: 3, width: 6,
      left: 2, places: [3]),
    Case(
      description: "same padding, strides, pooling",
      first: Convolution1D(filters: 2, kernelSize: 3, padding: .same, activation: .relu),
      between: [.maxPooling1D(MaxPooling1D(2))],
      // 20 units, 10 out: one zero on either side.
      second: Convolution1D(filters: 1, kernelSize: 4, stride: 2, padding: .same, activation: .relu), tap: 0,
      width: 10, stride: 4, left: 3, places: [0, 1]),
    Case(
      description: "the reverse strand's channel",
      first: Convolution1D(filters: 2, kernelSize: 3, reverseComplement: .concatenation, activation: .relu),
      channel: 2, width: 6, places: [1], words: ["ATC"]),
    Case(
      description: "the better strand",
      first: Convolution1D(filters: 2, kernelSize: 3, reverseComplement: .maximum, activation: .relu),
      width: 6,
      places: [1], words: ["GAT", "ATC"]),
  ]

  private static let length = 40
  private static let sequences = randomSequences(300, length: length, seed: 8)

  private func network(_ example: Case) throws -> Network {
    let layers: [Layer] =
      [.convolution1D(example.first)] + example.between + [
        .convolution1D(example.second), .globalMaxPooling1D, .dense(Dense(1)),
      ]
    let architecture = try Architecture(input: .dna(length: Self.length), layers: layers)
    var network = Network(architecture: architecture)
    for i in network.parameters.indices { network.parameters[i] = 0 }
    func set(_ layer: Int, _ role: TensorRole, _ values: [Int: Float]) {
      let tensor = architecture.tensor(layer, role)!
      for (place, value) in values { network.parameters[tensor.offset + place] = value }
    }
    // GAT; the other filter answers to everything, and nobody reads it.
    let gat: [Int: Float] = [2: 1, 4: 1, 11: 1]
    set(0, .kernel, Dictionary(uniqueKeysWithValues: gat.map { ($0 * 2, $1) }))
    set(0, .bias, [0: -2, 1: 1])
    let channels = architecture.shapes[0].channels
    set(layers.count - 3, .kernel, [example.tap * channels + example.channel: 1])
    return network
  }

  /// Counts from the description of the window alone.
  private func expected(_ example: Case, windows: Int) -> (sites: Int, counts: [[Double]]) {
    let words = example.words.map { Nucleotide.codes($0)! }
    var sites = 0
    var counts = [[Double]](repeating: [0, 0, 0, 0], count: example.width)
    for index in 0..<Self.sequences.count {
      let sequence = Array(Self.sequences[index])
      for window in 0..<windows {
        let start = window * example.stride - example.left
        let isSite = example.places.contains { place in
          let from = start + place
          return from >= 0 && from + 3 <= Self.length && words.contains(Array(sequence[from..<from + 3]))
        }
        guard isSite else { continue }
        sites += 1
        for position in 0..<example.width {
          let base = start + position
          if base >= 0, base < Self.length, sequence[base] < 4 { counts[position][Int(sequence[base])] += 1 }
        }
      }
    }
    return (sites, counts)
  }

  @Test(arguments: cases) func sitesAreKnown(_ example: Case) throws {
    let network = try network(example)
    let layer = network.architecture.layers.count - 3
    let expected = expected(example, windows: network.architecture.shapes[layer].length)
    #expect(expected.sites > 20)
    for rule in [FilterMotifRule.halfMax, .basset, .top(100_000)] {
      let motif = try network.filterMotifs(of: Self.sequences, layer: layer, rule: rule)[0]
      #expect(motif.sites == expected.sites, "\(rule.name)")
      #expect(motif.counts?.rows == expected.counts, "\(rule.name)")
    }
    let few = try network.filterMotifs(of: Self.sequences, layer: layer, rule: .top(20))[0]
    #expect(few.sites == 20 && few.frequencies.width == example.width)
    if example.words.count == 1, example.places.count == 1 {
      let place = example.places[0]
      for (row, base) in zip(few.counts!.rows[place...], Nucleotide.codes(example.words[0])!) {
        #expect(row[Int(base)] == 20)
      }
    }
  }

  /// A strided first convolution that scores both strands: its sites are those on the sequences and on their reverse
  /// complements.
  @Test(arguments: StrandMerge.allCases) func stridedFirstConvolution(_ merge: StrandMerge) throws {
    var example = Case(
      description: "", first: Convolution1D(filters: 2, kernelSize: 3, stride: 2, activation: .relu),
      width: 9,
      stride: 2, places: [0])
    let plain = try network(example)
    example.first.reverseComplement = merge
    let both = try network(example)
    var strands = SequenceSet()
    for index in 0..<Self.sequences.count { strands.append(Self.sequences[index]) }
    for index in 0..<Self.sequences.count {
      strands.append(Nucleotide.reverseComplement(Self.sequences[index]))
    }
    let motifs = try both.filterMotifs(of: Self.sequences)
    let expected = try plain.filterMotifs(of: strands)
    #expect(motifs.map(\.counts) == expected.map(\.counts))
    #expect(motifs[0].frequencies.consensus() == "GAT" && motifs[0].sites! > 20)
  }

  @Test func rulesThatReadWeights() throws {
    let network = try network(Self.cases[0])
    for rule in [FilterMotifRule.exactP(0.001), .softmax(0.001)] {
      #expect(throws: InputError.self) { try network.filterMotifs(of: Self.sequences, layer: 1, rule: rule) }
    }
    #expect(!network.readsWeights(1) && network.readsWeights(0))
    #expect(throws: InputError.self) { try network.filterMotifs(of: Self.sequences, layer: 2) }
  }
}
