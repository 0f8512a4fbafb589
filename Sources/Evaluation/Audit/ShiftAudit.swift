import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What a network loses when sequences are moved: how much of what it knows is where things stand.
///
/// A moved sequence loses bases at one end and gets random ones at the other, so it is compared with one that loses the
/// same bases and gets as many random ones but stays in its place. A network that does not care for positions answers
/// both alike, whatever the data.
public struct ShiftAudit: Sendable {
  /// Both scores of all sequences, each moved by a random shift of its own, the one that stays first.
  public let moving: PairedComparison
  /// The greatest shift.
  public let range: Int

  /// Both ways of one shift for all sequences of a sample.
  public struct Point: Sendable {
    public let shift: Int
    public let movedAUROC, unmovedAUROC: Estimate
    public let movedAccuracy, unmovedAccuracy: Estimate
  }

  /// From −`range` to `range`.
  public let curve: [Point]

  init(_ network: Network, _ set: DataSet, options: AuditOptions, threads: Int) throws {
    let edits = SequenceEdits(set.sequences, seed: options.seed)
    let margin = min(network.architecture.firstSpan - 1, edits.length / 4)
    let range = max(0, min(options.greatestShift, edits.length / 2 - margin))
    self.range = range
    let shifts = (0..<set.count).map { index -> Int in
      var random = AuditStream.shifts.random(options.seed, index)
      return random.below(2 * range + 1) - range
    }
    func logits(_ edits: SequenceEdits, _ shifts: [Int]) throws -> (moved: [Float], unmoved: [Float]) {
      let both = edits.moved(by: shifts, margin: margin)
      return try (
        network.finiteLogits(of: both.moved, threads: threads),
        network.finiteLogits(of: both.unmoved, threads: threads)
      )
    }
    let scores = try logits(edits, shifts)
    moving = PairedComparison(first: scores.unmoved, second: scores.moved, labels: set.labels)
    let rows = (0...1).flatMap {
      SequenceSet.sample(set.indices(label: UInt8($0)), options.sampleSize / 2, seed: options.seed)
    }
    let sample = SequenceEdits(set.sequences.subset(rows), seed: options.seed)
    let labels = rows.map { set.labels[$0] }
    curve = try (-range...range).map { shift in
      let (moved, unmoved) = try logits(sample, [Int](repeating: shift, count: rows.count))
      let none = Estimate(value: .nan, low: .nan, high: .nan)
      return Point(
        shift: shift, movedAUROC: Metrics.auroc(scores: moved, labels: labels) ?? none,
        unmovedAUROC: Metrics.auroc(scores: unmoved, labels: labels) ?? none,
        movedAccuracy: Metrics.accuracy(scores: moved, labels: labels),
        unmovedAccuracy: Metrics.accuracy(scores: unmoved, labels: labels))
    }
  }
}

extension Architecture {
  /// Bases that a unit of the first convolution sees; 1 without a convolution.
  fileprivate var firstSpan: Int {
    convolutions.first.flatMap { receptiveField(of: $0)?.size } ?? 1
  }
}
