import Motifs
import Runtime
import Sequences

extension FilterMotif {
  /// How well the best hit of each filter's motif tells positives from negatives, on both strands, and whether it lies in
  /// the middle of the positives; q-values are over all of these motifs.
  ///
  /// Weights are log-odds against equal base frequencies (`Motif.weights`).
  ///
  /// - Returns: As many as `filters`, `nil` for those without a motif; all `nil` where the sequences lack labels of both
  ///   classes.
  public static func enrichment(
    _ filters: [FilterMotif], in sequences: SequenceSet, seed: UInt64 = 0
  ) throws -> [MotifEnrichment?] {
    try enrichment(of: filters.map { $0.motif() }, in: sequences, seed: seed)
  }

  /// The same for motifs, some of which may be missing.
  package static func enrichment(
    of motifs: [Motif?], in sequences: SequenceSet, seed: UInt64 = 0, threads: Int = Parallel.threads
  ) throws -> [MotifEnrichment?] {
    let positives = sequences.positiveCount
    guard sequences.isLabeled, positives > 0, positives < sequences.count else {
      return motifs.map { _ in nil }
    }
    let classes = [1, 0].map { label in
      sequences.subset(sequences.labels.indices.filter { sequences.labels[$0] == label })
    }
    var tested = try MotifEnrichment.test(
      motifs.compactMap { $0?.weights() }, positives: classes[0], negatives: classes[1], seed: seed,
      threads: threads
    )[...]
    return motifs.map { $0 == nil ? nil : tested.removeFirst() }
  }
}
