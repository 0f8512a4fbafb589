/// Random divisions of labelled data that keep the classes in proportion.
public enum Splits {
  /// Parts whose sizes follow `fractions` within each class, each in random order.
  ///
  /// - Parameters:
  ///   - fractions: shares such as `[0.8, 0.1, 0.1]` for training, validation and test; scaled to sum to one.
  /// - Returns: indices into `labels`; every index is in exactly one part.
  public static func stratified(labels: [UInt8], fractions: [Double], seed: UInt64) -> [[Int]] {
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
  /// - Returns: for each fold its training and its test indices, in random order.
  public static func kFold(labels: [UInt8], folds: Int, seed: UInt64) -> [(train: [Int], test: [Int])] {
    precondition(folds >= 2 && folds <= labels.count, "folds must be from 2 to the number of sequences")
    var random = CounterRandom(seed: seed, purpose: .split, epoch: 1)
    var fold = [Int](repeating: 0, count: labels.count)
    var next = 0
    for members in classes(of: labels) {
      for index in random.permutation(members.count).map({ members[$0] }) {
        fold[index] = next % folds
        next += 1
      }
    }
    let order = random.permutation(labels.count)
    return (0..<folds).map { test in
      (order.filter { fold[$0] != test }, order.filter { fold[$0] == test })
    }
  }

  /// The indices of each class, classes in the order of their labels.
  private static func classes(of labels: [UInt8]) -> [[Int]] {
    Set(labels).sorted().map { label in labels.indices.filter { labels[$0] == label } }
  }
}
