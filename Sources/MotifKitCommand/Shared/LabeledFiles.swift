import ArgumentParser
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

  func validate() throws {
    if train != nil, positives != nil || negatives != nil {
      throw ValidationError("--train has labels already: leave out --positives and --negatives")
    }
    if negatives != nil, positives == nil { throw ValidationError("--negatives needs --positives") }
  }

  /// Throws `InputError` if the files hold no labelled sequences of one length and both classes.
  func read(seed: UInt64) throws -> SequenceSet {
    if let train { return try SequenceSet.readLabeled(path: train) }
    guard let positives else {
      throw ValidationError("give --train, or --positives with or without --negatives")
    }
    let negatives = LabeledInput.Negatives(argument: negatives ?? "dinucleotide")
    let set = try LabeledInput(positives: positives, negatives: negatives, seed: seed)
      .read(requireUniformLength: true)
    try set.requireBothClasses(file: positives)
    return set
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
