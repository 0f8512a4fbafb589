import NeuralNetworks
import Runtime
import Sequences

extension StudyData {
  /// Reads a user's files: labeled tables as they are, sequences that are all positive with negatives from elsewhere; a
  /// third is held out unless there is a test file.
  ///
  /// - Parameter holdsOut: keep a tenth of the training sequences apart, to tell when training has to stop.
  /// - Throws: `InputError` naming file, line and reason.
  init(_ files: StudyFiles, holdsOut: Bool, seed: UInt64) throws {
    let all = files.data.joined(separator: " and ")
    let data = try Self.read(files.data, files)
    let test = try files.test.map { try Self.read([$0], files, requireLabels: true) }
    let isPositive = !data.isLabeled || data.positiveCount == data.count
    var sets: (train: LabeledSequences, test: LabeledSequences)
    var origin = Words.list(files.data.map(\.fileName))
    if isPositive {
      let positives = Self.split(LabeledSequences(data.sequences, label: 1), test, seed: seed)
      switch files.negatives {
      case .dinucleotideShuffles:
        // Seeds of their own, or a test sequence would be shuffled as the training sequence of the same number.
        sets.train = positives.train.joined(with: try Self.shuffles(of: positives.train, seed: seed))
        sets.test =
          try test ?? positives.test.joined(with: Self.shuffles(of: positives.test, seed: ~seed))
        origin += " gives the positives; the negatives are their shuffles, which keep every dinucleotide."
      case .file(let path):
        let negatives = Self.split(
          LabeledSequences(try Self.read([path], files).sequences, label: 0), test, seed: seed)
        sets.train = positives.train.joined(with: negatives.train)
        sets.test = test ?? positives.test.joined(with: negatives.test)
        origin += " gives the positives, \(path.fileName) the negatives."
      case .genome(let procedure):
        // Both classes are split together, so that a chromosome is on one side.
        let negatives = try LabeledInput.negatives(
          matching: data.sequences, procedure: procedure, seed: seed, file: all)
        let both = LabeledSequences(data.sequences, label: 1).joined(
          with: LabeledSequences(negatives, label: 0))
        sets = Self.split(both, test, seed: seed)
        origin +=
          " gives the positives; the negatives are windows of the genome that resemble them (\(procedure))."
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
    let length = try sets.train.sequences.requireUniformLength(file: all)
    if sets.test.sequences.uniformLength != length {
      throw InputError(
        file: files.test ?? all,
        "the test sequences have \(sets.test.sequences.uniformLength.map(String.init) ?? "different numbers of") bases,"
          + " the training sequences \(length); --length N takes N bases from the middle of each")
    }
    let parts = holdsOut ? Self.holdOut(sets.train, seed: seed) : nil
    if let parts {
      origin += " Of the others, \(Words.count(parts.validation.count)) tell when training has to stop."
    }
    self.init(
      train: try DataSet(parts?.train ?? sets.train),
      validation: try parts.map { try DataSet($0.validation) },
      test: try DataSet(sets.test), length: length,
      name: files.data[0] == "-" ? "these sequences" : files.data[0].baseName, origin: origin)
  }

  private static func shuffles(of set: LabeledSequences, seed: UInt64) throws -> LabeledSequences {
    LabeledSequences(try set.sequences.shuffled(seed: seed), label: 0)
  }

  /// Two thirds to train on and a third to test on, classes in proportion; all to train on where there is a test set.
  private static func split(_ set: LabeledSequences, _ test: LabeledSequences?, seed: UInt64) -> (
    train: LabeledSequences, test: LabeledSequences
  ) {
    if let test { return (set, test) }
    let (kept, heldOut) = Splits.holdOut(
      labels: set.labels, share: 1.0 / 3, groups: set.sequences.groups, seed: seed)
    return (set.subset(kept.sorted()), set.subset(heldOut.sorted()))
  }

  /// A tenth of the training sequences apart; `nil` where they are too few for both classes in both parts.
  private static func holdOut(_ set: LabeledSequences, seed: UInt64) -> (
    train: LabeledSequences, validation: LabeledSequences
  )? {
    let (kept, heldOut) = Splits.holdOut(
      labels: set.labels, share: 0.1, groups: set.sequences.duplicateGroups, seed: ~seed)
    let parts = (train: set.subset(kept.sorted()), validation: set.subset(heldOut.sorted()))
    let hasBoth = [parts.train, parts.validation].allSatisfy {
      (1..<max(2, $0.count)).contains($0.positiveCount)
    }
    return hasBoth ? parts : nil
  }

  /// Sequences of several files as one set, all of one length or cut to one.
  private static func read(_ paths: [String], _ files: StudyFiles, requireLabels: Bool = false) throws
    -> LabeledSequences
  {
    var result = LabeledSequences(SequenceSet())
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
    -> LabeledSequences
  {
    if let length = files.length {
      let set = try LabeledSequences(contentsOf: path, requireLabels: requireLabels)
      return LabeledSequences(
        try set.sequences.centered(length: length, file: path), labels: set.labels)
    }
    return try LabeledSequences(
      contentsOf: path, requireLabels: requireLabels, requireUniformLength: true,
      lengthAdvice: "--length N takes N bases from the middle of each")
  }
}
