import Runtime

/// Sequences with labels of yes and no, as a table with a column `label` or `Bound` gives them.
public struct LabeledSequences: Sendable {
  public let sequences: SequenceSet
  /// 1 or 0 for each sequence; empty where the file has no such column.
  public let labels: [UInt8]

  public var count: Int { sequences.count }
  public var isLabeled: Bool { !labels.isEmpty }
  /// How many sequences have the label 1.
  public var positiveCount: Int { labels.reduce(0) { $0 + Int($1) } }

  /// - Parameter labels: 1 or 0 for each sequence, or none.
  public init(_ sequences: SequenceSet, labels: [UInt8] = []) {
    precondition(labels.isEmpty || labels.count == sequences.count, "labels for all sequences or for none")
    (self.sequences, self.labels) = (sequences, labels)
  }

  /// All sequences with the same label.
  public init(_ sequences: SequenceSet, label: UInt8) {
    self.init(sequences, labels: [UInt8](repeating: label, count: sequences.count))
  }

  /// Reads all sequences of a file or of standard input (`-`), and their labels where the file has them. Where labels are
  /// required, windows around intervals have the label 1, and as many windows of the genome that resemble them the label 0.
  ///
  /// - Parameters:
  ///   - requireLabels: whether a file without a label column is an error.
  ///   - advice: what a table without a label column, but with columns that may be meant as one, is refused with; `nil` passes
  ///     over those columns.
  ///   - reading: what becomes of labels that are not yes or no.
  ///   - requireUniformLength, length, lengthAdvice, limit: as for `SequenceSet`.
  /// - Throws: `InputError` naming file, line and reason.
  public init(
    contentsOf path: String, requireLabels: Bool = false, unlabeledAdvice advice: String? = nil,
    labels reading: LabelReading = .yesOrNo,
    requireUniformLength: Bool = false,
    length: Int? = nil, lengthAdvice: String = "", limit: Int? = nil
  ) throws {
    let reader = try SequenceReader(path: path, labels: reading)
    if requireLabels, reader.hasIntervals {
      // Peaks are the positives of a genome.
      let positives = try SequenceSet.read(
        reader, requireUniformLength: requireUniformLength, length: length, lengthAdvice: lengthAdvice,
        limit: limit)
      let negatives = try LabeledInput.negatives(matching: positives, procedure: "gc", seed: 0, file: path)
      self = LabeledSequences(positives, label: 1).joined(with: LabeledSequences(negatives, label: 0))
      return
    }
    if requireLabels, !reader.hasLabels {
      throw InputError(file: path, "has no labels; expected a table with a column label or Bound (0 or 1)")
    }
    if let advice, !reader.hasLabels, !reader.ignoredTitles.isEmpty {
      let titles = reader.ignoredTitles
      let shown = titles.prefix(4).joined(separator: ", ") + (titles.count > 4 ? ", …" : "")
      throw InputError(
        file: path, "has no column label or Bound (0 or 1), and other columns (\(shown)); \(advice)")
    }
    var labels: [UInt8] = []
    var other: (label: String, line: Int)?
    let sequences = try SequenceSet.read(
      reader, requireUniformLength: requireUniformLength, length: length, lengthAdvice: lengthAdvice,
      limit: limit
    ) { record in
      if let label = record.label { labels.append(label) }
      if let label = record.otherLabel { other = other ?? (label, record.line) }
    }
    if let other {
      try InputWarning.emit(
        file: path,
        "label \(other.label) in line \(other.line) is not 0 or 1: the sequences are read without labels")
    }
    self.init(sequences, labels: other == nil ? labels : [])
  }

  /// The sequences at `indices`, in that order.
  public func subset(_ indices: some Collection<Int>) -> LabeledSequences {
    LabeledSequences(sequences.subset(indices), labels: isLabeled ? indices.map { labels[$0] } : [])
  }

  /// These sequences and then those of `other`; labels are kept where both have them.
  public func joined(with other: LabeledSequences) -> LabeledSequences {
    if count == 0 { return other }
    if other.count == 0 { return self }
    return LabeledSequences(
      sequences.joined(with: other.sequences),
      labels: isLabeled && other.isLabeled ? labels + other.labels : [])
  }

  /// - Throws: `InputError` unless sequences of both classes are there.
  public func requireBothClasses(file: String? = nil) throws {
    guard isLabeled else { throw InputError(file: file, "has no labels; both classes are needed") }
    let positives = positiveCount
    if positives == 0 || positives == count {
      throw InputError(
        file: file, "all \(count) labels are \(positives == 0 ? 0 : 1); both classes are needed")
    }
  }
}
