import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// How much the effects of two bases of a sequence depend on each other, for each pair of positions, (L, L).
  ///
  /// Of the nine ways to change both, the interaction y(both) − y(first) − y(second) + y(neither) that is farthest from zero, with y the
  /// network's output; 0 where the changes add up, on the diagonal and at unknown bases. Symmetric. (Maps of pairwise mutagenesis:
  /// Greenside et al. 2018, Bioinformatics 34, i629; for language models Tomaz da Silva et al. 2025, Nature Genetics.)
  ///
  /// 9 L (L − 1) / 2 changed sequences are scored.
  ///
  /// - Parameter output: of the network, which is explained.
  /// - Throws: `InputError` if the sequence has another length than the network takes, or a value is not a number.
  public func dependencies(
    of sequence: some Collection<UInt8>, output: Int = 0, threads: Int = Parallel.threads
  ) throws -> [Float] {
    let codes = Array(sequence)
    let length = codes.count
    let outputs = architecture.outputCount
    try requireLength(of: SequenceSet(codes: codes, starts: [0, length]))
    guard (0..<outputs).contains(output) else {
      throw InputError("the network has \(outputs) outputs, so there is no output \(output)")
    }
    let known = codes.indices.filter { codes[$0] < 4 }
    func others(_ position: Int) -> [UInt8] { (0..<4).filter { $0 != codes[position] } }
    func values(_ changes: [[(position: Int, base: UInt8)]]) throws -> [Float] {
      var changed: [UInt8] = []
      changed.reserveCapacity(changes.count * length)
      for change in changes {
        let start = changed.count
        changed += codes
        for (position, base) in change { changed[start + position] = base }
      }
      let set = SequenceSet(codes: changed, starts: (0...changes.count).map { $0 * length })
      let all = try logits(of: set, threads: threads)
      let found = changes.indices.map { all[$0 * outputs + output] }
      guard found.allSatisfy(\.isFinite) else {
        throw InputError("the network's output is not a number where two bases of a sequence are changed")
      }
      return found
    }
    let single = try values([[]] + known.flatMap { place in others(place).map { [(place, $0)] } })
    var result = [Float](repeating: 0, count: length * length)
    // About ten thousand sequences at a time.
    let pairs = known.indices.flatMap { i in (i + 1..<max(i + 1, known.count)).map { (i, $0) } }
    for first in stride(from: 0, to: pairs.count, by: 1200) {
      let part = pairs[first..<min(pairs.count, first + 1200)]
      let double = try values(
        part.flatMap { i, j in
          others(known[i]).flatMap { a in others(known[j]).map { [(known[i], a), (known[j], $0)] } }
        })
      for (number, (i, j)) in part.enumerated() {
        var largest: Float = 0
        for way in 0..<9 {
          let (a, b) = (way / 3, way % 3)
          let interaction =
            double[9 * number + way] - single[1 + 3 * i + a] - single[1 + 3 * j + b] + single[0]
          if abs(interaction) > abs(largest) { largest = interaction }
        }
        result[known[i] * length + known[j]] = largest
        result[known[j] * length + known[i]] = largest
      }
    }
    return result
  }
}
