import Sequences

/// How often a secondary motif stands at each place beside a primary one, and how often it could.
struct SpacingTally {
  private let largestGap: Int
  // By (side, strand, gap); rooms and chances by (side, gap), the same for both strands.
  private var counts: [Int]
  private var rooms: [Int]
  private var chances: [Double]
  private var pairs = 0

  init(largestGap: Int) {
    precondition(largestGap >= 0, "a gap of 0 or more")
    self.largestGap = largestGap
    counts = [Int](repeating: 0, count: 4 * (largestGap + 1))
    rooms = [Int](repeating: 0, count: 2 * (largestGap + 1))
    chances = [Double](repeating: 0, count: 2 * (largestGap + 1))
  }

  /// Adds a sequence in which both motifs have a hit, the secondary one outside the primary one.
  mutating func add(
    primary: Int, _ primaryStrand: Strand, width primaryWidth: Int, secondary: Int, _ secondaryStrand: Strand,
    width secondaryWidth: Int, length: Int
  ) {
    // Starts that fit before and after the primary hit, on the forward strand.
    let before = max(0, primary - secondaryWidth + 1)
    let after = max(0, length - (primary + primaryWidth) - secondaryWidth + 1)
    let isBefore = secondary < primary
    let gap = isBefore ? primary - secondary - secondaryWidth : secondary - primary - primaryWidth
    guard gap >= 0, before + after > 0 else { return }
    pairs += 1
    let chance = 1 / Double(2 * (before + after))
    let isReverse = primaryStrand == .reverse
    for (side, room) in [isReverse ? after : before, isReverse ? before : after].enumerated() {
      for gap in 0..<min(room, largestGap + 1) {
        rooms[side * (largestGap + 1) + gap] += 1
        chances[side * (largestGap + 1) + gap] += chance
      }
    }
    guard gap <= largestGap else { return }
    let side = isBefore == isReverse ? 1 : 0
    let strand = primaryStrand == secondaryStrand ? 0 : 1
    counts[(2 * side + strand) * (largestGap + 1) + gap] += 1
  }

  /// The placement with the smallest p-value, the first of equal ones; `nil` if there was room for none.
  var best: MotifSpacing? {
    var best: (place: Int, log10P: Double)?
    var tried = 0
    for place in counts.indices {
      let room = self.room(place)
      guard rooms[room] > 0 else { continue }
      tried += 1
      let log10P = BinomialTail.log10UpperTail(
        counts[place], of: rooms[room], probability: chances[room] / Double(rooms[room]))
      if log10P < best?.log10P ?? .infinity { best = (place, log10P) }
    }
    guard let best else { return nil }
    let room = self.room(best.place)
    return MotifSpacing(
      side: best.place / (2 * (largestGap + 1)) == 0 ? .upstream : .downstream,
      isSameStrand: best.place / (largestGap + 1) % 2 == 0, gap: best.place % (largestGap + 1),
      count: counts[best.place], sequences: rooms[room], expected: chances[room], pairs: pairs,
      log10PValue: MultipleTests.adjusted(log10PValue: best.log10P, tests: tried))
  }

  private func room(_ place: Int) -> Int {
    place / (2 * (largestGap + 1)) * (largestGap + 1) + place % (largestGap + 1)
  }
}
