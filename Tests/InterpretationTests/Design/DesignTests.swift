import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Testing

@Suite struct DesignTests {
  private let network: Network
  private let sequences = GoldenAttribution.sequences

  init() throws { network = try GoldenAttribution.network() }

  @Test func aUnitIsWhatTheLayerHasThere() throws {
    for (layer, channel, position) in [(0, 3, 7), (2, 4, 5), (4, 1, 0)] {
      let unit = try network.unit(layer: layer, channel: channel, position: position)
      let channels = network.architecture.shapes[layer].channels
      let activations = try network.trace(of: sequences, blockSize: 1) { trace, _ in
        trace.output(layer: layer)[position * channels + channel]
      }
      for (value, activation) in try zip(unit.logits(of: sequences), activations) {
        #expect(abs(max(value, 0) - activation) < 1e-6)
      }
    }
    #expect(throws: InputError.self) { try network.unit(layer: 0, channel: 6) }
    #expect(throws: InputError.self) { try network.unit(layer: 9, channel: 0) }
    #expect(throws: InputError.self) { try network.unit(layer: 0, channel: 0, position: 26) }
  }

  /// Against all 1,024 words.
  @Test(arguments: 0..<6) func noWordIsBetterThanWhatAFilterWants(_ filter: Int) throws {
    let wanted = try FilterPreference(network, filter: filter)
    let found = try network.filter(filter)
    let (weights, bias) = (found.weights, found.bias)
    func score(_ word: Int) -> Double {
      (0..<5).reduce(Double(bias)) { $0 + Double(weights[$1][word >> (2 * $1) & 3]) }
    }
    let scores = (0..<1024).map(score)
    #expect(abs(wanted.score - scores.max()!) < 1e-6)
    let word = wanted.codes.enumerated().reduce(0) { $0 | Int($1.element) << (2 * $1.offset) }
    #expect(abs(score(word) - wanted.score) < 1e-6)
    // The mean score over the distribution lies half-way between that of all words and the best.
    let rows = wanted.frequencies.rows
    let mean = (0..<1024).reduce(0.0) { sum, word in
      sum + scores[word] * (0..<5).reduce(1.0) { $0 * rows[$1][word >> (2 * $1) & 3] }
    }
    #expect(abs(mean - (wanted.score + scores.reduce(0, +) / 1024) / 2) < 1e-6)
  }

  @Test func ascentEndsWhereNoBaseIsBetter() throws {
    let designs = try network.designs(from: sequences)
    for (index, design) in designs.enumerated() {
      #expect(design.start == Array(sequences[index]))
      #expect(design.after >= design.before)
      let neighbors = (0..<30).flatMap { position in
        (0..<4).flatMap { base in
          var codes = design.codes
          codes[position] = UInt8(base)
          return codes
        }
      }
      let around = try network.logits(of: SequenceSet(codes: neighbors, starts: (0...120).map { $0 * 30 }))
      #expect(around.allSatisfy { Double($0) <= design.after + 1e-7 })
    }
    #expect(designs.allSatisfy { $0.after > $0.before + 0.02 })
  }

  /// A beam that keeps every single change finds the best of all 4,005 pairs of them.
  @Test func aWideBeamIsExhaustive() throws {
    let designs = try network.designs(
      from: sequences,
      options: options {
        $0.beam = 90
        $0.maximumEdits = 2
      })
    for (index, design) in designs.enumerated() {
      var changed: [[UInt8]] = []
      for (first, second) in (0..<30).flatMap({ a in (a + 1..<30).map { (a, $0) } }) {
        for pair in 0..<16 {
          var codes = Array(sequences[index])
          codes[first] = UInt8(pair / 4)
          codes[second] = UInt8(pair % 4)
          changed.append(codes)
        }
      }
      let set = SequenceSet(codes: changed.flatMap { $0 }, starts: (0...changed.count).map { $0 * 30 })
      #expect(try abs(Double(network.logits(of: set).max()!) - design.after) < 1e-6)
    }
  }

  private func options(_ change: (inout DesignOptions) -> Void) -> DesignOptions {
    var options = DesignOptions()
    change(&options)
    return options
  }

  @Test func whatIsKeptStaysAndEditsAreCounted() throws {
    let fixed = Set(5..<20)
    for design in try network.designs(
      from: sequences,
      options: options {
        $0.fixed = fixed
        $0.maximumEdits = 3
        $0.beam = 4
      })
    {
      #expect(fixed.allSatisfy { design.codes[$0] == design.start[$0] })
      #expect(design.edits <= 3)
      #expect(design.after >= design.before)
    }
    for design in try network.designs(from: sequences, options: options { $0.isLowered = true }) {
      #expect(design.after <= design.before)
    }
    let one = try network.designs(from: sequences, threads: 1).map(\.codes)
    #expect(try network.designs(from: sequences, threads: 3).map(\.codes) == one)
    #expect(throws: InputError.self) {
      try network.designs(from: sequences, options: options { $0.output = 1 })
    }
    #expect(throws: InputError.self) {
      try network.designs(from: sequences, options: options { $0.beam = 0 })
    }
  }

  /// With one change the best of all 90.
  @Test func theFirstChangeIsTheBest() throws {
    let designs = try network.designs(from: sequences, options: options { $0.maximumEdits = 1 })
    let effects = try network.attributions(
      .mutagenesis, of: sequences,
      options: {
        var options = AttributionOptions()
        options.isHypothetical = true
        return options
      }())
    for (index, design) in designs.enumerated() {
      var best = 0.0
      for position in 0..<30 {
        let present = effects[index, Int(sequences[index][index * 30 + position]), position]
        for base in 0..<4 { best = max(best, Double(effects[index, base, position] - present)) }
      }
      #expect(abs(design.after - design.before - best) < 1e-6)
    }
  }
}
