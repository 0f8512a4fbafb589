extension SequenceSet {
  /// Share of a sequence's known bases that are G or C; ½ where none is known.
  package func gcContent(_ index: Int) -> Double {
    let known = self[index].count { $0 < 4 }
    return known == 0 ? 0.5 : Double(self[index].count { $0 == 1 || $0 == 2 }) / Double(known)
  }

  /// Frequencies of AA, AC, …, TT in a sequence, which sum to 1; zeros where no two known bases are neighbors.
  package func dinucleotideFrequencies(_ index: Int) -> [Double] {
    var counts = [Double](repeating: 0, count: 16)
    let sequence = self[index]
    for (first, second) in zip(sequence, sequence.dropFirst()) where first < 4 && second < 4 {
      counts[Int(4 * first + second)] += 1
    }
    let total = Swift.max(1, counts.reduce(0, +))
    return counts.map { $0 / total }
  }
}
