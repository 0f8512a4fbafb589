import Runtime
import Sequences

extension StudyData {
  /// Reads a user's files: labelled tables as they are, sequences that are all positive with negatives from elsewhere; a
  /// third is held out unless there is a test file.
  ///
  /// - Parameter holdsOut: keep a tenth of the training sequences apart, to tell when training has to stop.
  /// - Throws: `InputError` naming file, line and reason.
  init(_ files: StudyFiles, holdsOut: Bool, seed: UInt64) throws {
    let all = files.data.joined(separator: " and ")
    let data = try Self.read(files.data, files)
    let test = try files.test.map { try Self.read([$0], files, requireLabels: true) }
    let isPositive = !data.isLabeled || data.positiveCount == data.count
    var sets: (train: SequenceSet, test: SequenceSet)
    var origin = Words.list(files.data.map(\.fileName))
    if isPositive {
      let positives = Self.split(data.labeled(1), test, seed: seed)
      switch files.negatives {
      case .dinucleotideShuffles:
        // Seeds of their own, or a test sequence would be shuffled as the training sequence of the same number.
        sets.train = positives.train.joined(with: try positives.train.shuffled(seed: seed).labeled(0))
        sets.test =
          try test ?? positives.test.joined(with: positives.test.shuffled(seed: ~seed).labeled(0))
        origin += " gives the positives; the negatives are their shuffles, which keep every dinucleotide."
      case .file(let path):
        let negatives = Self.split(try Self.read([path], files).labeled(0), test, seed: seed)
        sets.train = positives.train.joined(with: negatives.train)
        sets.test = test ?? positives.test.joined(with: negatives.test)
        origin += " gives the positives, \(path.fileName) the negatives."
      }
    } else {
      if case .file(let path) = files.negatives {
        throw InputError(file: path, "is not needed: \(all) has sequences of both classes")
      }
      sets = Self.split(data, test, seed: seed)
      origin += " gives sequences with labels."
    }
    guard sets.test.count > 0 else {
      throw InputError(file: all, "holds too few sequences to keep a third for testing")
    }
    try sets.train.requireBothClasses(file: all)
    try sets.test.requireBothClasses(file: files.test ?? all)
    origin +=
      files.test.map { " The test sequences come from \($0.fileName)." }
      ?? " A third of the sequences is held out for testing."
    let length = try sets.train.requireUniformLength(file: all)
    if sets.test.uniformLength != length {
      throw InputError(
        file: files.test ?? all,
        "the test sequences have \(sets.test.uniformLength.map(String.init) ?? "different numbers of") bases,"
          + " the training sequences \(length); --length N takes N bases from the middle of each")
    }
    let parts = holdsOut ? Self.holdOut(sets.train, seed: seed) : nil
    if let parts {
      origin += " Of the others, \(Words.count(parts.validation.count)) tell when training has to stop."
    }
    self.init(
      train: parts?.train ?? sets.train, validation: parts?.validation, test: sets.test, length: length,
      name: files.data[0] == "-" ? "these sequences" : files.data[0].baseName, origin: origin)
  }

  /// Two thirds to train on and a third to test on, classes in proportion; all to train on where there is a test set.
  private static func split(_ set: SequenceSet, _ test: SequenceSet?, seed: UInt64) -> (
    train: SequenceSet, test: SequenceSet
  ) {
    if let test { return (set, test) }
    let (kept, heldOut) = Splits.holdOut(
      labels: set.labels, share: 1.0 / 3, groups: set.duplicateGroups, seed: seed)
    return (set.subset(kept.sorted()), set.subset(heldOut.sorted()))
  }

  /// A tenth of the training sequences apart; `nil` where they are too few for both classes in both parts.
  private static func holdOut(_ set: SequenceSet, seed: UInt64) -> (
    train: SequenceSet, validation: SequenceSet
  )? {
    let (kept, heldOut) = Splits.holdOut(
      labels: set.labels, share: 0.1, groups: set.duplicateGroups, seed: ~seed)
    let parts = (train: set.subset(kept.sorted()), validation: set.subset(heldOut.sorted()))
    let hasBoth = [parts.train, parts.validation].allSatisfy {
      (1..<max(2, $0.count)).contains($0.positiveCount)
    }
    return hasBoth ? parts : nil
  }

  /// Sequences of several files as one set, all of one length or cut to one.
  private static func read(_ paths: [String], _ files: StudyFiles, requireLabels: Bool = false) throws
    -> SequenceSet
  {
    var result = SequenceSet()
    for path in paths {
      let set = try read(path, files, requireLabels: requireLabels)
      if result.count > 0, result.isLabeled != set.isLabeled {
        throw InputError(
          file: path, set.isLabeled ? "has labels, \(paths[0]) has none" : "has no labels, \(paths[0]) has")
      }
      result = result.joined(with: set)
    }
    return result
  }

  /// The sequences of one file.
  private static func read(_ path: String, _ files: StudyFiles, requireLabels: Bool = false) throws
    -> SequenceSet
  {
    if let length = files.length {
      return try SequenceSet.read(path: path, requireLabels: requireLabels).centered(
        length: length, file: path)
    }
    return try SequenceSet.read(
      path: path, requireLabels: requireLabels, requireUniformLength: true,
      lengthAdvice: "--length N takes N bases from the middle of each")
  }
}
