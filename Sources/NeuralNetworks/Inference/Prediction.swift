internal import CKernels
import Foundation
import Runtime
import Sequences

extension Architecture {
  /// Throws `InputError` unless all sequences have the network's length.
  public func requireLength(of sequences: SequenceSet, file: String? = nil) throws {
    let length = input.length
    for index in 0..<sequences.count where sequences[index].count != length {
      throw InputError(
        file: file,
        "\(sequences.name(index)) has \(sequences[index].count) bases, but the network takes \(length)")
    }
  }

}

extension Network {
  /// Throws `InputError` unless all sequences have the network's length.
  public func requireLength(of sequences: SequenceSet, file: String? = nil) throws {
    try architecture.requireLength(of: sequences, file: file)
  }

  /// The last layer's outputs, (sequences, outputs) row-major; for one output the logit of the positive class.
  ///
  /// - Throws: `InputError` unless all sequences have the network's length.
  public func logits(of sequences: SequenceSet, threads: Int = Parallel.threads, kernels: Kernels = .best)
    throws -> [Float]
  {
    try requireLength(of: sequences)
    return Engine(foldingNormalization(), kernels: kernels, threads: threads).outputs(
      sequences, threads: threads)
  }

  /// The same, but throws `InputError` at the first sequence with an output that is no number, as weights near the largest
  /// of floats give. Whatever is told to a user is made of these.
  public func finiteLogits(of sequences: SequenceSet, file: String? = nil, threads: Int = Parallel.threads)
    throws
    -> [Float]
  {
    let logits = try logits(of: sequences, threads: threads)
    try requireFinite(logits, of: sequences, file: file)
    return logits
  }

  /// - Throws: `InputError` at the first of these sequences with an output, of (N, outputs), that is no number.
  package func requireFinite(_ logits: [Float], of sequences: SequenceSet, file: String? = nil) throws {
    guard let place = logits.firstIndex(where: { !$0.isFinite }) else { return }
    let sequence = sequences.name(place / architecture.outputCount)
    // The sign that a processor gives to what is no number means nothing.
    let given = logits[place].isNaN ? "nan" : "\(logits[place])"
    throw InputError(file: file, "what the network gives for \(sequence) is \(given), not a number")
  }

  /// σ(logit) for each sequence of a network with one output.
  ///
  /// - Throws: `InputError` unless all sequences have the network's length.
  public func probabilities(of sequences: SequenceSet, threads: Int = Parallel.threads) throws -> [Float] {
    try logits(of: sequences, threads: threads).map { Float(Activation.sigmoid.value(Double($0))) }
  }
}

extension Engine {
  /// The last layer's outputs, (sequences, outputs) row-major; all sequences have the network's length.
  func outputs(_ sequences: SequenceSet, threads: Int) -> [Float] {
    let length = architecture.input.length
    let shape = steps[steps.count - 1].output
    var result = [Float](repeating: 0, count: sequences.count * shape.length * shape.channels)
    let plan = PredictionPlan(self, count: sequences.count)
    let tasks = (sequences.count + plan.task - 1) / plan.task
    let workspaces = (0..<max(1, min(threads, tasks))).map { _ in plan.workspace() }
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let target = result.baseAddress
      sequences.codes.withUnsafeBufferPointer { codes in
        nonisolated(unsafe) let source = codes.baseAddress
        Parallel.run(tasks, threads: threads) { worker, task in
          let work = workspaces[worker]
          let end = min(sequences.count, (task + 1) * plan.task)
          for first in stride(from: task * plan.task, to: end, by: plan.block) {
            let count = min(plan.block, end - first)
            plan.forward(work, count: count) { source! + (first + $0) * length }
            for row in 0..<count * shape.length {
              let to = target! + (first * shape.length + row) * shape.channels
              to.update(from: work.outputs[steps.count - 1] + row * shape.stride, count: shape.channels)
            }
          }
        }
      }
    }
    return result
  }
}

/// How sequences go through an engine in prediction: a few at a time, but a block at once through steps with large weights.
private struct PredictionPlan {
  let engine: Engine
  /// Sequences of one task, of a block, and of a group within it.
  let task: Int
  let block: Int
  let group: Int
  /// Steps that run one after the other on a group, or one that takes the block.
  private let parts: [Range<Int>]

  /// For `count` sequences, which are cut into 32 tasks where each is large enough and not too large.
  init(_ engine: Engine, count: Int) {
    self.engine = engine
    let share = (count + 31) / 32
    var ends: Set<Int> = [0, engine.steps.count]
    for (index, step) in engine.steps.enumerated() where step.takesWholeBatch {
      ends.formUnion([index, index + 1])
    }
    parts = zip(ends.sorted(), ends.sorted().dropFirst()).map { $0..<$1 }
    if parts.count == 1 {
      task = max(1, min(512, share))
      group = engine.groupSize(task)
      block = group
    } else {
      task = max(16, min(64, share))
      group = 4
      block = task
    }
  }

  func workspace() -> Workspace {
    var kept = engine.steps.map { _ in false }
    for part in parts {
      kept[part.upperBound - 1] = true
      for link in part.flatMap({ engine.steps[$0].links }) where link.step < part.lowerBound {
        kept[link.step] = true
      }
    }
    for (index, step) in engine.steps.enumerated().reversed() where kept[index] && step.isView {
      kept[step.links[0].step] = true
    }
    let memory = SequenceMemory(
      engine: engine, capacity: block, outputs: kept, gradients: kept.map { _ in false }, training: false)
    return Workspace(engine: engine, memory: memory, group: group, training: false)
  }

  /// Leaves the last step's outputs at the beginning of the workspace.
  func forward(_ work: Workspace, count: Int, source: (Int) -> UnsafePointer<UInt8>) {
    for part in parts {
      let takesBlock = engine.steps[part.lowerBound].takesWholeBatch
      for first in stride(from: 0, to: count, by: takesBlock ? count : group) {
        work.move(to: first)
        let members = takesBlock ? count : min(group, count - first)
        if part.lowerBound == 0 {
          for slot in 0..<members { work.load(source(first + slot), slot: slot) }
        }
        for step in part {
          engine.steps[step].forward(work, step: step, count: members, training: false)
        }
      }
    }
    work.move(to: 0)
  }
}
