import Runtime

extension SequenceSet {
  /// For each sequence the number of its group: the same for sequences that are equal or each other's reverse complement.
  ///
  /// Groups are numbered from 0 in the order of their first sequences.
  public var duplicateGroups: [Int] {
    var numbers: [[UInt8]: Int] = [:]
    numbers.reserveCapacity(count)
    return (0..<count).map { index in
      let forward = Array(self[index])
      let backward = Nucleotide.reverseComplement(forward)
      let canonical = backward.lexicographicallyPrecedes(forward) ? backward : forward
      return Self.number(of: canonical, in: &numbers)
    }
  }

  /// Groups that a split keeps together: chromosomes where a genome is known and names carry coordinates, otherwise
  /// duplicates.
  package var groups: [Int] {
    guard GenomicInput.source != nil, let chromosomes = try? chromosomeGroups() else {
      return duplicateGroups
    }
    return chromosomes
  }

  /// Where each sequence lies in its genome, as its name says (see `GenomicLocation.init(name:)`).
  ///
  /// - Throws: `InputError` naming the first sequence whose name has no coordinates.
  public func locations(file: String? = nil) throws -> [GenomicLocation] {
    try (0..<count).map { index in
      guard let location = GenomicLocation(name: name(index)) else {
        throw InputError(
          file: file,
          "sequence \(name(index)) has no chromosome in its name; expected a name like chr1:1000-1100")
      }
      return location
    }
  }

  /// For each sequence the number of its chromosome.
  ///
  /// Groups are numbered as in `duplicateGroups`.
  /// - Throws: `InputError` naming the first sequence whose name has no coordinates.
  public func chromosomeGroups(file: String? = nil) throws -> [Int] {
    var numbers: [String: Int] = [:]
    return try locations(file: file).map { Self.number(of: $0.chromosome, in: &numbers) }
  }

  private static func number<Key: Hashable>(of key: Key, in numbers: inout [Key: Int]) -> Int {
    if let number = numbers[key] { return number }
    numbers[key] = numbers.count
    return numbers.count - 1
  }
}
