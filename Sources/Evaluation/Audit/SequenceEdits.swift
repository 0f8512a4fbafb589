import Runtime
import Sequences

/// Sequences of one length, and the changes that an audit makes to them.
struct SequenceEdits: Sendable {
  let set: SequenceSet
  let length: Int
  let seed: UInt64
  /// Probabilities of A, A C, A C G: the composition of the set.
  private let cumulative: [Double]

  init(_ set: SequenceSet, seed: UInt64) {
    precondition(set.uniformLength != nil, "sequences of one length")
    self.set = set
    length = set.uniformLength!
    self.seed = seed
    var counts = [1.0, 1, 1, 1]
    for code in set.codes where code < 4 { counts[Int(code)] += 1 }
    let total = counts.reduce(0, +)
    cumulative = (1...3).map { counts[..<$0].reduce(0, +) / total }
  }

  /// Each sequence moved to the right by its shift (to the left where negative), and the same sequences not moved.
  ///
  /// A moved sequence loses as many bases as it moves, so the one that stays must lose the same. Of a sequence that moves
  /// to the right its last `shift` bases go, and `margin` more at both ends: random bases of the set's composition take
  /// the place of those of the margins. What is then left moves as one piece, and random bases fill up: on its right where
  /// it stays, on its left where it moved. No window of up to `margin` + 1 bases that holds a base of the sequence differs
  /// between the two: whatever does is a matter of position alone.
  func moved(by shifts: [Int], margin: Int) -> (moved: SequenceSet, unmoved: SequenceSet) {
    precondition(shifts.count == set.count, "a shift for each")
    precondition(shifts.allSatisfy { abs($0) + 2 * margin <= length }, "something is left of each")
    var result = (moved: SequenceSet(), unmoved: SequenceSet())
    for (index, shift) in shifts.enumerated() {
      var random = AuditStream.fill.random(seed, index)
      func fill(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in
          let draw = random.uniform()
          return UInt8(cumulative.count { $0 <= draw })
        }
      }
      let kept = shift > 0 ? set[index].dropLast(shift) : set[index].dropFirst(-shift)
      let piece = fill(margin) + Array(kept.dropFirst(margin).dropLast(margin)) + fill(margin)
      let rest = fill(abs(shift))
      result.moved.append(shift > 0 ? rest + piece : piece + rest)
      result.unmoved.append(shift > 0 ? piece + rest : rest + piece)
    }
    return result
  }
}

extension SequenceSet {
  /// At most `count` of `indices`, drawn at random, in rising order.
  package static func sample(_ indices: [Int], _ count: Int, seed: UInt64) -> [Int] {
    guard indices.count > count else { return indices }
    var random = AuditStream.sample.random(seed, 0)
    return random.permutation(indices.count).prefix(count).map { indices[$0] }.sorted()
  }
}
