import NeuralNetworks
import Runtime
import Sequences

/// A sequence and its references as network inputs, (length, 4) each; which output is explained, and where the network is asked.
struct ReferenceProblem: Sendable {
  let input: [Float]
  let references: [[Float]]
  let output: Int
  /// Shares of the way from each reference to the sequence.
  let places: [[Float]]
}

/// How multipliers come about.
enum MultiplierRule: Sendable {
  /// DeepLIFT's.
  case rescale
  case revealCancel
  /// Gradients at the middles of this many equal parts of the way.
  case middles(Int)
  /// The gradient at one random place of each way.
  case random(seed: UInt64, first: Int)
  /// The mean gradient of the whole way.
  case exact

  /// Shares of the way from reference `copy` to sequence `index`.
  func places(_ index: Int, copy: Int) -> [Float] {
    switch self {
    case .rescale, .revealCancel, .exact: return []
    case .middles(let steps): return (0..<steps).map { (Float($0) + 0.5) / Float(steps) }
    case .random(let seed, let first):
      var random = CounterRandom(seed: seed, purpose: .sampling, epoch: copy, index: first + index)
      return [Float(random.uniform())]
    }
  }
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
  /// Fills `result` with hypothetical attributions, the mean over references of m_a − Σ_c reference_c · m_c, with their
  /// residuals and standard errors.
  func compareWithReferences(
    _ method: AttributionMethod, _ sequences: SequenceSet, _ options: AttributionOptions, threads: Int,
    into result: inout Attributions
  ) throws {
    let length = architecture.input.length
    let references = try ReferenceSource(
      method.reference ?? .zeros, of: sequences, seed: options.seed, first: options.first)
    let rule: MultiplierRule =
      switch method {
      case .integratedGradients(let count, _): .middles(count)
      case .expectedGradients: .random(seed: options.seed, first: options.first)
      case .exactIntegratedGradients: .exact
      case .deepSHAP(_, .revealCancel): .revealCancel
      default: .rescale
      }
    let target = ReferenceTarget(count: sequences.count, length: length)
    let plan = references.areSequences ? options.route.plan(self) : nil
    switch rule {
    case .rescale:
      if let plan, plan.hasOneMaximumAStage {
        plan.rescale(
          sequences, output: options.output, isHypothetical: options.isHypothetical, references: references,
          threads: threads, into: target)
      } else {
        try separatingActivations().compareLayerwise(
          sequences, output: options.output, rule, references: references, threads: threads, into: target)
      }
    case .middles(let steps):
      if let plan, plan.hasPath {
        plan.integrateGradients(
          sequences, output: options.output, steps: steps, references: references, threads: threads,
          into: target)
      } else {
        try compareLayerwise(
          sequences, output: options.output, rule, references: references, threads: threads, into: target)
      }
    case .random, .exact, .revealCancel:
      try compareLayerwise(
        sequences, output: options.output, rule, references: references, threads: threads, into: target)
    }
    target.move(to: &result, hasErrors: references.count > 1)
  }

  /// As the engine's plans do it, for networks and rules that have none. For the rescale rule activation functions are layers of
  /// their own.
  private func compareLayerwise(
    _ sequences: SequenceSet, output: Int, _ rule: MultiplierRule, references: ReferenceSource,
    threads: Int, into target: ReferenceTarget
  ) throws {
    let drawer = ReferenceSource.Drawer()
    // Some sequences at a time, so that references and multipliers of all never exist together.
    for first in stride(from: 0, to: sequences.count, by: 256) {
      let part = first..<min(sequences.count, first + 256)
      let problems = part.map { index in
        ReferenceProblem(
          input: oneHotRows(sequences[index]),
          references: (0..<references.count).map { references.rows(index, copy: $0, by: drawer) },
          output: output, places: (0..<references.count).map { rule.places(index, copy: $0) })
      }
      let results: [Multipliers] =
        switch rule {
        case .rescale: rescaleMultipliers(problems, threads: threads)
        case .middles, .random: pathMultipliers(problems, threads: threads)
        case .exact: try exactMultipliers(problems, threads: threads)
        case .revealCancel: try revealCancelMultipliers(problems, threads: threads)
        }
      for (index, multipliers) in zip(part, results) {
        let sequence = Array(sequences[index])
        var sums = ReferenceSums(length: target.length)
        for (copy, values) in multipliers.values.enumerated() {
          sums.add(
            values, sequence: sequence, reference: problems[index - first].references[copy],
            output: multipliers.references[copy])
        }
        target.store(sums, index, sequence: sequence, output: multipliers.output)
      }
    }
  }

  /// Mean gradients at places of the straight way from reference to input, as many on each way.
  func pathMultipliers(_ problems: [ReferenceProblem], threads: Int) -> [Multipliers] {
    let outputs = architecture.outputCount
    // One way is one block, its two ends after it: steps + 2 inputs.
    let ways = problems.indices.flatMap { problem in
      problems[problem].references.indices.map { (problem, $0) }
    }
    guard let steps = problems.first?.places.first?.count else { return [] }
    let results = trace(
      count: ways.count * (steps + 2), blockSize: steps + 2, threads: threads,
      input: { item, values in
        let (problem, reference) = ways[item / (steps + 2)]
        let input = problems[problem].input
        let start = problems[problem].references[reference]
        let place = item % (steps + 2)
        let share =
          place < steps ? problems[problem].places[reference][place] : place == steps ? 1 : 0
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

/// (length, 4); four zeros for an unknown base.
func oneHotRows(_ codes: some Collection<UInt8>) -> [Float] {
  var rows = [Float](repeating: 0, count: 4 * codes.count)
  for (position, code) in codes.enumerated() where code < 4 { rows[4 * position + Int(code)] = 1 }
  return rows
}
