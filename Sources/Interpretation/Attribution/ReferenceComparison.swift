import NeuralNetworks
import Runtime
import Sequences

/// A sequence and its references as network inputs, (length, 4) each; which output is explained, and where the network is asked.
struct ReferenceProblem: Sendable {
  let input: [Float]
  let references: [[Float]]
  let output: Int
  let steps: Int
}

/// What a method makes of one sequence: for each reference (length, 4) multipliers, and the outputs they distribute.
struct Multipliers: Sendable {
  var values: [[Float]]
  /// Of the sequence.
  var output: Float
  /// Of each reference.
  var references: [Float]
}

extension Network {
  /// Fills `result` with hypothetical attributions, the mean over references of m_a − Σ_c reference_c · m_c, and their residuals.
  func compareWithReferences(
    _ sequences: SequenceSet, _ options: AttributionOptions, _ reference: AttributionReference, threads: Int,
    into result: inout Attributions, _ method: @Sendable ([ReferenceProblem], Int) -> [Multipliers]
  ) throws {
    let length = architecture.input.length
    result.residuals = []
    result.residuals.reserveCapacity(sequences.count)
    // Some sequences at a time, so that references and multipliers of all never exist together.
    for first in stride(from: 0, to: sequences.count, by: 256) {
      let part = sequences.subset(Array(first..<min(sequences.count, first + 256)))
      let references = try reference.inputs(of: part, first: first, seed: options.seed)
      let problems = (0..<part.count).map { index in
        ReferenceProblem(
          input: oneHotRows(part[index]), references: references[index], output: options.output,
          steps: max(1, options.steps))
      }
      for (index, multipliers) in method(problems, threads).enumerated() {
        let problem = problems[index]
        var values = [Float](repeating: 0, count: 4 * length)
        for (multiplier, reference) in zip(multipliers.values, problem.references) {
          for position in 0..<length {
            let place = 4 * position
            let base = (0..<4).reduce(Float(0)) { $0 + reference[place + $1] * multiplier[place + $1] }
            for letter in 0..<4 { values[place + letter] += multiplier[place + letter] - base }
          }
        }
        let share = 1 / Float(problem.references.count)
        var sum = 0.0
        for place in values.indices {
          values[place] *= share
          sum += Double(values[place] * problem.input[place])
          result.values[((first + index) * 4 + place % 4) * length + place / 4] = values[place]
        }
        let mean = multipliers.references.reduce(0) { $0 + Double($1) } / Double(problem.references.count)
        result.residuals.append(Float(sum - (Double(multipliers.output) - mean)))
      }
    }
  }

  /// Mean gradients at the middles of `steps` equal parts of the straight way from reference to input.
  func pathMultipliers(_ problems: [ReferenceProblem], threads: Int) -> [Multipliers] {
    let outputs = architecture.outputCount
    // One way is one block, its two ends behind it: steps + 2 inputs.
    let ways = problems.indices.flatMap { problem in
      problems[problem].references.indices.map { (problem, $0) }
    }
    guard let steps = problems.first?.steps else { return [] }
    let results = trace(
      count: ways.count * (steps + 2), blockSize: steps + 2, threads: threads,
      input: { item, values in
        let (problem, reference) = ways[item / (steps + 2)]
        let input = problems[problem].input
        let start = problems[problem].references[reference]
        let place = item % (steps + 2)
        let share = place < steps ? (Float(place) + 0.5) / Float(steps) : place == steps ? 1 : 0
        for i in values.indices { values[i] = start[i] + share * (input[i] - start[i]) }
      }
    ) { trace, indices -> (mean: [Float], input: Float, reference: Float) in
      let output = problems[ways[indices.lowerBound / (steps + 2)].0].output
      trace.backward(seed: unitSeed(output, outputs: outputs, count: indices.count))
      let gradients = trace.inputGradient
      let size = gradients.count / indices.count
      let values = trace.outputs
      let mean = (0..<size).map { i in
        Float((0..<steps).reduce(0.0) { $0 + Double(gradients[$1 * size + i]) } / Double(steps))
      }
      return (mean, values[steps * outputs + output], values[(steps + 1) * outputs + output])
    }
    var multipliers = problems.map { _ in Multipliers(values: [], output: 0, references: []) }
    for ((problem, _), result) in zip(ways, results) {
      multipliers[problem].values.append(result.mean)
      multipliers[problem].output = result.input
      multipliers[problem].references.append(result.reference)
    }
    return multipliers
  }
}

extension AttributionReference {
  /// The references of each sequence as network inputs, [sequence][reference] (length, 4).
  ///
  /// - Parameter first: Number of the first sequence in the whole set, so that shuffles are the same however it is split.
  func inputs(of sequences: SequenceSet, first: Int, seed: UInt64) throws -> [[[Float]]] {
    switch self {
    case .zeros: return (0..<sequences.count).map { [Array(repeating: 0, count: 4 * sequences[$0].count)] }
    case .given(let references):
      return try (0..<sequences.count).map { index in
        guard first + index < references.count, references[first + index].count == sequences[index].count
        else {
          throw InputError(
            "a comparison with given references needs one of the same length for each sequence")
        }
        return [oneHotRows(references[first + index])]
      }
    case .dinucleotideShuffles(let count):
      guard count > 0 else { throw InputError("a comparison needs at least one shuffle of each sequence") }
      var shuffler = try KLetShuffler(order: 2)
      return (0..<sequences.count).map { index in
        (0..<count).map { copy in
          var random = CounterRandom(seed: seed, purpose: .shuffle, epoch: copy, index: first + index)
          return oneHotRows(shuffler.shuffle(sequences[index], using: &random))
        }
      }
    }
  }
}

/// (length, 4); four zeros for an unknown base.
func oneHotRows(_ codes: some Collection<UInt8>) -> [Float] {
  var rows = [Float](repeating: 0, count: 4 * codes.count)
  for (position, code) in codes.enumerated() where code < 4 { rows[4 * position + Int(code)] = 1 }
  return rows
}
