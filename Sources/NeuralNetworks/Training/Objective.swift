import Foundation
import Runtime
import Sequences

/// What a network's outputs stand for: the loss they are trained with, and the names of what they answer.
///
/// It goes with a model file, so that evaluation and prediction know which columns of a table the outputs are.
public struct Objective: Equatable, Sendable {
  public var loss: Loss
  /// Titles of the table's columns that hold the targets; none for the column `label` or `Bound` with 0 and 1.
  public var columns: [String]
  /// A name for each output: a column, or a class.
  public var outputs: [String]

  public init(loss: Loss, columns: [String], outputs: [String]) {
    self.loss = loss
    self.columns = columns
    self.outputs = outputs
  }

  /// One output: is the sequence positive?
  public static let binary = Objective(loss: .binaryCrossEntropy, columns: [], outputs: ["label"])

  /// Whether outputs are classes, of which one word in one column names the right one.
  var hasClassColumn: Bool { loss == .categoricalCrossEntropy && columns.count == 1 }

  /// What the metadata of a model file say; `binary` if they say nothing.
  ///
  /// Throws `InputError` if they do not fit the network.
  public init(metadata: [String: String], of network: Network, file: String) throws {
    let count = network.architecture.outputCount
    guard let name = metadata["loss"] else {
      guard count == 1 else {
        throw InputError(file: file, "has \(count) outputs and does not say what they are")
      }
      self = .binary
      return
    }
    func list(_ key: String) throws -> [String] {
      guard let text = metadata[key],
        let list = try? JSONDecoder().decode([String].self, from: Data(text.utf8))
      else { throw InputError(file: file, "its \(key) are no list of names") }
      return list
    }
    guard let loss = Loss(rawValue: name) else {
      throw InputError(file: file, "has an unknown loss '\(name)'")
    }
    self.init(loss: loss, columns: try list("columns"), outputs: try list("outputs"))
    guard outputs.count == count, columns.count == count || columns.isEmpty && count == 1 || hasClassColumn
    else {
      throw InputError(file: file, "names \(outputs.count) outputs where the network has \(count)")
    }
  }

  /// Keys and values for a model file; none for `binary`.
  public var metadata: [String: String] {
    if self == .binary { return [:] }
    func list(_ names: [String]) -> String {
      String(decoding: try! JSONEncoder().encode(names), as: UTF8.self)
    }
    return ["loss": loss.rawValue, "columns": list(columns), "outputs": list(outputs)]
  }

  /// Reads a table to train on, and finds what its outputs are.
  ///
  /// - Parameter columns: titles of the target columns, `*` at the end for all that begin so; none for `label` or `Bound`.
  ///   For `categoricalCrossEntropy` one column names each sequence's class (classes in numerical or alphabetical order), several
  ///   hold shares from 0 to 1.
  /// - Throws: `InputError` naming file, line and reason.
  public static func read(path: String, columns: [String], loss: Loss) throws -> (Objective, TrainingSet) {
    let isOneColumn = columns.count < 2 && !(columns.first?.hasSuffix("*") ?? false)
    if loss == .categoricalCrossEntropy, isOneColumn {
      let table = try TargetTable.read(path: path, columns: TargetColumns(columns, content: .words))
      let classes = Set(table.words).sorted(by: precedes)
      guard classes.count > 1 else {
        throw InputError(file: path, "all sequences have the class \(classes[0]); two or more are needed")
      }
      let objective = Objective(loss: loss, columns: table.columns, outputs: classes)
      return (objective, try objective.set(table, file: path))
    }
    let table = try TargetTable.read(path: path, columns: TargetColumns(columns), problem: loss.problem)
    guard loss != .categoricalCrossEntropy || table.columns.count > 1 else {
      throw InputError(file: path, "\(loss.name) over shares needs a column for each class, two or more")
    }
    let objective = Objective(loss: loss, columns: table.columns, outputs: table.columns)
    return (objective, try objective.set(table, file: path))
  }

  /// Reads a table with the targets of these outputs.
  ///
  /// Throws `InputError` naming file, line and reason.
  public func read(path: String, length: Int) throws -> TrainingSet {
    let wanted = TargetColumns(columns, content: hasClassColumn ? .words : .numbers)
    return try set(
      TargetTable.read(path: path, columns: wanted, length: length, problem: loss.problem), file: path)
  }

  private func set(_ table: TargetTable, file: String) throws -> TrainingSet {
    guard hasClassColumn else {
      return try TrainingSet(
        table.sequences, targets: Targets(outputs: table.columns.count, values: table.numbers))
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
    return try TrainingSet(table.sequences, targets: Targets(outputs: outputs.count, values: values))
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

  /// What each output says in the units of its targets: a probability, a number or a rate. (sequences, outputs).
  public func predictions(_ logits: [Float]) -> [Float] {
    switch loss {
    case .binaryCrossEntropy: return logits.map { Float(Activation.sigmoid.value(Double($0))) }
    case .meanSquaredError: return logits
    case .poisson: return logits.map { Float(exp(Double($0))) }
    case .categoricalCrossEntropy:
      return stride(from: 0, to: logits.count, by: outputs.count).flatMap { row in
        Softmax.shares(logits[row..<row + outputs.count].map(Double.init)).map { Float($0) }
      }
    }
  }
}
