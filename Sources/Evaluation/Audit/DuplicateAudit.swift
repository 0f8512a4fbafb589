import NeuralNetworks
import Sequences

/// Sequences that occur more than once, as they are or as their reverse complement.
public struct DuplicateAudit: Sendable {
  public let positives, negatives: Int
  /// Sequences that repeat an earlier one.
  public let duplicates: Int
  /// Sequences of which another copy has the other label.
  public let conflicts: Int
  /// Sequences that are among those trained on; `nil` if these are not known.
  public let trained: Int?

  package init(_ set: DataSet, train: SequenceSet?) {
    positives = set.positiveCount
    negatives = set.count - positives
    let groups = set.sequences.duplicateGroups
    let labels = Dictionary(grouping: groups.indices, by: { groups[$0] }).mapValues { members in
      Set(members.map { set.labels[$0] })
    }
    duplicates = set.count - labels.count
    conflicts = groups.count { labels[$0]!.count > 1 }
    trained = train.map { train in
      // The names of the two sets play no part.
      let plain = [train, set.sequences].map { SequenceSet(codes: $0.codes, starts: $0.starts) }
      let all = plain[0].joined(with: plain[1]).duplicateGroups
      let seen = Set(all.prefix(train.count))
      return all.dropFirst(train.count).count { seen.contains($0) }
    }
  }
}
