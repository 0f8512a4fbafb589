import Foundation
import Motifs
import Runtime
import Sequences
import Testing

@Suite("Filters without data") struct KmerRuleTests {
  static func weights(_ width: Int) -> [Double] {
    var random = CounterRandom(seed: 5, purpose: .initialization, index: width)
    return (0..<4 * width).map { _ in 0.6 * random.uniform() - 0.35 }
  }

  /// Every k-mer with its probability and activation.
  static func kmers(_ weights: [Double], _ bias: Double, _ model: BackgroundModel)
    -> [(word: [Int], probability: Double, activation: Double)]
  {
    ScoreDistributionTests.words(weights.count / 4, model).map { word, probability in
      (word, probability, word.enumerated().reduce(bias) { $0 + weights[4 * $1.offset + $1.element] })
    }
  }

  static func frequencies(_ kmers: [(word: [Int], probability: Double, activation: Double)]) -> [Double] {
    let total = kmers.reduce(0) { $0 + $1.probability }
    var values = [Double](repeating: 0, count: 4 * kmers[0].word.count)
    for kmer in kmers {
      for (place, base) in kmer.word.enumerated() { values[4 * place + base] += kmer.probability / total }
    }
    return values
  }

  @Test(
    "exact-p is the frequency matrix of the k-mers above the cut", arguments: ScoreDistributionTests.models,
    [1, 4, 7])
  func exactSelection(model: BackgroundModel, width: Int) throws {
    // Weights on a coarse grid, so that rounding changes no activation.
    let weights = Self.weights(width).map { ($0 * 64).rounded() / 64 }
    let bias = -0.125
    let kmers = Self.kmers(weights, bias, model)
    let all = kmers.map(\.activation)
    let bins = Int((all.max()! - all.min()!) * 64)
    let filter = KmerScoreDistribution(weights: weights, bias: bias, background: model, bins: bins)
    #expect(filter.roundingError < 1e-12)
    for pValue in [1, 0.2, 0.01, 1e-3, 1e-9] {
      let selection = filter.exactSelection(pValue: pValue)
      let selected = kmers.filter { $0.activation >= selection.cut - 1e-9 }
      let probability = selected.reduce(0) { $0 + $1.probability }
      #expect(abs(selection.probability - probability) < 1e-12)
      #expect(probability <= pValue + 1e-12 || selection.cut >= all.max()! - 1e-9)
      let mean = selected.reduce(0) { $0 + $1.probability * $1.activation } / probability
      #expect(abs(selection.meanActivation - mean) < 1e-9)
      for (value, expected) in zip(selection.frequencies.values, Self.frequencies(selected)) {
        #expect(abs(value - expected) < 1e-9)
      }
      // The same cut, given as an activation.
      let again = try #require(filter.exactSelection(activation: selection.cut))
      #expect(again == selection)
    }
    #expect(filter.exactSelection(activation: all.max()! + 0.1) == nil)
    #expect(abs(try #require(filter.exactSelection(activation: -100)).probability - 1) < 1e-12)
  }

  @Test("rounded weights keep p-values between their bounds and the matrix close")
  func rounding() {
    let weights = Self.weights(8)
    let kmers = Self.kmers(weights, 0.3, .uniform)
    let filter = KmerScoreDistribution(weights: weights.map(Float.init), bias: 0.3, bins: 4000)
    let exact = { (cut: Double) in kmers.reduce(0) { $0 + ($1.activation >= cut ? $1.probability : 0) } }
    for pValue in [0.3, 0.01, 1e-3] {
      let selection = filter.exactSelection(pValue: pValue)
      let bounds = filter.pValueBounds(ofActivation: selection.cut)
      #expect(bounds.lowerBound <= exact(selection.cut) && exact(selection.cut) <= bounds.upperBound)
      #expect(bounds.upperBound - bounds.lowerBound < 0.05 * pValue + 1e-3)
      let expected = Self.frequencies(kmers.filter { $0.activation >= selection.cut })
      for (value, expected) in zip(selection.frequencies.values, expected) {
        #expect(abs(value - expected) < 0.02)
      }
    }
    #expect(abs(filter.mean - kmers.reduce(0) { $0 + $1.probability * $1.activation }) < filter.roundingError)
    #expect(filter.range.upperBound >= kmers.map(\.activation).max()! - 1e-6)
  }

  @Test("a filter without weights selects the background")
  func constant() {
    let background = BackgroundModel(Background([0.1, 0.2, 0.3, 0.4]))
    let filter = KmerScoreDistribution(
      weights: [Double](repeating: 0, count: 12), bias: 2, background: background)
    let selection = filter.exactSelection(pValue: 0.001)
    #expect(selection.probability == 1 && abs(selection.cut - 2) < 1e-12)
    for (value, expected) in zip(selection.frequencies.values, (0..<3).flatMap { _ in background.initial }) {
      #expect(abs(value - expected) < 1e-12)
    }
  }

  @Test("softmax: scaled activation is the log-likelihood ratio plus a constant", arguments: [0.5, 1, 30])
  func softmax(scale: Double) {
    let background = Background([0.3, 0.2, 0.1, 0.4])
    let weights = Self.weights(5)
    let motif = SoftmaxMotif(weights: weights, bias: 0.7, background: background, scale: scale)
    for kmer in Self.kmers(weights, 0.7, BackgroundModel(background)) {
      let ratio = kmer.word.enumerated().reduce(0) {
        $0 + log(motif.frequencies[$1.offset, $1.element] / background[$1.element])
      }
      #expect(abs(scale * kmer.activation - ratio - motif.offset) < 1e-9 * scale)
    }
    for row in motif.frequencies.rows { #expect(abs(row.reduce(0, +) - 1) < 1e-12) }
  }

  @Test("softmax with λ fitted to the sites of exact-p")
  func fitted() throws {
    let weights = Self.weights(8)
    let filter = KmerScoreDistribution(weights: weights, bias: 0.1)
    let selection = filter.exactSelection(pValue: 0.01)
    let motif = try #require(
      SoftmaxMotif(weights: weights, bias: 0.1, meanActivation: selection.meanActivation))
    #expect(abs(motif.meanActivation - selection.meanActivation) < 1e-9)
    // Of all distributions with that mean the nearest to the background: the selection is farther.
    let information = { (matrix: FrequencyMatrix) in matrix.informationContent.reduce(0, +) }
    #expect(information(motif.frequencies) <= -log2(selection.probability))
    #expect(abs(information(motif.frequencies) - information(selection.frequencies)) < 1)
    #expect(SoftmaxMotif(weights: weights, bias: 0.1, meanActivation: filter.range.upperBound + 1) == nil)
    #expect(SoftmaxMotif(weights: weights, bias: 0.1, meanActivation: filter.mean - 1) == nil)
  }
}
