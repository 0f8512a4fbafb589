import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Sequences
import Statistics
import Testing

@Suite struct FilterEnrichmentTests {
  private static let labels = (0..<30).map { UInt8(1 - $0 % 2) }

  /// Numbers of Golden/filter_enrichment.py.
  @Test func agreesWithScipy() throws {
    let motifs = try Golden.network(.valid).filterMotifs(of: Golden.sequences)
    let found = try FilterMotif.enrichment(motifs, in: Golden.sequences, labels: Self.labels)
    let expected = [
      (
        auroc: 0.5822222222222222, p: 0.22671857351229824, hits: 10, width: 28, inside: 10,
        central: 0.9160925087536925
      ),
      (
        auroc: 0.49333333333333335, p: 0.5330935384988775, hits: 2, width: 12, inside: 1,
        central: 0.9999991083376257
      ),
    ]
    for (enrichment, golden) in zip(found, expected) {
      let enrichment = try #require(enrichment)
      #expect(abs(enrichment.rank.auroc - golden.auroc) < 1e-12)
      #expect(abs(enrichment.rank.pValue - golden.p) < 1e-9)
      let central = try #require(enrichment.central)
      #expect(central.hits == golden.hits && central.hitsInRegion == golden.inside)
      #expect(central.regionWidth == golden.width)
      #expect(abs(central.pValue - golden.central) < 1e-9)
    }
    // Filter 2 has no motif; the q-values are over the two that have.
    #expect(found.count == 3 && found[2] == nil)
    #expect(abs(found[0]!.qValue - 2 * 0.22671857351229824) < 1e-9)
  }

  /// A filter that reads a word which stands in the middle of all positives and nowhere else.
  @Test func aPlantedWord() throws {
    let word = Nucleotide.codes("GATTACA")!
    var codes = randomSequences(80, length: 41, seed: 4).codes
    for index in stride(from: 1, to: 80, by: 2) {
      codes.replaceSubrange(index * 41 + 17..<index * 41 + 24, with: word)
    }
    let sequences = SequenceSet(codes: codes, starts: (0...80).map { $0 * 41 })
    let labels = (0..<80).map { UInt8($0 % 2) }
    var network = Network(input: .dna(length: 41)) {
      Convolution1D(filters: 1, kernelSize: 7, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    for i in 0..<28 { network.parameters[i] = Int(word[i / 4]) == i % 4 ? 1 : 0 }
    network.parameters[28] = -6
    let motifs = try network.filterMotifs(of: sequences)
    #expect(motifs[0].sites == 40 && motifs[0].frequencies.consensus() == "GATTACA")
    let enrichment = try #require(try FilterMotif.enrichment(motifs, in: sequences, labels: labels)[0])
    #expect(enrichment.rank.auroc == 1 && enrichment.rank.log10PValue < -13)
    let central = try #require(enrichment.central)
    #expect(central.regionWidth == 1 && central.hits == 40 && central.hitsInRegion == 40)
    // 35⁻⁴⁰, tried for 17 regions.
    #expect(abs(central.log10PValue - (log10(17) - 40 * log10(35))) < 1e-9)
  }

  @Test func withoutLabelsOfBothClasses() throws {
    let motifs = try Golden.network(.valid).filterMotifs(of: Golden.sequences)
    for labels in [[], [UInt8](repeating: 1, count: 30), [UInt8](repeating: 0, count: 30)] {
      #expect(
        try FilterMotif.enrichment(motifs, in: Golden.sequences, labels: labels).allSatisfy { $0 == nil })
    }
  }
}
