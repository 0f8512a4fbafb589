import NeuralNetworks
import Sequences

extension Network {
  /// What the output changes by when a base is replaced by each of the four, (N, 4, L); 0 for the base that is there.
  func mutationEffects(_ sequences: SequenceSet, _ options: AttributionOptions, threads: Int) throws
    -> [Float]
  {
    let output = options.output
    if let plan = options.route.plan(self) {
      return [Float](unsafeUninitializedCapacity: 4 * sequences.codes.count) { values, count in
        if let start = values.baseAddress {
          plan.mutationEffects(sequences, output: output, threads: threads, into: start)
        }
        count = 4 * sequences.codes.count
      }
    }
    let length = architecture.input.length
    let outputs = architecture.outputCount
    let before = try logits(of: sequences, threads: threads)
    var result = [Float](repeating: 0, count: 4 * sequences.codes.count)
    // All mutants of some sequences at a time: about ten thousand.
    let part = max(1, 10_000 / (4 * length))
    for first in stride(from: 0, to: sequences.count, by: part) {
      var mutants: [UInt8] = []
      var places: [Int] = []
      for index in first..<min(sequences.count, first + part) {
        let codes = Array(sequences[index])
        for position in 0..<length {
          for base in 0..<4 where codes[position] != UInt8(base) {
            places.append((index * 4 + base) * length + position)
            mutants += codes
            mutants[mutants.count - length + position] = UInt8(base)
          }
        }
      }
      let set = SequenceSet(codes: mutants, starts: (0...places.count).map { $0 * length })
      let after = try logits(of: set, threads: threads)
      for (mutant, place) in places.enumerated() {
        result[place] = after[mutant * outputs + output] - before[place / (4 * length) * outputs + output]
      }
    }
    return result
  }
}
