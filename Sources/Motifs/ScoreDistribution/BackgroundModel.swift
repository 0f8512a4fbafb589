/// What DNA looks like where there is no site: base frequencies, or a first-order Markov chain.
///
/// The chain starts with `initial` and goes from base a to base b with probability `transitions[4·a + b]`.
/// Order 0 is the chain whose rows are all alike.
public struct BackgroundModel: Equatable, Sendable {
  /// 0 (bases independent) or 1 (each base depends on the one before).
  public let order: Int
  /// The probability of A C G T at the first position.
  public let initial: [Double]
  /// (4, 4): from base, to base; each row sums to one.
  public let transitions: [Double]

  public static let uniform = BackgroundModel(.uniform)

  public init(_ background: Background) {
    order = 0
    initial = background.frequencies
    transitions = (0..<4).flatMap { _ in background.frequencies }
  }

  /// A first-order chain from how often each base follows each: `dinucleotides[4·a + b]` for a then b.
  ///
  /// Counts or frequencies, sixteen positive numbers. A chain starts with the frequencies of first bases.
  public init(dinucleotides: [Double]) {
    precondition(
      dinucleotides.count == 16 && dinucleotides.allSatisfy { $0 > 0 && $0.isFinite },
      "sixteen positive frequencies")
    let total = dinucleotides.reduce(0, +)
    let rows = (0..<4).map { dinucleotides[4 * $0..<4 * $0 + 4].reduce(0, +) }
    order = 1
    initial = rows.map { $0 / total }
    transitions = (0..<16).map { dinucleotides[$0] / rows[$0 / 4] }
  }

  /// The same seen from both strands: every dinucleotide as frequent as its reverse complement.
  public var strandSymmetric: BackgroundModel {
    if order == 0 {
      return BackgroundModel(Background((0..<4).map { (initial[$0] + initial[3 - $0]) / 2 }))
    }
    let pairs = (0..<16).map { initial[$0 / 4] * transitions[$0] }
    // The reverse complement of a then b is 3−b then 3−a.
    let symmetric = (0..<16).map { pair in
      let (first, second) = (pair / 4, pair % 4)
      return (pairs[pair] + pairs[4 * (3 - second) + 3 - first]) / 2
    }
    return BackgroundModel(dinucleotides: symmetric)
  }

  /// The base frequencies alone, for log-odds against a background.
  public var frequencies: Background { Background(initial) }
}

/// Counts bases and neighbors of sequences that come in pieces, for a background of order 0 or 1.
///
/// Unknown bases, and pairs with one, are not counted. One is added to every count, so that no frequency is 0.
public struct BackgroundCounter: Sendable {
  private var bases = [Int](repeating: 0, count: 5)
  private var pairs = [Int](repeating: 0, count: 25)
  private var last = Int(4)

  public init() {}

  /// Counts the next `codes` of the sequence under way.
  public mutating func add(_ codes: UnsafeBufferPointer<UInt8>) {
    var last = self.last
    bases.withUnsafeMutableBufferPointer { bases in
      pairs.withUnsafeMutableBufferPointer { pairs in
        for code in codes {
          let base = Int(min(code, 4))
          bases[base] += 1
          pairs[5 * last + base] += 1
          last = base
        }
      }
    }
    self.last = last
  }

  /// What comes next does not follow what came before.
  public mutating func endSequence() { last = 4 }

  public func model(order: Int) -> BackgroundModel {
    precondition(order == 0 || order == 1, "order 0 or 1")
    if order == 0 { return BackgroundModel(Background((0..<4).map { Double(bases[$0] + 1) })) }
    return BackgroundModel(dinucleotides: (0..<16).map { Double(pairs[5 * ($0 / 4) + $0 % 4] + 1) })
  }
}
