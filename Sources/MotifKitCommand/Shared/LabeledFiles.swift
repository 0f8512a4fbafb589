import ArgumentParser
import Foundation
import MotifKit

/// Labelled sequences as a user gives them: one table with labels, or positives and where negatives come from.
struct LabeledFiles: ParsableArguments {
  @Option(help: ArgumentHelp("Table of sequences with labels.", valueName: "file")) var train: String?

  @Option(help: ArgumentHelp("Sequences with the label 1.", valueName: "file")) var positives: String?

  @Option(
    help: ArgumentHelp(
      "Sequences with the label 0, or the word dinucleotide: shuffles of the positives that keep their"
        + " dinucleotides. (default: dinucleotide)", valueName: "file"))
  var negatives: String?

  @Option(
    help: ArgumentHelp(
      """
      Columns of the table to learn, comma-separated; one that ends in * stands for all that begin so. Empty cells and NA \
      count as not known. (default: label or Bound)
      """, valueName: "names"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      """
      binary: each column holds 0 or 1. categorical: one column names each sequence's class. mse: numbers. poisson: \
      counts, whose logarithm the network gives.
      """, valueName: "name"))
  var loss = LossName.binary

  enum LossName: String, ExpressibleByArgument, CaseIterable {
    case binary, categorical, mse, poisson

    var loss: Loss {
      switch self {
      case .binary: .binaryCrossEntropy
      case .categorical: .categoricalCrossEntropy
      case .mse: .meanSquaredError
      case .poisson: .poisson
      }
    }
  }

  func validate() throws {
    if train == nil, labels != nil || loss != .binary {
      throw ValidationError("--labels and --loss need --train: other files have no columns")
    }
    if train != nil, positives != nil || negatives != nil {
      throw ValidationError("--train has labels already: leave out --positives and --negatives")
    }
    if negatives != nil, positives == nil { throw ValidationError("--negatives needs --positives") }
  }

  /// What to learn, and the sequences to learn it from.
  ///
  /// Throws `InputError` if the files hold no labelled sequences of one length, or for yes and no from one column not both
  /// classes.
  func read(seed: UInt64) throws -> (Objective, TrainingSet) {
    if let train {
      guard labels != nil || loss != .binary else {
        return (.binary, try TrainingSet(SequenceSet.readLabeled(path: train)))
      }
      let columns = labels.map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
      return try Objective.read(path: train, columns: columns ?? [], loss: loss.loss)
    }
    guard let positives else {
      throw ValidationError("give --train, or --positives with or without --negatives")
    }
    let negatives = LabeledInput.Negatives(argument: negatives ?? "dinucleotide")
    let set = try LabeledInput(positives: positives, negatives: negatives, seed: seed)
      .read(requireUniformLength: true)
    try set.requireBothClasses(file: positives)
    return (.binary, try TrainingSet(set))
  }
}

extension Objective {
  /// Sequences of a table with the targets of these outputs.
  func set(path: String, length: Int) throws -> TrainingSet {
    self == .binary
      ? try TrainingSet(SequenceSet.readLabeled(path: path, length: length))
      : try read(path: path, length: length)
  }
}

extension SequenceSet {
  /// Sequences with labels of both classes and one length.
  static func readLabeled(path: String, length: Int? = nil) throws -> SequenceSet {
    let set = try read(path: path, requireLabels: true, requireUniformLength: true, length: length)
    try set.requireBothClasses(file: path)
    return set
  }
}
