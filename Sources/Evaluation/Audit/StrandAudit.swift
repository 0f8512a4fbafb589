import NeuralNetworks
import Sequences
import Statistics

/// Whether a network answers a sequence and its reverse complement alike.
public struct StrandAudit: Sendable {
  /// Mean |f(x) − f(reverse complement of x)| over the sequences.
  public let difference: Estimate
  /// Pearson's correlation of both logits; `nil` where one does not vary.
  public let correlation: Estimate?
  /// Of the sequences as they are, and of their reverse complements.
  public let auroc, reverseAUROC: Estimate?

  init(_ network: Network, _ set: DataSet, logits: [Float], threads: Int) throws {
    let reversed = SequenceSet(
      codes: (0..<set.count).flatMap { Nucleotide.reverseComplement(set.sequences[$0]) },
      starts: set.sequences.starts)
    let other = try network.finiteLogits(of: reversed, threads: threads)
    difference = Metrics.mean(
      zip(logits, other).map { abs(Double($0) - Double($1)) }, bounds: 0 ... .infinity, confidence: 0.95)
    correlation = Metrics.pearson(logits, other)
    auroc = Metrics.auroc(scores: logits, labels: set.labels)
    reverseAUROC = Metrics.auroc(scores: other, labels: set.labels)
  }
}
