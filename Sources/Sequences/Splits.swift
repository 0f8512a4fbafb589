import Runtime

/// Random divisions of data that keep the classes in proportion; labels are class numbers from 0.
public enum Splits {
  /// Indices to train on and those held out.
  public struct Fold: Sendable {
    public let train, test: [Int]

    public init(train: [Int], test: [Int]) { (self.train, self.test) = (train, test) }
  }

  /// Parts whose sizes follow `fractions` within each class, each in random order.
  ///
  /// - Parameters:
  ///   - fractions: shares such as `[0.8, 0.1, 0.1]` for training, validation and test; scaled to sum to one.
  /// - Returns: indices into `labels`; every index is in exactly one part.
  public static func stratified(labels: [some BinaryInteger], fractions: [Double], seed: UInt64) -> [[Int]] {
    precondition(
      fractions.allSatisfy { $0 >= 0 } && fractions.contains { $0 > 0 }, "fractions must be shares")
    let total = fractions.reduce(0, +)
    var random = CounterRandom(seed: seed, purpose: .split)
    var parts = [[Int]](repeating: [], count: fractions.count)
    for members in classes(of: labels) {
      let order = random.permutation(members.count).map { members[$0] }
      var used = 0
      var share = 0.0
      for part in fractions.indices {
        share += fractions[part] / total
        let end = part == fractions.count - 1 ? order.count : Int((share * Double(order.count)).rounded())
        parts[part] += order[used..<max(used, end)]
        used = max(used, end)
      }
    }
    return parts.map { part in random.permutation(part.count).map { part[$0] } }
  }

  /// `folds` parts of nearly equal size, classes in proportion, for cross-validation (Kohavi 1995): each part
  /// is the test set once, with the others to train on.
  ///
  /// - Parameter groups: for each sequence the number of its group, which is never divided; `nil` if each stands alone.
  /// - Returns: the folds, their indices in random order.
  public static func kFold(labels: [some BinaryInteger], folds: Int, groups: [Int]? = nil, seed: UInt64)
    -> [Fold]
  {
    precondition(folds >= 2 && folds <= labels.count, "folds must be from 2 to the number of sequences")
    var random = CounterRandom(seed: seed, purpose: .split, epoch: 1)
    let shares = [Double](repeating: 1, count: folds)
    let fold = parts(labels: labels, shares: shares, groups: groups, using: &random)
    let order = random.permutation(labels.count)
    return (0..<folds).map { test in
      Fold(train: order.filter { fold[$0] != test }, test: order.filter { fold[$0] == test })
    }
  }

  /// A share of the sequences held out, classes in proportion and no group divided.
  ///
  /// - Parameters:
  ///   - share: of the sequences to hold out, between 0 and 1.
  ///   - groups: as for `kFold`.
  /// - Returns: those that stay to train on and those held out, in random order.
  public static func holdOut(labels: [some BinaryInteger], share: Double, groups: [Int]? = nil, seed: UInt64)
    -> Fold
  {
    precondition(share > 0 && share < 1, "a share lies between 0 and 1")
    var random = CounterRandom(seed: seed, purpose: .split, epoch: 2)
    let part = parts(labels: labels, shares: [1 - share, share], groups: groups, using: &random)
    let order = random.permutation(labels.count)
    return Fold(train: order.filter { part[$0] == 0 }, test: order.filter { part[$0] == 1 })
  }

  /// The part of each sequence: groups in random order, large ones first, each to the part that will have the least of
  /// the group's classes for its share, then the least of all.
  private static func parts(
    labels: [some BinaryInteger], shares: [Double], groups: [Int]?, using random: inout CounterRandom
  ) -> [Int] {
    var part = [Int](repeating: 0, count: labels.count)
    let count = Int(labels.max() ?? 0) + 1
    var loads = [[Double]](repeating: [Double](repeating: 0, count: count), count: shares.count)
    for members in units(labels: labels, groups: groups, using: &random) {
      var counts: [Int: Double] = [:]
      for index in members { counts[Int(labels[index]), default: 0] += 1 }
      let (classes, size) = (counts.keys.sorted(), Double(members.count))
      func load(_ p: Int) -> (Double, Double) {
        (
          classes.reduce(size) { $0 + loads[p][$1] } / shares[p],
          loads[p].reduce(size, +) / shares[p]
        )
      }
      var best = 0
      for p in shares.indices.dropFirst() where load(p) < load(best) { best = p }
      for c in classes { loads[best][c] += counts[c]! }
      for index in members { part[index] = best }
    }
    return part
  }

  /// The members of each group, groups in random order but larger ones first, and among the single ones the classes
  /// one after the other.
  private static func units(
    labels: [some BinaryInteger], groups: [Int]?, using random: inout CounterRandom
  ) -> [[Int]] {
    guard let groups else {
      return classes(of: labels).flatMap { members in
        random.permutation(members.count).map { [members[$0]] }
      }
    }
    precondition(groups.count == labels.count, "a group for each sequence")
    var members = [[Int]](repeating: [], count: (groups.max() ?? -1) + 1)
    for (index, group) in groups.enumerated() { members[group].append(index) }
    members = random.permutation(members.count).map { members[$0] }.filter { !$0.isEmpty }
    // Sorting keeps the random order of equals.
    return members.enumerated().sorted { a, b in
      (-a.element.count, labels[a.element[0]], a.offset) < (-b.element.count, labels[b.element[0]], b.offset)
    }.map(\.element)
  }

  /// The indices of each class, classes in the order of their labels.
  private static func classes(of labels: [some BinaryInteger]) -> [[Int]] {
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
    return members.sorted { $0.key < $1.key }.map(\.value)
  }
}
