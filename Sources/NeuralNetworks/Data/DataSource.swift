import Runtime
import Sequences

/// Where sequences with targets come from: the one way to read them.
public struct DataSource: Equatable, Sendable {
  public enum Files: Equatable, Sendable {
    /// Tables with a sequence column (or the columns `0`, `1`, …) and targets, taken as one.
    case tables([String])
    /// Sequences with the label 1, and where those with 0 come from.
    case classes(positives: String, negatives: LabeledInput.Negatives)
  }

  public var files: Files
  /// Titles of the target columns, `*` at the end for all that begin so; none for `label` or `Bound`.
  public var columns: [String]
  public var loss: Loss

  public init(_ files: Files, columns: [String] = [], loss: Loss = .binaryCrossEntropy) {
    (self.files, self.columns, self.loss) = (files, columns, loss)
  }

  public init(table path: String, columns: [String] = [], loss: Loss = .binaryCrossEntropy) {
    self.init(.tables([path]), columns: columns, loss: loss)
  }

  /// Whether it asks for the labels of yes and no that every labeled file has.
  private var isPlain: Bool { columns.isEmpty && loss == .binaryCrossEntropy }

  /// The file to name in messages.
  public var mainFile: String {
    switch files {
    case .tables(let paths): paths[0]
    case .classes(let positives, _): positives
    }
  }

  /// All files that are read.
  public var paths: [String] {
    switch files {
    case .tables(let paths): return paths
    case .classes(let positives, .file(let negatives)): return [positives, negatives]
    case .classes(let positives, .dinucleotideShuffles), .classes(let positives, .genome): return [positives]
    }
  }

  /// Sequences of one length with their targets, and what those mean.
  ///
  /// With `categoricalCrossEntropy` one column names each sequence's class (classes in numerical or alphabetical order),
  /// several hold shares from 0 to 1.
  /// - Parameter seed: of negatives that are shuffles.
  /// - Throws: `InputError` naming file, line and reason; for labels of yes and no also where one of the two is missing.
  public func read(seed: UInt64 = 0) throws -> DataSet {
    switch files {
    case .classes(let positives, let negatives):
      guard isPlain else {
        throw InputError(file: positives, "sequences of two classes have no columns of targets")
      }
      let set = try LabeledInput(positives: positives, negatives: negatives, seed: seed)
        .read(requireUniformLength: true)
      try set.requireBothClasses(file: positives)
      return try DataSet(set)
    case .tables(let paths):
      let first = try isPlain ? Self.labels(paths[0], length: nil) : table(paths[0])
      let length = first.sequences.uniformLength
      return try paths.dropFirst().reduce(first) {
        try $0.joined(with: first.objective.read(path: $1, length: length!))
      }
    }
  }

  /// A table, and what its columns are.
  private func table(_ path: String) throws -> DataSet {
    let isOneColumn = columns.count < 2 && !(columns.first?.hasSuffix("*") ?? false)
    if loss == .categoricalCrossEntropy, isOneColumn {
      let table = try TargetTable(contentsOf: path, columns: TargetColumns(columns, content: .words))
      let classes = Set(table.words).sorted(by: Self.precedes)
      guard classes.count > 1 else {
        throw InputError(file: path, "all sequences have the class \(classes[0]); two or more are needed")
      }
      return try Objective(loss: loss, columns: table.columns, outputs: classes).set(table, file: path)
    }
    let table = try TargetTable(contentsOf: path, columns: TargetColumns(columns), problem: loss.problem)
    guard !loss.sharesOutputs || table.columns.count > 1 else {
      throw InputError(file: path, "\(loss.name) over shares needs a column for each class, two or more")
    }
    return try Objective(loss: loss, columns: table.columns, outputs: table.columns).set(table, file: path)
  }

  /// A table with labels of yes and no.
  fileprivate static func labels(_ path: String, length: Int?) throws -> DataSet {
    let set = try LabeledSequences(
      contentsOf: path, requireLabels: true, requireUniformLength: true, length: length)
    try set.requireBothClasses(file: path)
    return try DataSet(set)
  }

  /// Numbers by size, before words by the alphabet.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    switch (Double(a), Double(b)) {
    case (let x?, let y?): x == y ? a < b : x < y
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): a < b
    }
  }
}

extension Objective {
  /// Reads a table with the targets of these outputs, all sequences of one length. Signals of a genome whose names are all others
  /// stand for them in order, if they are as many.
  ///
  /// Throws `InputError` naming file, line and reason.
  public func read(path: String, length: Int) throws -> DataSet {
    if self == .binary { return try DataSource.labels(path, length: length) }
    guard !columns.isEmpty else {
      throw InputError(file: path, "the model does not say which columns its outputs are")
    }
    if let withoutSums { return try withoutSums.read(path: path, length: length).addingSums(self) }
    // Once each: a profile has an output for every base.
    let losses = heads.map(\.loss)
    let table =
      hasClassColumn
      ? try TargetTable(
        contentsOf: path, columns: TargetColumns(columns, content: .words), length: length)
      : try TargetTable(
        contentsOf: path, columns: TargetColumns(columns, allowsOtherSignals: true), length: length,
        problem: { value in losses.lazy.compactMap { $0.problem(value) }.first })
    return try set(table, file: path)
  }

  fileprivate func set(_ table: TargetTable, file: String) throws -> DataSet {
    guard hasClassColumn else {
      return try DataSet(
        table.sequences, targets: Targets(outputs: table.columns.count, values: table.numbers),
        objective: self)
    }
    let numbers = Dictionary(uniqueKeysWithValues: outputs.enumerated().map { ($1, $0) })
    var values = [Float](repeating: 0, count: table.words.count * outputs.count)
    for (index, word) in table.words.enumerated() {
      guard let number = numbers[word] else {
        throw InputError(
          file: file,
          "\(table.sequences.name(index)) is of the class \(word); the network knows \(outputs.joined(separator: ", "))"
        )
      }
      values[index * outputs.count + number] = 1
    }
    return try DataSet(
      table.sequences, targets: Targets(outputs: outputs.count, values: values), objective: self)
  }
}

extension DataSet {
  /// These sequences and then those of `other`, which answers the same.
  ///
  /// Throws `InputError` if it does not.
  public func joined(with other: DataSet) throws -> DataSet {
    guard other.objective == objective else { throw InputError("two sets of sequences have other targets") }
    return try DataSet(
      sequences.joined(with: other.sequences),
      targets: Targets(outputs: targets.outputs, values: targets.values + other.targets.values),
      objective: objective)
  }
}
