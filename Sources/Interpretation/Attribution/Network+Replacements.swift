import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// By what the output falls when `window` bases are unknown, for each base the mean over the windows that cover it, (N, 4, L) at
  /// the base that is there.
  func occlusionEffects(
    _ sequences: SequenceSet, window: Int, _ options: AttributionOptions, threads: Int
  ) throws -> [Float] {
    let length = architecture.input.length
    let places = length - window + 1
    let effects = try effects(sequences, copies: places, options, threads: threads) { codes, start in
      codes.replaceSubrange(start..<start + window, with: repeatElement(Nucleotide.unknown, count: window))
    }
    var result = [Float](repeating: 0, count: 4 * sequences.codes.count)
    for (place, code) in sequences.codes.enumerated() where code < 4 {
      let (index, position) = place.quotientAndRemainder(dividingBy: length)
      let covering = max(0, position - window + 1)...min(position, places - 1)
      let sum = covering.reduce(0.0) { $0 - Double(effects[index * places + $1]) }
      result[(index * 4 + Int(code)) * length + position] = Float(sum / Double(covering.count))
    }
    return result
  }

  /// By what the output falls when a base is left out: those after it move up and an unknown one ends the sequence; (N, 4, L) at the
  /// base that is there.
  func deletionEffects(_ sequences: SequenceSet, _ options: AttributionOptions, threads: Int) throws
    -> [Float]
  {
    let length = architecture.input.length
    let effects = try effects(sequences, copies: length, options, threads: threads) { codes, position in
      codes.remove(at: position)
      codes.append(Nucleotide.unknown)
    }
    var result = [Float](repeating: 0, count: 4 * sequences.codes.count)
    for (place, code) in sequences.codes.enumerated() where code < 4 {
      result[(place / length * 4 + Int(code)) * length + place % length] = -effects[place]
    }
    return result
  }

  /// By what the output changes when a base comes before each position: those from there on move down and the last drops out;
  /// (N, 4, L).
  func insertionEffects(_ sequences: SequenceSet, _ options: AttributionOptions, threads: Int) throws
    -> [Float]
  {
    let length = architecture.input.length
    return try effects(sequences, copies: 4 * length, options, threads: threads) { codes, copy in
      codes.insert(UInt8(copy / length), at: copy % length)
      codes.removeLast()
    }
  }

  /// Output of each changed copy less that of its sequence, (N, copies).
  private func effects(
    _ sequences: SequenceSet, copies: Int, _ options: AttributionOptions, threads: Int,
    _ change: (_ codes: inout [UInt8], _ copy: Int) -> Void
  ) throws -> [Float] {
    let length = architecture.input.length
    let outputs = architecture.outputCount
    let before = try logits(of: sequences, threads: threads)
    var result: [Float] = []
    result.reserveCapacity(sequences.count * copies)
    // All copies of some sequences at a time: about ten thousand.
    let part = max(1, 10_000 / copies)
    for first in stride(from: 0, to: sequences.count, by: part) {
      let indices = first..<min(sequences.count, first + part)
      var changed: [UInt8] = []
      changed.reserveCapacity(indices.count * copies * length)
      for index in indices {
        for copy in 0..<copies {
          var codes = Array(sequences[index])
          change(&codes, copy)
          changed += codes
        }
      }
      let set = SequenceSet(codes: changed, starts: (0...indices.count * copies).map { $0 * length })
      let after = try logits(of: set, threads: threads)
      for number in 0..<indices.count * copies {
        result.append(
          after[number * outputs + options.output]
            - before[(first + number / copies) * outputs + options.output])
      }
    }
    return result
  }
}
