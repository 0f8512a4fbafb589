internal import CKernels
import NeuralNetworks
import Runtime
import Sequences

/// A sequence and its mutants in a workspace.
private final class MutantWorkspace: @unchecked Sendable {
  let work: AttributionWorkspace
  let recorded: RecordedSequence
  private let changed: FloatBuffer
  /// Of the stage before, and of this one.
  private let deltas: (FloatBuffer, FloatBuffer)
  private var plan: AttributionPlan { work.plan }

  init(_ work: AttributionWorkspace) {
    self.work = work
    recorded = RecordedSequence(work)
    let stages = work.plan.stages
    changed = FloatBuffer(count: stages.map(\.preactivationCount).max()!)
    let most = stages.map(\.outputCount).max()!
    deltas = (FloatBuffer(count: most), FloatBuffer(count: most))
  }

  /// By what an output changes when base `before` at `position` becomes `after`.
  func effect(position: Int, from before: Int, to after: Int, output: Int) -> Float {
    let stages = plan.stages
    var (now, next) = (deltas.0.pointer, deltas.1.pointer)
    var range = plan.kernels.substitute(
      stages[0].epilogue(), stages[0].reach, stages[0].columns.pointer, recorded.preactivations[0].pointer,
      recorded.outputs[0].pointer, Int32(position), Int32(before), Int32(after), changed.pointer, now)
    for index in 1..<stages.count where range.to > range.from {
      let stage = stages[index]
      range = plan.kernels.update(
        stage.epilogue(), stage.reach, Int32(stage.channels), stage.columns.pointer,
        recorded.preactivations[index].pointer, recorded.outputs[index].pointer, range, now, changed.pointer,
        next,
        work.entries)
      (now, next) = (next, now)
    }
    let place = plan.outputPlaces[output]
    let first = Int(range.from) * stages[stages.count - 1].outputs
    return place >= first && place < Int(range.to) * stages[stages.count - 1].outputs ? now[place - first] : 0
  }
}

extension AttributionPlan {
  /// By what the output changes when a base is replaced by each of the four into `values`, (N, 4, L).
  func mutationEffects(
    _ sequences: SequenceSet, output: Int, threads: Int, into values: UnsafeMutablePointer<Float>
  ) {
    let workspaces = (0..<max(1, min(threads, sequences.count))).map { _ in
      MutantWorkspace(AttributionWorkspace(self, capacity: 1))
    }
    nonisolated(unsafe) let values = values
    sequences.codes.withUnsafeBufferPointer { codes in
      nonisolated(unsafe) let codes = codes.baseAddress
      Parallel.run(sequences.count, threads: threads) { worker, index in
        let memory = workspaces[worker]
        let sequence = codes! + index * length
        memory.recorded.read(sequence)
        let target = values + index * 4 * length
        for position in 0..<length {
          let before = Int(sequence[position])
          for base in 0..<4 {
            target[base * length + position] =
              base == before ? 0 : memory.effect(position: position, from: before, to: base, output: output)
          }
        }
      }
    }
  }
}
