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

  /// For each sequence the number of its chromosome, which is its name up to the first colon, as in `chr1:1000-1100`.
  ///
  /// Groups are numbered as in `duplicateGroups`.
  /// - Throws: `InputError` naming the first sequence whose name has no colon.
  public func chromosomeGroups(file: String? = nil) throws -> [Int] {
    var numbers: [Substring: Int] = [:]
    return try (0..<count).map { index in
      let name = name(index)
      guard let colon = name.firstIndex(of: ":"), colon > name.startIndex else {
        throw InputError(
          file: file, "sequence \(name) has no chromosome in its name; expected a name like chr1:1000-1100")
      }
      return Self.number(of: name[..<colon], in: &numbers)
    }
  }

  private static func number<Key: Hashable>(of key: Key, in numbers: inout [Key: Int]) -> Int {
    if let number = numbers[key] { return number }
    numbers[key] = numbers.count
    return numbers.count - 1
  }
}
