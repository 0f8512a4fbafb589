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

  /// Groups that a split keeps together: where a genome is known and names carry coordinates, chromosomes, or windows that
  /// overlap if there are fewer than `fewestChromosomes`; otherwise duplicates.
  package var groups: [Int] {
    guard GenomicInput.source != nil, let chromosomes = try? chromosomeGroups() else {
      return duplicateGroups
    }
    let isEnough = Set(chromosomes).count >= Self.fewestChromosomes
    return isEnough ? chromosomes : (try? overlapGroups()) ?? chromosomes
  }

  /// Training, validation and test sequences need a chromosome each, and some to choose from.
  private static let fewestChromosomes = 5

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

  /// For each sequence the number of its group: the same for windows that overlap, or that others between them join.
  ///
  /// Groups are numbered as in `duplicateGroups`.
  /// - Throws: `InputError` naming the first sequence whose name has no coordinates.
  public func overlapGroups(file: String? = nil) throws -> [Int] {
    let locations = try locations(file: file)
    let order = locations.indices.sorted { a, b in
      (locations[a].chromosome, locations[a].start, a) < (locations[b].chromosome, locations[b].start, b)
    }
    var first = [Int](repeating: 0, count: count)
    var (leader, end) = (0, 0)
    for (rank, index) in order.enumerated() {
      let location = locations[index]
      if rank == 0 || location.chromosome != locations[leader].chromosome || location.start >= end {
        (leader, end) = (index, location.end)
      }
      end = Swift.max(end, location.end)
      first[index] = leader
    }
    var numbers: [Int: Int] = [:]
    return first.map { Self.number(of: $0, in: &numbers) }
  }

  private static func number<Key: Hashable>(of key: Key, in numbers: inout [Key: Int]) -> Int {
    if let number = numbers[key] { return number }
    numbers[key] = numbers.count
    return numbers.count - 1
  }
}
