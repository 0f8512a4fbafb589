extension FrequencyMatrix {
  /// How a position becomes one letter.
  public enum ConsensusRule: Sendable {
    /// One base if it has more than half and at least twice the next; two bases' letter if together they have
    /// more than three quarters; three bases' letter if the fourth never occurs; N otherwise (Cavener 1987,
    /// Nucleic Acids Research 15, 1353–1361, as TRANSFAC applies it).
    case cavener
    /// The most frequent base, the first of A C G T among equals.
    case mostFrequent
  }

  /// One IUPAC letter a position.
  public func consensus(_ rule: ConsensusRule = .cavener) -> String {
    String((0..<width).map { letter(at: $0, rule) })
  }

  /// IUPAC letters by set of bases: bit 0 for A, 1 for C, 2 for G, 3 for T.
  private static let iupac: [Character] = Array("-ACMGRSVTWYHKDBN")

  private func letter(at position: Int, _ rule: ConsensusRule) -> Character {
    // In billionths, so that 0.5 is twice 0.25 however the numbers came about.
    let row = row(position).map { ($0 * 1e9).rounded() }
    let order = (0..<4).sorted { (row[$1], $0) < (row[$0], $1) }
    let bases: [Int]
    switch rule {
    case .mostFrequent: bases = [order[0]]
    case .cavener:
      if row[order[0]] > 0.5e9, row[order[0]] >= 2 * row[order[1]] {
        bases = [order[0]]
      } else if row[order[0]] + row[order[1]] > 0.75e9 {
        bases = Array(order[..<2])
      } else if row[order[3]] == 0, row[order[2]] > 0 {
        bases = Array(order[..<3])
      } else {
        bases = order
      }
    }
    return Self.iupac[bases.reduce(0) { $0 | 1 << $1 }]
  }
}
