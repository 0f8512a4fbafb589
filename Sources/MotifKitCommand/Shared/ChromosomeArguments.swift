import ArgumentParser
import Foundation
import MotifKit
import Runtime

/// Which chromosomes are to train on, to validate on and to test on, where names of sequences carry coordinates.
struct ChromosomeArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Chromosomes to test on, comma-separated; nothing is trained on them.", valueName: "names"))
  var testChromosomes: String?

  @Option(
    help: ArgumentHelp(
      "Chromosomes to validate on, comma-separated: they say when to stop, and are not trained on.",
      valueName: "names"))
  var validationChromosomes: String?

  @Option(
    help: ArgumentHelp(
      """
      Chromosomes of each part in JSON, as chrombpnet has them: {"train": […], "valid": […], "test": […]}; sequences \
      on others are left out.
      """, valueName: "file"))
  var foldsJson: String?

  func validate() throws {
    if foldsJson != nil, testChromosomes != nil || validationChromosomes != nil {
      throw ValidationError(
        "--folds-json names all chromosomes: leave out --test- and --validation-chromosomes")
    }
    // Before any sequence is read.
    for file in files { _ = try ChromosomeSplit(path: file) }
    if foldsJson == nil { _ = try split() }
  }

  var isGiven: Bool { foldsJson != nil || testChromosomes != nil || validationChromosomes != nil }

  /// The files that are read, for `run.json`.
  var files: [String] { foldsJson?.split(separator: ",").map(String.init) ?? [] }

  /// `nil` where the user names none.
  ///
  /// Throws `InputError` if the file cannot be read, or a chromosome has two parts.
  func split() throws -> ChromosomeSplit? {
    if let foldsJson {
      guard files.count == 1 else {
        throw ValidationError("--folds-json \(foldsJson): expected one file; crossval takes several")
      }
      return try ChromosomeSplit(path: foldsJson)
    }
    guard isGiven else { return nil }
    return try ChromosomeSplit(
      validation: Self.names(validationChromosomes), test: Self.names(testChromosomes))
  }

  /// Folds out of several files, each of which names the chromosomes that a fold trains on and holds out, and the sequences
  /// that are in one of them; `nil` where there are no files.
  ///
  /// Throws `InputError` as `split` does, or unless each sequence is held out exactly once.
  func folds(of set: DataSet, file: String?, _ common: CommonOptions) throws -> (set: DataSet, folds: Folds)?
  {
    guard foldsJson != nil else { return nil }
    let splits = try files.map { try ChromosomeSplit(path: $0) }
    let named = Set(splits.flatMap { ($0.train ?? []) + $0.valid + $0.test })
    let all = try set.sequences.locations(file: file)
    let kept = set.subset(all.indices.filter { named.contains(all[$0].chromosome) })
    if kept.count < set.count {
      common.note(
        "\(set.count - kept.count) sequences lie on chromosomes that no fold names, and are left out")
    }
    let locations = try kept.sequences.locations(file: file)
    let parts = try splits.map { split in
      let parts = try split.parts(of: locations, file: file)
      return Splits.Fold(train: parts.train, test: parts.test)
    }
    return (kept, try Folds(of: kept, parts: parts, file: foldsJson))
  }

  private static func names(_ list: String?) -> [String] {
    list?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
  }

  /// The parts of a set, and a note how large they are; `nil` where the user names no chromosomes.
  ///
  /// Throws `InputError` if a name has no coordinates, or a part that has chromosomes no sequence.
  func parts(of set: DataSet, file: String?, _ common: CommonOptions) throws -> ChromosomeParts? {
    guard let split = try split() else { return nil }
    let parts = try ChromosomeParts(set, by: split, file: file)
    common.note(parts.summary)
    return parts
  }

  /// The sequences to measure a model on: of the chromosomes to test on, or else to validate on; all where the user names
  /// none.
  ///
  /// Throws `InputError` as `parts` does.
  func measured(_ set: DataSet, file: String, _ common: CommonOptions) throws -> DataSet {
    guard let split = try split() else { return set }
    let names = split.test.isEmpty ? split.valid : split.test
    guard !names.isEmpty else { throw InputError(file: foldsJson, "names no chromosomes to test on") }
    let locations = try set.sequences.locations(file: file)
    let indices = try ChromosomeSplit.indices(of: locations, on: names, for: "test", file: file)
    common.note("\(indices.count) of \(set.count) sequences lie on \(names.joined(separator: ", "))")
    return set.subset(indices)
  }
}

/// A set divided by chromosomes.
struct ChromosomeParts {
  let train: DataSet
  /// `nil` where no chromosomes are for it.
  let validation, test: DataSet?
  /// How many sequences on how many chromosomes each part has.
  let summary: String

  init(_ set: DataSet, by split: ChromosomeSplit, file: String?) throws {
    let locations = try set.sequences.locations(file: file)
    let parts = try split.parts(of: locations, file: file)
    func size(_ indices: [Int]) -> String {
      let chromosomes = Set(indices.map { locations[$0].chromosome }).count
      return "\(Words.counted(indices.count, "sequence")) on \(Words.counted(chromosomes, "chromosome"))"
    }
    train = set.subset(parts.train)
    validation = parts.validation.isEmpty ? nil : set.subset(parts.validation)
    test = parts.test.isEmpty ? nil : set.subset(parts.test)
    summary = [
      (parts.train, "to train on"), (parts.validation, "to validate on"), (parts.test, "to test on"),
      (parts.leftOut, "left out"),
    ].filter { !$0.0.isEmpty }.map { "\(size($0.0)) \($0.1)" }.joined(separator: ", ")
  }
}

extension Model {
  /// A note where sequences lie on chromosomes that the model was trained on: what is measured on them says little.
  func noteSeenChromosomes(_ set: DataSet, _ common: CommonOptions) {
    guard let seen = metadata.provenance?.chromosomes.map(Set.init), !set.sequences.names.isEmpty,
      let locations = try? set.sequences.locations()
    else { return }
    let count = locations.count { seen.contains($0.chromosome) }
    guard count > 0 else { return }
    common.note(
      "\(count) of \(set.count) sequences lie on chromosomes that the model was trained on; --test-chromosomes measures it"
        + " on others")
  }
}
