internal import CKernels
import NeuralNetworks
import Runtime
import Sequences

/// A sequence and the mutants of one of its positions in a workspace.
private final class MutantWorkspace: @unchecked Sendable {
  let work: AttributionWorkspace
  let recorded: RecordedSequence
  /// Changes of pre-activations, and of outputs of the stage before and of this one, `stride` floats a mutant.
  private let changed: FloatBuffer
  private let deltas: (FloatBuffer, FloatBuffer)
  private let stride: Int
  private let entries: UnsafeMutableRawPointer
  private var plan: AttributionPlan { work.plan }

  /// A base has four others at most, where it is unknown.
  private static let most = 4

  init(_ work: AttributionWorkspace) {
    self.work = work
    recorded = RecordedSequence(work)
    let stages = work.plan.stages
    stride = stages.map(\.preactivationCount).max()!
    changed = FloatBuffer(count: Self.most * stride)
    deltas = (FloatBuffer(count: Self.most * stride), FloatBuffer(count: Self.most * stride))
    entries = .allocate(
      byteCount: stages.map { 20 * $0.inputCount + 4 * $0.form.rows }.max()! + 512, alignment: 64)
  }

  deinit { entries.deallocate() }

  /// By what an output changes when the base at `position` becomes each of the four into `changes`, `length` apart.
  func effects(position: Int, from before: Int, output: Int, into changes: UnsafeMutablePointer<Float>) {
    let stages = plan.stages
    var (now, next) = (deltas.0.pointer, deltas.1.pointer)
    var range = plan.kernels.substitute(
      stages[0].epilogue(), stages[0].reach, stages[0].columns.pointer, recorded.preactivations[0].pointer,
      recorded.outputs[0].pointer, Int32(position), Int32(before), now, Int64(stride))
    for index in 1..<stages.count {
      let stage = stages[index]
      range = plan.kernels.update(
        stage.epilogue(), stage.reach, Int32(stage.channels), stage.columns.pointer,
        recorded.preactivations[index].pointer, recorded.outputs[index].pointer, before < 4 ? 3 : 4, range,
        now, changed.pointer, next, Int64(stride), entries)
      (now, next) = (next, now)
    }
    let place = plan.outputPlaces[output]
    let outputs = stages[stages.count - 1].outputs
    let first = Int(range.from) * outputs
    let isChanged = (first..<Int(range.to) * outputs).contains(place)
    var mutant = 0
    for base in 0..<4 {
      let isMutant = base != before
      changes[base * plan.length] = isMutant && isChanged ? now[mutant * stride + place - first] : 0
      if isMutant { mutant += 1 }
    }
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
          memory.effects(
            position: position, from: Int(sequence[position]), output: output, into: target + position)
        }
      }
    }
  }
}
