import NeuralNetworks
import Runtime
import Sequences
import Statistics

extension Network {
  /// How rare an output as large is among dinucleotide shuffles of the sequence: its rank among draws that end early where it is not
  /// rare (Besag & Clifford 1991).
  ///
  /// - Parameters:
  ///   - enough: shuffles as large, after which no more are drawn.
  ///   - limit: shuffles at most; the smallest p-value is 1 / (limit + 1).
  ///   - first: number of the first sequence, where a large set is taken part by part.
  /// - Returns: one for each sequence, the same for any number of threads.
  /// - Throws: `InputError` if a sequence has another length than the network takes, or there is no such output.
  public func shufflePValues(
    of sequences: SequenceSet, output: Int = 0, enough: Int = 10, limit: Int = 1000, seed: UInt64 = 0,
    first: Int = 0, threads: Int = Parallel.threads
  ) throws -> [SequentialPValue] {
    try requireLength(of: sequences)
    let outputs = architecture.outputCount
    guard (0..<outputs).contains(output) else {
      throw InputError("the network has \(outputs) outputs, so there is no output \(output)")
    }
    let own = try finiteLogits(of: sequences, threads: threads)
    let source = try ReferenceSource(.dinucleotideShuffles(limit), of: sequences, seed: seed, first: first)
    var ranks = Array(repeating: SequentialPValue(enough: enough, limit: limit), count: sequences.count)
    var active = Array(ranks.indices)
    while !active.isEmpty {
      // A few of each at a time; those beyond the last that is needed are not counted.
      let round = 16
      let drawn = Parallel.map(active.count, threads: threads) { [active, ranks] number -> [[UInt8]] in
        let drawer = ReferenceSource.Drawer()
        let done = ranks[active[number]].draws
        return (done..<min(limit, done + round)).map { source.codes(active[number], copy: $0, by: drawer) }
      }
      let values = try logits(of: SequenceSet(rows: drawn.flatMap { $0 }), threads: threads)
      var place = 0
      for (number, index) in active.enumerated() {
        for _ in drawn[number] {
          ranks[index].add(
            isAsLarge: values[place * outputs + output] >= own[index * outputs + output])
          place += 1
        }
      }
      active = active.filter { !ranks[$0].isDone }
    }
    return ranks
  }
}
