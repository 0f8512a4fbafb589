import Foundation
import Motifs
import Sequences
import Testing

@Suite("Score distribution") struct ScoreDistributionTests {
  static let models: [BackgroundModel] = [
    .uniform, BackgroundModel(Background([0.3, 0.2, 0.15, 0.35])),
    BackgroundModel(dinucleotides: [9, 4, 6, 7, 6, 5, 1, 6, 5, 4, 5, 5, 6, 5, 7, 9]),
  ]

  /// Every word of `width` bases with its probability.
  static func words(_ width: Int, _ model: BackgroundModel) -> [(word: [Int], probability: Double)] {
    (0..<1 << (2 * width)).map { number in
      let word = (0..<width).map { number >> (2 * $0) & 3 }
      var probability = model.initial[word[0]]
      for place in 1..<width { probability *= model.transitions[4 * word[place - 1] + word[place]] }
      return (word, probability)
    }
  }

  @Test("is that of all words", arguments: models, [false, true])
  func enumeration(model: BackgroundModel, forbidden: Bool) {
    let step = 0.25
    let weights = ScanCases.weights(width: 6, seed: 11, forbidden: forbidden)
    let distribution = ScoreDistribution(weights, background: model, step: step)
    let scored = Self.words(6, model).map { word, probability in
      (
        units: word.enumerated().reduce(0) { $0 + (weights[$1.offset, $1.element] / step).rounded() },
        score: word.enumerated().reduce(0) { $0 + weights[$1.offset, $1.element] }, probability: probability
      )
    }
    func total(_ isIn: (Double, Double) -> Bool) -> Double {
      scored.reduce(0) { $0 + (isIn($1.units, $1.score) ? $1.probability : 0) }
    }
    for units in -110...70 {
      let exact = total { all, _ in all >= Double(units) }
      #expect(abs(distribution.pValue(units: units) - exact) < 1e-12)
      // Bounds for full weights, at a score that some word has and at any other.
      for score in [scored[abs(units) * 37].score, Double(units) * 0.2501] where score > -.infinity {
        let exact = total { _, all in all >= score }
        let bounds = distribution.pValueBounds(ofScore: score)
        #expect(bounds.lowerBound <= exact + 1e-12 && exact <= bounds.upperBound + 1e-12)
        #expect(distribution.pValue(ofScore: score) == bounds.upperBound)
      }
    }
    for pValue in [1, 0.5, 0.1, 0.01, 0.001, 1e-9] {
      guard let units = distribution.units(forPValue: pValue) else {
        let best = scored.map(\.units).max()!
        #expect(total { all, _ in all == best } > pValue)
        continue
      }
      #expect(total { all, _ in all >= Double(units) } <= pValue + 1e-12)
      #expect(total { all, _ in all == Double(units) } > 0)
      // The next lower score a word has is already too common.
      if let below = scored.map(\.units).filter({ $0 < Double(units) }).max(), below > -.infinity {
        #expect(total { all, _ in all >= below } > pValue)
      }
    }
    if !forbidden {
      let mean = scored.reduce(0) { $0 + $1.probability * $1.units * step }
      let variance = scored.reduce(0) {
        $0 + $1.probability * ($1.units * step - mean) * ($1.units * step - mean)
      }
      #expect(abs(distribution.mean - mean) < 1e-9)
      #expect(abs(distribution.standardDeviation - variance.squareRoot()) < 1e-9)
    }
  }

  @Test("a finer grid closes in on the exact p-value")
  func refinement() {
    let weights = ScanCases.weights(width: 7, seed: 2)
    let scores = Self.words(7, .uniform).map { word, _ in
      word.enumerated().reduce(0) { $0 + weights[$1.offset, $1.element] }
    }
    for score in [-8.0, -2, 3, 6] {
      let exact = Double(scores.count { $0 >= score }) / Double(scores.count)
      let fine = ScoreDistribution(weights, step: 1e-4).pValue(ofScore: score)
      #expect(exact <= fine && fine - exact < 2e-3 * exact + 1e-4)
    }
  }

  @Test("a matrix of any range fits the bins")
  func range() {
    let wild = WeightMatrix(rows: [[1e6, -1e6, 0, 5], [3, 2, 1, -1e9]])
    let distribution = ScoreDistribution(wild)
    #expect(distribution.step > 0.001)
    #expect(abs(distribution.pValue(ofScore: 1e6) - 3.0 / 16) < 1e-12)
    #expect(abs(distribution.pValue(ofScore: -2e9) - 1) < 1e-12)
  }

  @Test("all instruction sets give the same bits", arguments: ScanKernels.available)
  func kernels(kernels: ScanKernels) {
    let weights = ScanCases.weights(width: 9, seed: 8)
    for model in Self.models {
      let reference = ScoreDistribution(
        weights, background: model, step: 0.01, kernels: ScanKernels.available.last!)
      let other = ScoreDistribution(weights, background: model, step: 0.01, kernels: kernels)
      for units in stride(from: -4000, to: 2000, by: 7) {
        #expect(other.pValue(units: units) == reference.pValue(units: units))
      }
    }
  }
}

@Suite("Background") struct BackgroundModelTests {
  @Test("a symmetric chain gives a word and its reverse complement the same probability")
  func symmetry() {
    // Row sums equal column sums, as in counts along one circular sequence.
    let pairs: [Double] = [9, 4, 6, 7, 6, 5, 1, 6, 5, 3, 5, 5, 6, 6, 6, 9]
    let model = BackgroundModel(dinucleotides: pairs).strandSymmetric
    func probability(_ word: [Int]) -> Double {
      zip(word, word.dropFirst()).reduce(model.initial[word[0]]) { $0 * model.transitions[4 * $1.0 + $1.1] }
    }
    for word in [[0, 1, 2, 3, 3], [2, 2, 0, 1], [3, 0], [1, 1, 1, 0, 2, 3]] {
      let other = Array(word.reversed().map { 3 - $0 })
      #expect(abs(probability(word) - probability(other)) < 1e-4)
    }
    let bases = BackgroundModel(Background([0.4, 0.3, 0.2, 0.1])).strandSymmetric
    #expect(bases.initial.elementsEqual([0.25, 0.25, 0.25, 0.25]) { abs($0 - $1) < 1e-12 })
  }

  @Test("counts neighbors within a sequence, not across the end of one or an unknown base")
  func counting() {
    var counter = BackgroundCounter()
    for piece in [[0, 0, 1], [1, 4, 1]] as [[UInt8]] { piece.withUnsafeBufferPointer { counter.add($0) } }
    counter.endSequence()
    ([2, 2] as [UInt8]).withUnsafeBufferPointer { counter.add($0) }
    let model = counter.model(order: 1)
    var pairs = [Double](repeating: 1, count: 16)
    for (a, b) in [(0, 0), (0, 1), (1, 1), (2, 2)] { pairs[4 * a + b] += 1 }
    #expect(model == BackgroundModel(dinucleotides: pairs))
    #expect(counter.model(order: 0) == BackgroundModel(Background([3, 4, 3, 1])))
  }
}
