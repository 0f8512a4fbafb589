import Runtime

/// How often an epoch takes the sequences of each class, where one class is rarer than another.
///
/// Only what is trained on is drawn again; what a network is measured on stays as it is. A network that saw the classes
/// equally often takes them for equally frequent: its probabilities are those of a balanced world, its ranking is not
/// affected (Elkan 2001).
public enum ClassBalance: String, Codable, CaseIterable, Sendable {
  /// Every sequence once.
  case none
  /// Every sequence of the commonest class once, those of the others again and again until they are as many.
  case up
  /// As many of each class as the rarest has, drawn again in each epoch, so that none is left out for good.
  case down
  /// As many as there are sequences, with as many of each class in every minibatch (but for one, where its size is odd).
  case batches

  /// The places of an epoch's sequences among all, in the order in which it takes them.
  ///
  /// Throws `InputError` unless the targets are classes.
  package func order(of set: DataSet, seed: UInt64, epoch: Int) throws -> [Int] {
    var random = CounterRandom(seed: seed, purpose: .order, epoch: epoch)
    guard self != .none else { return random.permutation(set.count) }
    let classes = try members(of: set)
    let counts = classes.map(\.count)
    if self == .batches {
      let share = (set.count + classes.count - 1) / classes.count
      let columns = classes.map { Self.repeated($0, share, using: &random) }
      return (0..<set.count).map { columns[$0 % columns.count][$0 / columns.count] }
    }
    let share = self == .up ? counts.max()! : counts.min()!
    let taken = classes.flatMap { Self.repeated($0, share, using: &random) }
    return random.permutation(taken.count).map { taken[$0] }
  }

  /// Sequences that an epoch takes.
  func sequences(of set: DataSet) throws -> Int {
    switch self {
    case .none, .batches: return set.count
    case .up, .down:
      let classes = try members(of: set).map(\.count)
      return classes.count * (self == .up ? classes.max()! : classes.min()!)
    }
  }

  /// The places of each class's sequences; classes without any are left out.
  private func members(of set: DataSet) throws -> [[Int]] {
    guard !set.strataNames.isEmpty else {
      throw InputError("\(set.objective.lossName) of these columns has no classes to balance")
    }
    var classes = [[Int]](repeating: [], count: set.strataNames.count)
    for (index, stratum) in set.strata.enumerated() { classes[stratum].append(index) }
    return classes.filter { !$0.isEmpty }
  }

  /// `count` of the members in random order, each as often as the others but for one.
  private static func repeated(_ members: [Int], _ count: Int, using random: inout CounterRandom) -> [Int] {
    var taken: [Int] = []
    taken.reserveCapacity(count)
    while taken.count < count {
      taken += random.permutation(members.count).prefix(count - taken.count).map { members[$0] }
    }
    return taken
  }
}
