import Runtime
import Sequences

/// Which sequences are never divided between those trained on and those measured on.
public enum Grouping: String, CaseIterable, Sendable {
  /// Equal sequences and reverse complements.
  case duplicates
  /// Of the same chromosome, told by names such as `chr1:1000-1100`.
  case chromosomes
  /// Windows that overlap, told by the same names.
  case overlaps
  /// Each stands alone.
  case none

  /// For each sequence the number of its group; `nil` if each stands alone.
  ///
  /// - Throws: `InputError` where names tell no chromosome, or each a different one.
  public func groups(of sequences: SequenceSet, file: String? = nil) throws -> [Int]? {
    switch self {
    case .duplicates: sequences.duplicateGroups
    case .chromosomes: try Self.chromosomes(of: sequences, file: file)
    case .overlaps: try sequences.overlapGroups(file: file)
    case .none: nil
    }
  }

  private static func chromosomes(of sequences: SequenceSet, file: String?) throws -> [Int] {
    let groups = try sequences.chromosomeGroups(file: file)
    let count = Set(groups).count
    if sequences.count > 1, count == sequences.count || count == 1 {
      throw InputError(
        file: file,
        count == 1
          ? "all sequences lie on one chromosome, which cannot be kept on one side; --keep-together overlaps divides it between windows"
          : "each sequence lies on a chromosome of its own; do the names begin with chromosomes, as in chr1:1000-1100?"
      )
    }
    return groups
  }
}

/// Data in two parts.
public struct DataSplit: Sendable {
  public let train: DataSet
  public let test: DataSet

  public init(train: DataSet, test: DataSet) { (self.train, self.test) = (train, test) }
}

extension DataSet {
  /// Holds out a share, classes in proportion and no group divided.
  ///
  /// - Parameter share: of the sequences, between 0 and 1.
  /// - Throws: `InputError` if a part would be empty or lack a class.
  public func holdingOut(
    _ share: Double, grouping: Grouping = .duplicates, seed: UInt64, file: String? = nil
  ) throws -> DataSplit {
    let strata = strata
    let fold = Splits.holdOut(
      labels: strata, share: share, groups: try grouping.groups(of: sequences, file: file), seed: seed)
    let classes = Set(strata)
    guard [fold.train, fold.test].allSatisfy({ Set($0.map { strata[$0] }) == classes }) else {
      let what =
        strataNames.isEmpty ? "" : strataNames.count == 2 ? " with both classes" : " with all classes"
      throw InputError(
        file: file, "\(count) sequences are too few to hold out a share of \(Self.short(share))\(what)")
    }
    return DataSplit(train: subset(fold.train), test: subset(fold.test))
  }

  private static func short(_ share: Double) -> String {
    let rounded = (share * 1000).rounded() / 1000
    return "\(rounded)"
  }
}
