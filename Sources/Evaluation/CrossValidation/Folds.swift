import NeuralNetworks
import Runtime
import Sequences

/// A division of sequences for cross-validation: each is held out once.
public struct Folds: Sendable {
  public let parts: [Splits.Fold]
  /// The fold in which each sequence is held out, from 0.
  public let foldOfSequence: [Int]

  public var count: Int { parts.count }

  /// Classes in proportion where targets are classes, groups undivided, as `Splits.kFold` makes them.
  ///
  /// - Parameter groups: for each sequence the number of its group; `nil` if each stands alone.
  /// - Throws: `InputError` if there are fewer than two folds, or a fold would be empty or without one of the classes.
  public init(of set: DataSet, count: Int, groups: [Int]? = nil, seed: UInt64, file: String? = nil) throws {
    guard count >= 2 else {
      throw InputError(file: file, "cross-validation needs 2 folds or more, not \(count)")
    }
    let (strata, names) = (set.strata, set.strataNames)
    for (stratum, name) in (names.isEmpty ? [""] : names).enumerated() {
      let members = strata.indices.filter { strata[$0] == stratum }
      let units = groups.map { groups in Set(members.map { groups[$0] }).count } ?? members.count
      guard units >= count else {
        let what = units == members.count ? "" : " in \(units) groups that stay together"
        throw InputError(
          file: file,
          names.isEmpty
            ? "\(count) folds need at least as many sequences; there are \(members.count)\(what)"
            : "\(count) folds need at least as many sequences of each class; \(members.count)\(what) have \(name)"
        )
      }
    }
    try self.init(
      of: set, parts: Splits.kFold(labels: strata, folds: count, groups: groups, seed: seed),
      advice: "because groups stay together; ask for fewer folds", file: file)
  }

  /// Folds that someone else chose. Some may train on fewer than all that they do not hold out.
  ///
  /// - Parameters:
  ///   - parts: for each fold the indices to train on and those held out.
  ///   - advice: what to say of a fold without one of the classes.
  /// - Throws: `InputError` if a sequence is not held out exactly once, or a fold holds none out of one of the classes.
  public init(
    of set: DataSet, parts: [Splits.Fold], advice: String = "", file: String? = nil
  ) throws {
    let (strata, names) = (set.strata, set.strataNames)
    var fold = [Int?](repeating: nil, count: strata.count)
    for (number, part) in parts.enumerated() {
      for index in part.test {
        if let other = fold[index] {
          throw InputError(
            file: file, "\(set.name(index)) is held out by folds \(other + 1) and \(number + 1)")
        }
        fold[index] = number
      }
      let present = Set(part.test.map { strata[$0] })
      if let missing = (names.isEmpty ? [0] : Array(names.indices)).first(where: { !present.contains($0) }) {
        let what = names.isEmpty ? "no sequence" : "no sequence with \(names[missing])"
        throw InputError(
          file: file,
          "fold \(number + 1) of \(parts.count) has \(what)" + (advice.isEmpty ? "" : ", \(advice)"))
      }
    }
    if let index = fold.firstIndex(of: nil) {
      throw InputError(file: file, "no fold holds out \(set.name(index))")
    }
    self.parts = parts
    foldOfSequence = fold.map { $0! }
  }
}
