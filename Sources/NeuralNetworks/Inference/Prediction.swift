internal import CKernels
import Foundation
import Sequences

extension Network {
  /// Throws `InputError` unless all sequences have the network's length.
  public func requireLength(of sequences: SequenceSet, file: String? = nil) throws {
    let length = architecture.input.length
    for index in 0..<sequences.count where sequences[index].count != length {
      throw InputError(
        file: file,
        "\(sequences.name(index)) has \(sequences[index].count) bases, but the network takes \(length)")
    }
  }

  /// The last layer's outputs, (sequences, outputs) row-major; for one output the logit of the positive class.
  ///
  /// All sequences must have the network's length.
  public func logits(_ sequences: SequenceSet, threads: Int = Parallel.threads, kernels: Kernels = .best)
    -> [Float]
  {
    Engine(folded, kernels: kernels).outputs(sequences, threads: threads)
  }

  /// σ(logit) for each sequence of a network with one output.
  public func probabilities(_ sequences: SequenceSet, threads: Int = Parallel.threads) -> [Float] {
    logits(sequences, threads: threads).map { Float(Activation.sigmoid.value(Double($0))) }
  }
}

extension Engine {
  /// Sequences that one task of prediction takes.
  private static let taskSize = 512

  func outputs(_ sequences: SequenceSet, threads: Int) -> [Float] {
    let length = architecture.input.length
    precondition(
      sequences.count == 0 || sequences.uniformLength == length, "sequences of the network's length")
    let shape = steps[steps.count - 1].output
    var result = [Float](repeating: 0, count: sequences.count * shape.length * shape.channels)
    let tasks = (sequences.count + Self.taskSize - 1) / Self.taskSize
    let group = groupSize(atMost: Self.taskSize)
    let workspaces = (0..<max(1, min(threads, tasks))).map { _ in
      Workspace(engine: self, capacity: group, training: false)
    }
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let target = result.baseAddress
      sequences.codes.withUnsafeBufferPointer { codes in
        nonisolated(unsafe) let source = codes.baseAddress
        Parallel.run(tasks, threads: threads) { worker, task in
          let work = workspaces[worker]
          let end = min(sequences.count, (task + 1) * Self.taskSize)
          for first in stride(from: task * Self.taskSize, to: end, by: group) {
            let count = min(group, end - first)
            for s in 0..<count { work.load(source! + (first + s) * length, slot: s) }
            forward(work, count: count, training: false)
            for row in 0..<count * shape.length {
              let to = target! + (first * shape.length + row) * shape.channels
              to.update(
                from: work.outputs[steps.count - 1].pointer + row * shape.stride, count: shape.channels)
            }
          }
        }
      }
    }
    return result
  }
}
