import Runtime
import Sequences

/// Sequences, what a network is to answer for each, and what that means.
public struct DataSet: Sendable {
  public let sequences: SequenceSet
  public let targets: Targets
  public let objective: Objective
  /// 1 or 0 for each sequence; empty unless every sequence has a yes or no.
  public let labels: [UInt8]
  /// Whether any base is unknown.
  let hasUnknown: Bool

  /// Throws `InputError` unless there are targets for every sequence and every output.
  public init(_ sequences: SequenceSet, targets: Targets, objective: Objective) throws {
    guard targets.count == sequences.count else {
      throw InputError("\(targets.count) rows of targets for \(sequences.count) sequences")
    }
    guard targets.outputs == objective.outputs.count else {
      throw InputError("\(targets.outputs) targets for \(objective.outputs.count) outputs")
    }
    self.init(sequences, targets, objective)
  }

  /// Labels 0 and 1 for one output; class numbers with `classes`, the names of the classes.
  ///
  /// Throws `InputError` unless there is a label for every sequence, and the class for every label.
  public init(_ sequences: SequenceSet, labels: [UInt8], classes: [String]? = nil) throws {
    guard !labels.isEmpty else { throw InputError("training needs a label for each sequence") }
    try self.init(
      sequences,
      targets: try classes.map { try Targets(classes: labels, count: $0.count) } ?? Targets(labels: labels),
      objective: classes.map {
        Objective(loss: .categoricalCrossEntropy, columns: ["class"], outputs: $0)
      } ?? .binary)
  }

  /// Throws `InputError` if there are no labels.
  public init(_ labeled: LabeledSequences) throws { try self.init(labeled.sequences, labels: labeled.labels) }

  private init(_ sequences: SequenceSet, _ targets: Targets, _ objective: Objective) {
    (self.sequences, self.targets, self.objective) = (sequences, targets, objective)
    let isAnswered = objective.isBinary && targets.values.allSatisfy { $0 == 0 || $0 == 1 }
    labels = isAnswered ? targets.values.map { UInt8($0) } : []
    hasUnknown = sequences.codes.contains(Nucleotide.unknown)
  }

  public var count: Int { sequences.count }
  /// How many sequences have the label 1.
  public var positiveCount: Int { labels.reduce(0) { $0 + Int($1) } }
  public func name(_ index: Int) -> String { sequences.name(index) }

  /// The sequences at `indices`, in that order.
  public func subset(_ indices: some Collection<Int>) -> DataSet {
    DataSet(sequences.subset(indices), targets.subset(indices), objective)
  }

  /// These sequences with other bases, such as shifted ones; as many and in the same order.
  package func replacing(_ sequences: SequenceSet) -> DataSet {
    precondition(sequences.count == count, "a sequence for each of the targets")
    return DataSet(sequences, targets, objective)
  }

  /// The sequences with their labels, as a file holds them.
  public var labeled: LabeledSequences { LabeledSequences(sequences, labels: labels) }

  /// Indices of the sequences with a label.
  public func indices(label: UInt8) -> [Int] { labels.indices.filter { labels[$0] == label } }

  /// For each sequence the class that a split keeps in proportion: 0 and 1 of yes and no, the number of the class;
  /// always 0 where targets are no classes.
  public var strata: [Int] {
    guard objective.loss?.hasAccuracy == true, objective.isBinary || objective.hasClassColumn else {
      return [Int](repeating: 0, count: count)
    }
    if objective.isBinary { return targets.values.map { $0 > 0.5 ? 1 : 0 } }
    return (0..<count).map { index in
      let row = targets[index]
      return (row.max().flatMap(row.firstIndex) ?? row.startIndex) - row.startIndex
    }
  }

  /// What the strata are called: `label 0`, `class promoter`; none where there is one alone.
  public var strataNames: [String] {
    if objective.isBinary { return ["the label 0", "the label 1"] }
    return objective.hasClassColumn ? objective.outputs.map { "the class \($0)" } : []
  }

  /// - Parameter what: such as "an audit".
  /// - Throws: `InputError` unless there is one question, with a yes or no for every sequence and both among them.
  public func requireBinary(for what: String, file: String? = nil) throws {
    try objective.requireBinary(for: what, file: file)
    guard labels.count == count else {
      throw InputError(file: file, "column \(objective.outputs[0]) must hold 0 or 1 in every row for \(what)")
    }
    try labeled.requireBothClasses(file: file)
  }

  /// Throws `InputError` naming the first thing that a network cannot be trained on or measured by.
  package func require(fits network: Network) throws {
    try network.requireLength(of: sequences)
    let outputs = network.architecture.outputCount
    guard targets.outputs == outputs else {
      throw InputError("\(targets.outputs) targets for each sequence, but the network has \(outputs) outputs")
    }
    try objective.require(outputs: outputs)
    let losses = objective.heads.flatMap { head in head.outputs.map { _ in head.loss } }
    for (index, value) in targets.values.enumerated() where !value.isNaN {
      if let problem = losses[index % outputs].problem(value) {
        throw InputError("\(name(index / outputs)) has a target of \(value); \(problem)")
      }
    }
  }
}
