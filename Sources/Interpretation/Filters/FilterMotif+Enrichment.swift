import Motifs
import Runtime
import Sequences

extension FilterMotif {
  /// How well the best hit of each filter's motif tells positives from negatives, on both strands, and whether it lies in
  /// the middle of the positives; q-values are over all of these motifs.
  ///
  /// Weights are log-odds against equal base frequencies (`Motif.weights`).
  ///
  /// - Parameter labels: 1 or 0 for each sequence; none where that is not known.
  /// - Returns: As many as `filters`, `nil` for those without a motif; all `nil` without labels of both classes.
  public static func enrichment(
    _ filters: [FilterMotif], in sequences: SequenceSet, labels: [UInt8], seed: UInt64 = 0
  ) throws -> [MotifEnrichment?] {
    try enrichment(of: filters.map { $0.motif() }, in: sequences, labels: labels, seed: seed)
  }

  /// The same for motifs, some of which may be missing.
  package static func enrichment(
    of motifs: [Motif?], in sequences: SequenceSet, labels: [UInt8], seed: UInt64 = 0,
    threads: Int = Parallel.threads
  ) throws -> [MotifEnrichment?] {
    guard labels.contains(0), labels.contains(1) else {
      return motifs.map { _ in nil }
    }
    let classes = [1, 0].map { label in
      sequences.subset(labels.indices.filter { labels[$0] == label })
    }
    var tested = try MotifEnrichment.test(
      motifs.compactMap { $0?.weights() }, positives: classes[0], negatives: classes[1], seed: seed,
      threads: threads
    )[...]
    return motifs.map { $0 == nil ? nil : tested.removeFirst() }
  }
}
