import Runtime
import Sequences

/// What bases a window holds.
struct WindowComposition: Equatable, Sendable {
  /// How many A, C, G, T and unknown bases.
  var counts: [Int]

  init(_ codes: some Sequence<UInt8>) {
    counts = [0, 0, 0, 0, 0]
    for code in codes { counts[Int(code)] += 1 }
  }

  var length: Int { counts.reduce(0, +) }
  /// Share of G and C among all bases.
  var gc: Double { Double(counts[1] + counts[2]) / Double(length) }
  /// Share of unknown bases.
  var unknown: Double { Double(counts[4]) / Double(length) }
}

/// G and C, and unknown bases, of one candidate among many.
struct Candidate: Sendable {
  var start: Int32
  var gc: Int32
  var unknown: Int32
}

extension Genome {
  /// All windows of `length` that begin at a multiple of `stride` on a chromosome, with what they hold.
  func candidates(ofChromosome number: Int, length: Int, stride: Int) throws -> [Candidate] {
    let end = chromosomes[number].length
    guard end >= length else { return [] }
    let count = (end - length) / stride + 1
    let share = 512
    return try Parallel.tryMap((count + share - 1) / share) { part in
      try candidates(part * share..<min(count, (part + 1) * share), ofChromosome: number, length, stride)
    }.flatMap { $0 }
  }

  private func candidates(_ numbers: Range<Int>, ofChromosome number: Int, _ length: Int, _ stride: Int)
    throws
    -> [Candidate]
  {
    let first = numbers.lowerBound * stride
    let codes = try codes(first..<(numbers.upperBound - 1) * stride + length, ofChromosome: number)
    return codes.withUnsafeBufferPointer { codes in
      numbers.map { candidate in
        let at = candidate * stride - first
        var (gc, unknown) = (Int32(0), Int32(0))
        for code in UnsafeBufferPointer(rebasing: codes[at..<at + length]) {
          gc += code == 1 || code == 2 ? 1 : 0
          unknown += code == 4 ? 1 : 0
        }
        return Candidate(start: Int32(candidate * stride), gc: gc, unknown: unknown)
      }
    }
  }
}
