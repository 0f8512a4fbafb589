import NeuralNetworks
import Sequences
import Statistics

/// What the two classes are made of, and how well that alone tells them apart: a network has to do better to know more.
public struct CompositionResult: Sendable {
  /// One class of the training sequences.
  public struct Group: Sendable {
    public let name: String
    /// Mean share of G and C, and its standard deviation over sequences.
    public let gc: Double
    public let deviation: Double
    /// Mean frequency of AA, AC, …, TT.
    public let dinucleotides: [Double]
  }

  /// Positives, then negatives.
  public let groups: [Group]
  /// AUROC on the test sequences of a logistic regression on the share of G and C, fitted to the training sequences;
  /// `nil` where the test sequences have one class.
  public let gc: Estimate?
  /// The same of the 16 dinucleotides' frequencies.
  public let dinucleotides: Estimate?

  init(_ data: StudyData) {
    let train = Features(data.train.sequences, data.train.labels)
    let test = Features(data.test.sequences, data.test.labels)
    groups = [("positives", UInt8(1)), ("negatives", 0)].map { name, label in
      let members = data.train.indices(label: label)
      let contents = members.map { train.contents[$0] }
      let count = Double(max(1, members.count))
      let mean = contents.reduce(0, +) / count
      let squares = contents.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return Group(
        name: name, gc: mean, deviation: (squares / max(1, count - 1)).squareRoot(),
        dinucleotides: (0..<16).map { pair in
          members.reduce(0) { $0 + train.pairs[$1][pair] } / count
        })
    }
    gc = train.auroc(on: test) { set in set.contents.map { [4 * $0] } }
    dinucleotides = train.auroc(on: test) { set in set.pairs.map { row in row.map { 16 * $0 } } }
  }

  private struct Features {
    let contents: [Double]
    let pairs: [[Double]]
    let labels: [UInt8]

    init(_ set: SequenceSet, _ labels: [UInt8]) {
      contents = (0..<set.count).map { set.gcContent($0) }
      pairs = (0..<set.count).map { set.dinucleotideFrequencies($0) }
      self.labels = labels
    }

    /// - Parameter rows: features on the scale of one.
    func auroc(on test: Features, _ rows: (Features) -> [[Double]]) -> Estimate? {
      let fitted = LogisticRegression(rows(self), labels)
      return Metrics.auroc(scores: rows(test).map { Float(fitted.score($0)) }, labels: test.labels)
    }
  }
}
