import Foundation
import Motifs
import Sequences
import Testing

private func close(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
}

@Suite struct OperationsTests {
  @Test("FOXO1's information by position, as published with the matrix") func informationContent() {
    let published = [0.09, 0.12, 0.25, 0.35, 1.75, 1.47, 1.16, 1.39, 0.92, 0.24, 0.87, 0.04]
    let bits = Motif.foxo1.frequencies.informationContent
    for (bit, expected) in zip(bits, published) { #expect(abs(bit - expected) < 0.005) }
    #expect(abs(bits.reduce(0, +) - 8.63) < 0.005)
  }

  @Test func smallSamples() {
    // e(n) = (4 − 1) / (2 ln 2 · n): 0.2164 bits for ten sites.
    #expect(abs(FrequencyMatrix.smallSampleCorrection(sites: 10) - 0.21640425613334452) < 1e-15)
    let counts = CountMatrix(rows: [[10, 0, 0, 0], [5, 5, 0, 0], [0, 0, 0, 0]])
    let bits = counts.informationContent
    #expect(abs(bits[0] - 1.7835957438666555) < 1e-12)
    #expect(abs(bits[1] - 0.7835957438666555) < 1e-12)
    #expect(bits[2] == 0)
    #expect(counts.frequencies().informationContent(sites: 10)[0] == bits[0])
  }

  @Test func relativeEntropy() {
    let matrix = FrequencyMatrix(rows: [[1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.4, 0.1, 0.1, 0.4]])
    let uniform = matrix.relativeEntropy()
    #expect(close(uniform, matrix.informationContent))
    let skewed = matrix.relativeEntropy(background: Background([0.4, 0.1, 0.1, 0.4]))
    #expect(abs(skewed[0] - log2(2.5)) < 1e-12)
    let expected = 0.5 * log2(0.25 / 0.4) + 0.5 * log2(0.25 / 0.1)
    #expect(abs(skewed[1] - expected) < 1e-12)
    #expect(abs(skewed[2]) < 1e-12)
  }

  @Test func trimming() throws {
    #expect(Motif.foxo1.frequencies.informativeRange() == 3..<11)
    #expect(Motif.foxo1.frequencies.informativeRange(minimumInformation: 1.4) == 4..<6)
    #expect(Motif.foxo1.frequencies.informativeRange(minimumInformation: 1.9).isEmpty)
    let trimmed = try #require(Motif.foxo1.trimmed(minimumInformation: 0.5))
    #expect(trimmed.width == 7)
    #expect(trimmed.counts?.row(0) == [3, 6, 7, 484])
    #expect(Motif.foxo1.trimmed(minimumInformation: 1.9) == nil)
  }

  @Test func otherStrand() {
    let reverse = Motif.foxo1.reverseComplement
    #expect(reverse.reverseComplement == .foxo1)
    #expect(reverse.counts?.row(0) == [167, 88, 132, 113])
    #expect(reverse.frequencies.consensus(.mostFrequent) == "AGTAAACAGGAA")
  }

  /// Cavener's rule by hand.
  @Test(arguments: [
    ([0.51, 0.25, 0.14, 0.1], "A"), ([0.51, 0.26, 0.13, 0.1], "M"), ([0.5, 0.25, 0.15, 0.1], "N"),
    ([0.4, 0.36, 0.14, 0.1], "M"), ([0, 0.4, 0.36, 0.24], "S"), ([0, 0.4, 0.3, 0.3], "B"),
    ([0.3, 0, 0.35, 0.35], "D"), ([0.1, 0.4, 0.1, 0.4], "Y"), ([0.25, 0.25, 0.25, 0.25], "N"),
    ([0, 0, 0, 1], "T"), ([0.5, 0.5, 0, 0], "M"), ([0.1, 0.1, 0.45, 0.35], "K"),
    ([0.45, 0.05, 0.05, 0.45], "W"),
    ([0.45, 0.05, 0.45, 0.05], "R"), ([0.4, 0.4, 0.2, 0], "M"), ([0.35, 0.35, 0.3, 0], "V"),
    ([0.35, 0.35, 0, 0.3], "H"),
  ])
  func consensus(row: [Double], letter: String) {
    #expect(FrequencyMatrix(rows: [row]).consensus() == letter)
  }

  @Test("equal shares that were rounded otherwise give the same letters") func consensusOfTies() {
    let above: Double = 0.5.nextUp
    let third: Double = 0.3.nextUp.nextUp
    #expect(FrequencyMatrix(rows: [[0.6, third, 0.05, 0.05]]).consensus() == "A")
    #expect(FrequencyMatrix(rows: [[above, 0.25, 0.125, 0.125]]).consensus() == "N")
    #expect(FrequencyMatrix(rows: [[third, 0.45, 0.15, 0.1]]).consensus() == "N")
    #expect(FrequencyMatrix(rows: [[0.35, 0.35, 1e-17, 0.3]]).consensus() == "H")
  }

  @Test func consensusOfFOXO1() {
    #expect(Motif.foxo1.frequencies.consensus(.mostFrequent) == "TTCCTGTTTACT")
    #expect(Motif.foxo1.frequencies.consensus() == "NNNYTGTTTNCN")
    #expect(FrequencyMatrix(rows: [[0.25, 0.25, 0.25, 0.25]]).consensus(.mostFrequent) == "A")
  }

  @Test func pseudocounts() {
    let counts = CountMatrix(rows: [[9, 1, 0, 0], [0, 0, 0, 0]])
    let background = Background([0.4, 0.1, 0.1, 0.4])
    let smoothed = counts.frequencies(pseudocount: 2, background: background)
    let expected: [Double] = [9.8, 1.2, 0.2, 0.8]
    #expect(close(smoothed.row(0), expected.map { $0 / 12 }))
    #expect(smoothed.row(1) == [0.4, 0.1, 0.1, 0.4])
    let again = FrequencyMatrix(rows: [[0.9, 0.1, 0, 0]]).smoothed(
      pseudocount: 2, sites: 10, background: background)
    #expect(close(again.row(0), smoothed.row(0)))
  }
}
