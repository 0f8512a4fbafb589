import Genomes
import Runtime
import Sequences

/// How a user's sequences become those to train on, those that say when to stop, and those to test on: by the chromosomes
/// named for each, otherwise by chance with groups undivided (see `SequenceSet.groups`).
struct StudyDivision {
  let chromosomes: ChromosomeSplit?
  /// Whether the test sequences come from a file of their own.
  let hasTestFile: Bool
  let seed: UInt64
  /// To name in messages.
  let file: String

  typealias Parts = (train: LabeledSequences, test: LabeledSequences)

  /// Those to test on apart from the others: of the chromosomes named, otherwise a third, classes in proportion; none where
  /// they come from a file of their own. Sequences on chromosomes of no part are left out.
  ///
  /// - Throws: `InputError` if a name has no coordinates, or a part that has chromosomes no sequence.
  func test(_ set: LabeledSequences) throws -> Parts {
    var set = set
    if let chromosomes {
      let parts = try chromosomes.parts(of: set.sequences.locations(file: file), file: file)
      let rest = set.subset((parts.train + parts.validation).sorted())
      if !chromosomes.test.isEmpty { return (rest, set.subset(parts.test)) }
      set = rest
    }
    if hasTestFile { return (set, LabeledSequences(SequenceSet())) }
    let fold = Splits.holdOut(
      labels: set.labels, share: 1.0 / 3, groups: set.sequences.groups, seed: seed)
    return (set.subset(fold.train.sorted()), set.subset(fold.test.sorted()))
  }

  /// Those that say when to stop apart from those to train on: of the chromosomes named, otherwise a tenth; `nil` where they
  /// are too few for both classes in both parts.
  ///
  /// - Throws: as `test` does.
  func validation(_ set: LabeledSequences) throws -> (
    train: LabeledSequences, validation: LabeledSequences
  )? {
    let parts: (train: LabeledSequences, validation: LabeledSequences)
    if let names = chromosomes?.valid, !names.isEmpty {
      let divided = try ChromosomeSplit(validation: names)
        .parts(of: set.sequences.locations(file: file), file: file)
      parts = (set.subset(divided.train), set.subset(divided.validation))
    } else {
      let fold = Splits.holdOut(
        labels: set.labels, share: 0.1, groups: set.sequences.groups, seed: ~seed)
      parts = (set.subset(fold.train.sorted()), set.subset(fold.test.sorted()))
    }
    let hasBoth = [parts.train, parts.validation].allSatisfy {
      (1..<max(2, $0.count)).contains($0.positiveCount)
    }
    return hasBoth ? parts : nil
  }

  /// What the reader is told of the test sequences.
  func sentence(_ train: LabeledSequences, _ test: LabeledSequences) -> String {
    func names(_ set: LabeledSequences) -> [String] {
      guard let locations = try? set.sequences.locations() else { return [] }
      return Set(locations.map(\.chromosome)).sorted()
    }
    let (kept, held) = (names(train), names(test))
    guard !held.isEmpty, Set(kept).isDisjoint(with: held) else {
      return " A third of the sequences is held out for testing."
    }
    return
      " Chromosomes are kept whole: \(Words.list(held)) \(held.count == 1 ? "is" : "are") held out for testing,"
      + " \(Words.count(kept.count)) others are to train on."
  }
}
