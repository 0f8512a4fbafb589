import ArgumentParser
import Foundation
import MotifKit
import Runtime

extension LabeledFiles {
  /// The file that labelled sequences come from, to name in messages.
  var mainFile: String? { train ?? positives }

  /// The files that are read, for `run.json`.
  var files: [String] {
    let others = negatives == "dinucleotide" ? nil : negatives
    return [train, positives, others].compactMap { $0 }
  }

  /// The words of the command line that name the data.
  var words: [String] {
    let options = [
      ("train", train), ("positives", positives), ("negatives", negatives), ("labels", labels),
    ]
    return options.flatMap { name, value in value.map { ["--\(name)", $0] } ?? [] }
  }

  /// Sequences with labels 0 and 1.
  ///
  /// Throws `InputError` as `read(seed:)` does, or if there is another question than one with yes or no.
  func readBinary(seed: UInt64) throws -> SequenceSet {
    let (objective, set) = try read(seed: seed)
    guard objective.loss == .binaryCrossEntropy, objective.outputs.count == 1 else {
      throw InputError(file: mainFile, "one column with labels 0 and 1 is needed")
    }
    if set.sequences.isLabeled { return set.sequences }
    guard set.targets.values.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw InputError(file: mainFile, "column \(objective.outputs[0]) must hold 0 or 1 in every row")
    }
    let (sequences, labels) = (set.sequences, set.targets.values.map { UInt8($0) })
    let labeled = SequenceSet(
      codes: sequences.codes, starts: sequences.starts, labels: labels, names: sequences.names)
    try labeled.requireBothClasses(file: mainFile)
    return labeled
  }
}

/// Which sequences are never divided between training and test.
enum KeepTogether: String, ExpressibleByArgument, CaseIterable {
  case duplicates, chromosomes, none

  /// For each sequence the number of its group; `nil` if each stands alone.
  func groups(of set: SequenceSet, file: String?) throws -> [Int]? {
    switch self {
    case .duplicates: set.duplicateGroups
    case .chromosomes: try set.chromosomeGroups(file: file)
    case .none: nil
    }
  }
}

/// `--keep-together`
struct KeepTogetherOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What is never divided between training and test: duplicates, which are equal sequences and reverse complements, or \
      chromosomes, told by names such as chr1:1000-1100.
      """))
  var keepTogether = KeepTogether.duplicates
}
