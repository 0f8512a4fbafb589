import ArgumentParser
import Foundation
import MotifKit

/// Sequences with targets as a user gives them: one table, or positives and where negatives come from.
struct DataArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Table of sequences with labels.", valueName: "file")) var train: String?

  @Option(help: ArgumentHelp("Sequences with the label 1.", valueName: "file")) var positives: String?

  @Option(
    help: ArgumentHelp(
      """
      Sequences with the label 0; or dinucleotide, shuffles of the positives that keep their dinucleotides; or, with \
      --genome, windows that resemble them: gc, which is chrombpnet's way, tangermeme, gkmsvm. (default: dinucleotide)
      """, valueName: "file"))
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
      binary: each column holds 0 or 1. focal: the same, by the focal loss (--focal-gamma). categorical: one column names each sequence's class. mse: numbers. poisson: \
      counts, whose logarithm the network gives. log-mse: counts, by the error of their logarithm. multinomial: the \
      columns are a profile of counts, whose shape the network gives.
      """, valueName: "name"))
  var loss = LossName.binary

  func validate() throws {
    if train == nil, labels != nil || loss.loss != .binaryCrossEntropy {
      throw ValidationError("--labels and --loss need --train: other files have no columns")
    }
    if train != nil, positives != nil || negatives != nil {
      throw ValidationError("--train has labels already: leave out --positives and --negatives")
    }
    if negatives != nil, positives == nil { throw ValidationError("--negatives needs --positives") }
  }

  /// Where the data come from.
  ///
  /// Throws `ValidationError` if nothing says so.
  func source() throws -> DataSource {
    if let train {
      let columns = labels.map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
      return DataSource(table: train, columns: columns ?? [], loss: loss.loss)
    }
    guard let positives else {
      throw ValidationError("give --train, or --positives with or without --negatives")
    }
    return DataSource(
      .classes(
        positives: positives, negatives: LabeledInput.Negatives(argument: negatives ?? "dinucleotide")))
  }

  /// Sequences of one length with what to learn of them.
  ///
  /// Throws `InputError` if the files hold none, or for yes and no from one column not both classes.
  func read(seed: UInt64) throws -> DataSet { try source().read(seed: seed) }

  /// The data in two parts: with the table `test` as the second, or a share of the data held out.
  ///
  /// Throws `InputError` as `read(seed:)` does, or if a share would be too small.
  func read(test: String?, share: Double, grouping: Grouping, seed: UInt64) throws -> DataSplit {
    try GenomicInput.avoid(test)
    let set = try read(seed: seed)
    guard let test else {
      return try set.holdingOut(share, grouping: grouping, seed: seed, file: mainFile)
    }
    let length = try set.sequences.requireUniformLength(file: mainFile)
    return DataSplit(train: set, test: try set.objective.read(path: test, length: length))
  }

  /// The file that the sequences come from, to name in messages.
  var mainFile: String? { train ?? positives }

  /// The files that are read, for `run.json`.
  var files: [String] { (try? source().paths) ?? [] }

  /// The words of the command line that name the data.
  var words: [String] {
    let options = [
      ("train", train), ("positives", positives), ("negatives", negatives), ("labels", labels),
      ("loss", loss == .binary ? nil : loss.defaultValueDescription),
    ]
    return options.flatMap { name, value in value.map { ["--\(name)", $0] } ?? [] }
  }
}

/// `--loss`: what the targets are, and whether their loss is the focal one.
struct LossName: ExpressibleByArgument, Equatable {
  let loss: Loss
  var isFocal = false

  static let binary = LossName(loss: .binaryCrossEntropy)
  private static let focal = LossName(loss: .binaryCrossEntropy, isFocal: true)
  private static let all = [binary, focal] + Loss.allCases.dropFirst().map { LossName(loss: $0) }

  init(loss: Loss, isFocal: Bool = false) { (self.loss, self.isFocal) = (loss, isFocal) }

  init?(argument: String) {
    guard let name = Self.all.first(where: { $0.defaultValueDescription == argument }) else { return nil }
    self = name
  }

  var defaultValueDescription: String { isFocal ? "focal" : loss.shortName }
  static var allValueStrings: [String] { all.map(\.defaultValueDescription) }
}

extension Grouping: ExpressibleByArgument {}

/// `--keep-together`
struct KeepTogetherOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What is never divided between training and test: duplicates, which are equal sequences and reverse complements, \
      chromosomes, told by names such as chr1:1000-1100, or overlaps, windows that overlap. (default: chromosomes with \
      --genome, otherwise duplicates)
      """))
  var keepTogether: Grouping?

  /// What is kept together.
  var grouping: Grouping { keepTogether ?? (GenomicInput.source == nil ? .duplicates : .chromosomes) }

  /// For each sequence the number of its group, and a note how many chromosomes there are.
  func groups(of set: DataSet, file: String?, _ common: CommonOptions) throws -> [Int]? {
    let groups = try grouping.groups(of: set.sequences, file: file)
    if grouping == .chromosomes, let groups {
      common.note("\(set.count) sequences on \(Set(groups).count) chromosomes")
    }
    return groups
  }
}
