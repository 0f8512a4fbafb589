import Foundation
import Runtime
import Sequences

/// Which chromosomes are for training, validation and test: what chrombpnet keeps in a JSON file
/// `{"train": […], "valid": […], "test": […]}`.
///
/// Windows that overlap lie on one chromosome and so on one side.
public struct ChromosomeSplit: Codable, Equatable, Sendable {
  /// `nil` for all that are in no other part.
  public var train: [String]?
  public var valid: [String]
  public var test: [String]

  /// - Throws: `InputError` if a chromosome stands in two parts.
  public init(train: [String]? = nil, validation: [String] = [], test: [String] = []) throws {
    self.train = train
    valid = validation
    self.test = test
    try requireDisjoint(file: nil)
  }

  /// Reads chrombpnet's JSON.
  ///
  /// - Throws: `InputError` if the file cannot be read, is no such JSON, or names a chromosome twice.
  public init(path: String) throws {
    let data = try SmallFile.data(path: path)
    guard let split = try? JSONDecoder().decode(ChromosomeSplit.self, from: data) else {
      throw InputError(
        file: path,
        "is no split; expected {\"train\": […], \"valid\": […], \"test\": […]} with names of chromosomes")
    }
    self = split
    try requireDisjoint(file: path)
  }

  private func requireDisjoint(file: String?) throws {
    var seen: Set<String> = []
    for name in (train ?? []) + valid + test where !seen.insert(name).inserted {
      throw InputError(file: file, "the chromosome \(name) stands in the split twice")
    }
  }

  /// Indices of locations by part.
  public struct Parts: Equatable, Sendable {
    public var train: [Int] = []
    public var validation: [Int] = []
    public var test: [Int] = []
    /// On chromosomes that are in no part.
    public var leftOut: [Int] = []
  }

  /// Which of the locations lie on the chromosomes named.
  ///
  /// - Parameter purpose: what they are for, for messages, such as `test`.
  /// - Throws: `InputError` if none does, with the chromosomes there are. A name without any is said as a warning.
  public static func indices(
    of locations: [GenomicLocation], on names: [String], for purpose: String, file: String? = nil
  ) throws -> [Int] {
    let wanted = Set(names)
    let found = locations.indices.filter { wanted.contains(locations[$0].chromosome) }
    let there = Set(locations.map(\.chromosome))
    guard !found.isEmpty else {
      throw InputError(
        file: file,
        "no sequence lies on the chromosomes for \(purpose) (\(names.joined(separator: ", "))); there are "
          + there.sorted().prefix(6).joined(separator: ", "))
    }
    let missing = names.filter { !there.contains($0) }
    if !missing.isEmpty {
      try InputWarning.emit(
        file: file ?? "the sequences", "none lies on \(missing.joined(separator: ", ")), named for \(purpose)"
      )
    }
    return found
  }

  /// Which part each location belongs to.
  ///
  /// - Throws: `InputError` if no location lies on one of the chromosomes of a part that has some, with those there are.
  public func parts(of locations: [GenomicLocation], file: String? = nil) throws -> Parts {
    let (training, validation, testing) = (train.map(Set.init), Set(valid), Set(test))
    var parts = Parts()
    for (index, location) in locations.enumerated() {
      let name = location.chromosome
      if testing.contains(name) {
        parts.test.append(index)
      } else if validation.contains(name) {
        parts.validation.append(index)
      } else if training?.contains(name) ?? true {
        parts.train.append(index)
      } else {
        parts.leftOut.append(index)
      }
    }
    for case let (part, names?) in [("training", train), ("validation", valid), ("test", test)]
    where !names.isEmpty {
      _ = try Self.indices(of: locations, on: names, for: part, file: file)
    }
    guard !parts.train.isEmpty else {
      throw InputError(file: file, "the split leaves no chromosome for training")
    }
    return parts
  }
}
