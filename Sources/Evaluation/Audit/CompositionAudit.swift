import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// How much can be told from the composition of the sequences alone, and how much of the network's answer is that.
public struct CompositionAudit: Sendable {
  /// AUROC of the network on the positives as they are against the negatives.
  public let whole: Estimate
  /// The same with the bases of each positive in random order.
  public let mononucleotide: Estimate
  /// The same with each positive shuffled so that its dinucleotides stay.
  public let dinucleotide: Estimate
  /// AUROC of the share of G and C, whichever way round is above ½.
  public let gc: Estimate
  /// AUROC of a logistic regression on the frequencies of the 16 dinucleotides, in five-fold cross-validation that
  /// keeps sequences of the same dinucleotides together.
  public let dinucleotides: Estimate

  init?(_ network: Network, _ set: DataSet, seed: UInt64, threads: Int) throws {
    let positives = set.sequences.subset(set.indices(label: 1))
    let negatives = set.sequences.subset(set.indices(label: 0))
    let low = try network.finiteLogits(of: negatives, threads: threads)
    func auroc(_ positives: SequenceSet) throws -> Estimate? {
      let high = try network.finiteLogits(of: positives, threads: threads)
      return Metrics.auroc(
        scores: high + low,
        labels: [UInt8](repeating: 1, count: high.count) + [UInt8](repeating: 0, count: low.count))
    }
    let contents = (0..<set.count).map { Float(set.sequences.gcContent($0)) }
    guard let whole = try auroc(positives), let one = try auroc(positives.shuffled(order: 1, seed: seed)),
      let two = try auroc(positives.shuffled(order: 2, seed: seed)),
      let gc = Metrics.auroc(scores: contents, labels: set.labels)
    else { return nil }
    self.whole = whole
    mononucleotide = one
    dinucleotide = two
    self.gc = gc.value < 0.5 ? Estimate(value: 1 - gc.value, low: 1 - gc.high, high: 1 - gc.low) : gc
    // Times 16: one for each where all are as frequent.
    let rows = (0..<set.count).map { set.sequences.dinucleotideFrequencies($0).map { 16 * $0 } }
    let folds = min(5, positives.count, negatives.count)
    guard folds > 1 else {
      dinucleotides = Estimate(value: 0.5, low: 0, high: 1)
      return
    }
    var scores = [Float](repeating: 0, count: set.count)
    // Sequences of the same composition, such as a positive and its shuffle, share a fold: a model that has seen one with
    // its label would guess the opposite for the other.
    var numbers: [[Double]: Int] = [:]
    let groups = rows.map { row -> Int in
      let number = numbers[row] ?? numbers.count
      numbers[row] = number
      return number
    }
    let parts = Splits.kFold(labels: set.labels, folds: folds, groups: groups, seed: seed)
    for (part, fitted) in zip(
      parts,
      Parallel.map(folds, threads: threads) { (fold: Int) in
        LogisticRegression(
          parts[fold].train.map { rows[$0] }, parts[fold].train.map { set.labels[$0] })
      })
    {
      for index in part.test { scores[index] = Float(fitted.score(rows[index])) }
    }
    dinucleotides =
      Metrics.auroc(scores: scores, labels: set.labels) ?? Estimate(value: 0.5, low: 0, high: 1)
  }

  /// (AUROC of shuffled positives − ½) / (AUROC − ½), with the interval of the former; `nil` where the network is no
  /// better than chance.
  public var surviving: Estimate? {
    guard whole.low > 0.5 else { return nil }
    let scale = whole.value - 0.5
    return Estimate(
      value: (dinucleotide.value - 0.5) / scale, low: (dinucleotide.low - 0.5) / scale,
      high: (dinucleotide.high - 0.5) / scale)
  }
}
