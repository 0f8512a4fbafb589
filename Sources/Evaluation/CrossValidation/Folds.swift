import Runtime
import Sequences

/// A division of labelled sequences for cross-validation: each is held out once.
public struct Folds: Sendable {
  /// For each fold the indices to train on and those held out.
  public let parts: [(train: [Int], test: [Int])]
  /// The fold in which each sequence is held out, from 0.
  public let foldOfSequence: [Int]

  public var count: Int { parts.count }

  /// Classes in proportion, groups undivided, as `Splits.kFold` makes them.
  ///
  /// - Parameter groups: for each sequence the number of its group; `nil` if each stands alone.
  /// - Throws: `InputError` if there are fewer than two folds, or a fold would be without one of the classes.
  public init(labels: [UInt8], count: Int, groups: [Int]? = nil, seed: UInt64, file: String? = nil) throws {
    guard count >= 2 else {
      throw InputError(file: file, "cross-validation needs 2 folds or more, not \(count)")
    }
    for label: UInt8 in [0, 1] {
      let members = labels.indices.filter { labels[$0] == label }
      let units = groups.map { groups in Set(members.map { groups[$0] }).count } ?? members.count
      guard units >= count else {
        let what = units == members.count ? "" : " in \(units) groups that stay together"
        throw InputError(
          file: file,
          "\(count) folds need at least as many sequences of each class; \(members.count)\(what) have the label \(label)"
        )
      }
    }
    parts = Splits.kFold(labels: labels, folds: count, groups: groups, seed: seed)
    var fold = [Int](repeating: 0, count: labels.count)
    for (number, part) in parts.enumerated() {
      for index in part.test { fold[index] = number }
      let positives = part.test.count { labels[$0] == 1 }
      guard positives > 0, positives < part.test.count else {
        throw InputError(
          file: file,
          "fold \(number + 1) of \(count) has no sequence with the label \(positives > 0 ? 0 : 1), because groups stay together; ask for fewer folds"
        )
      }
    }
    foldOfSequence = fold
  }
}
