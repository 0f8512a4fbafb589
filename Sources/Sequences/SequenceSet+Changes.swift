import Runtime

extension SequenceSet {
  /// These sequences and then those of `other`. Names are kept where both sets have them.
  public func joined(with other: SequenceSet) -> SequenceSet {
    if count == 0 { return other }
    if other.count == 0 { return self }
    return SequenceSet(
      codes: codes + other.codes, starts: starts + other.starts.dropFirst().map { $0 + codes.count },
      names: names.isEmpty || other.names.isEmpty ? [] : names + other.names)
  }

  /// `length` bases from the middle of each sequence; of two middles the left one.
  ///
  /// - Throws: `InputError` naming the first sequence that is shorter.
  public func centered(length: Int, file: String? = nil) throws -> SequenceSet {
    if let index = (0..<count).first(where: { self[$0].count < length }) {
      throw InputError(
        file: file,
        "sequence \(name(index)) has \(self[index].count) bases, fewer than the \(length) asked for")
    }
    var result = SequenceSet()
    result.reserveCapacity(sequences: count, bases: count * length)
    for index in 0..<count {
      let sequence = self[index]
      let start = sequence.startIndex + (sequence.count - length) / 2
      result.append(
        codes[start..<start + length], name: names.isEmpty ? nil : names[index])
    }
    return result
  }

  /// Each sequence turned around a random place of its own: what stood at one position may stand anywhere.
  public func rotated(seed: UInt64) -> SequenceSet {
    var turned = codes
    for index in 0..<count where self[index].count > 1 {
      var random = CounterRandom(seed: seed, purpose: .augmentation, index: index)
      let first = starts[index]
      let length = starts[index + 1] - first
      let shift = random.below(length)
      for position in 0..<length { turned[first + (position + shift) % length] = codes[first + position] }
    }
    return SequenceSet(codes: turned, starts: starts, names: names)
  }
}
