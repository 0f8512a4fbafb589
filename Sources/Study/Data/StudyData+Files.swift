import NeuralNetworks
import Runtime
import Sequences

extension StudyData {
  /// Reads a user's files: labelled tables as they are, sequences that are all positive with negatives from elsewhere; a
  /// third is held out unless there is a test file or chromosomes are named for it.
  ///
  /// - Parameter holdsOut: keep a tenth of the training sequences apart, to tell when training has to stop.
  /// - Throws: `InputError` naming file, line and reason.
  init(_ files: StudyFiles, holdsOut: Bool, seed: UInt64) throws {
    let all = files.data.joined(separator: " and ")
    let data = try Self.read(files.data, files, advice: files.arePositive ? nil : Self.labelAdvice)
    if files.arePositive, data.isLabeled, data.positiveCount < data.count {
      throw InputError(file: all, "has sequences with the label 0 in a file of positives")
    }
    let test = try files.test.map { try Self.read([$0], files, requireLabels: true) }
    let division = StudyDivision(
      chromosomes: files.chromosomes, hasTestFile: test != nil, seed: seed, file: all)
    let isPositive = !data.isLabeled || data.positiveCount == data.count
    var sets: (train: LabeledSequences, test: LabeledSequences)
    var origin = Words.list(files.data.map(\.fileName))
    if isPositive {
      let positives = try division.test(LabeledSequences(data.sequences, label: 1))
      switch files.negatives {
      case .dinucleotideShuffles:
        // Seeds of their own, or a test sequence would be shuffled as the training sequence of the same number.
        sets.train = positives.train.joined(with: try Self.shuffles(of: positives.train, seed: seed))
        sets.test = positives.test.joined(with: try Self.shuffles(of: positives.test, seed: ~seed))
        origin += " gives the positives; the negatives are their shuffles, which keep every dinucleotide."
      case .file(let path):
        let negatives = try division.test(
          LabeledSequences(try Self.read([path], files).sequences, label: 0))
        sets.train = positives.train.joined(with: negatives.train)
        sets.test = positives.test.joined(with: negatives.test)
        origin += " gives the positives, \(path.fileName) the negatives."
      case .genome(let procedure):
        // Both classes are split together, so that a chromosome is on one side.
        let negatives = try LabeledInput.negatives(
          matching: data.sequences, procedure: procedure, seed: seed, file: all)
        let both = LabeledSequences(data.sequences, label: 1).joined(
          with: LabeledSequences(negatives, label: 0))
        sets = try division.test(both)
        origin +=
          " gives the positives; the negatives are windows of the genome that resemble them (\(procedure))."
      }
    } else {
      if case .file(let path) = files.negatives {
        throw InputError(file: path, "is not needed: \(all) has sequences of both classes")
      }
      sets = try division.test(data)
      origin += " gives sequences with labels."
    }
    if let test { sets.test = test }
    guard sets.test.count > 0 else {
      throw InputError(file: all, "holds too few sequences to keep a third for testing")
    }
    try sets.train.requireBothClasses(file: all)
    try sets.test.requireBothClasses(file: files.test ?? all)
    origin +=
      files.test.map { " The test sequences come from \($0.fileName)." }
      ?? division.sentence(sets.train, sets.test)
    let length = try sets.train.sequences.requireUniformLength(file: all)
    if sets.test.sequences.uniformLength != length {
      throw InputError(
        file: files.test ?? all,
        "the test sequences have \(sets.test.sequences.uniformLength.map(String.init) ?? "different numbers of") bases,"
          + " the training sequences \(length); --length N takes N bases from the middle of each")
    }
    let parts = holdsOut ? try division.validation(sets.train) : nil
    if let parts {
      origin +=
        " Of the other sequences, \(Words.count(parts.validation.count)) tell when training has to stop."
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

  /// For tables whose other columns may be numbers or classes to learn.
  private static let labelAdvice =
    "call the labels label, learn other columns with train --labels, or take all as positive with --positives"

  /// Sequences of several files as one set, all of one length or cut to one.
  private static func read(
    _ paths: [String], _ files: StudyFiles, requireLabels: Bool = false, advice: String? = nil
  ) throws -> LabeledSequences {
    var result = LabeledSequences(SequenceSet())
    for path in paths {
      let set = try read(path, files, requireLabels: requireLabels, advice: advice)
      if result.count > 0, result.isLabeled != set.isLabeled {
        throw InputError(
          file: path, set.isLabeled ? "has labels, \(paths[0]) has none" : "has no labels, \(paths[0]) has")
      }
      result = result.joined(with: set)
    }
    return result
  }

  /// The sequences of one file.
  private static func read(
    _ path: String, _ files: StudyFiles, requireLabels: Bool, advice: String?
  ) throws -> LabeledSequences {
    if let length = files.length {
      let set = try LabeledSequences(
        contentsOf: path, requireLabels: requireLabels, unlabeledAdvice: advice)
      return LabeledSequences(
        try set.sequences.centered(length: length, file: path), labels: set.labels)
    }
    return try LabeledSequences(
      contentsOf: path, requireLabels: requireLabels, unlabeledAdvice: advice, requireUniformLength: true,
      lengthAdvice: "--length N takes N bases from the middle of each")
  }
}
