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
    let changed = update(position: position, from: before, mutants: 0..<(before < 4 ? 3 : 4))
    var mutant = 0
    for base in 0..<4 {
      let isMutant = base != before
      changes[base * plan.length] = isMutant ? changed.value(mutant: mutant, output: output, plan) : 0
      if isMutant { mutant += 1 }
    }
  }

  /// The network's outputs for two sequences of codes. Where they differ in one base, only what that base reaches is computed
  /// again for the second.
  func outputs(
    _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, into firsts: UnsafeMutablePointer<Float>,
    _ seconds: UnsafeMutablePointer<Float>
  ) {
    let outputs = plan.outputPlaces.indices
    recorded.read(first, transforms: true)
    for output in outputs { firsts[output] = recorded.value(output: output) }
    let places = (0..<plan.length).lazy.filter { first[$0] != second[$0] }.prefix(2)
    switch (places.first, places.count) {
    case (nil, _):
      for output in outputs { seconds[output] = firsts[output] }
    case (let position?, 1) where second[position] < 4:
      let (before, after) = (Int(first[position]), Int(second[position]))
      let mutant = after - (before < after ? 1 : 0)
      let changed = update(position: position, from: before, mutants: mutant..<mutant + 1)
      for output in outputs {
        seconds[output] = firsts[output] + changed.value(mutant: 0, output: output, plan)
      }
    default:
      recorded.read(second, transforms: true)
      for output in outputs { seconds[output] = recorded.value(output: output) }
    }
  }

  /// Changes of the last stage's output.
  private struct Changed {
    /// Positions that change in one of the mutants.
    let range: ck_range
    /// (mutants, stride), from the range's first position on.
    let values: UnsafePointer<Float>
    let stride: Int

    func value(mutant: Int, output: Int, _ plan: AttributionPlan) -> Float {
      let outputs = plan.stages[plan.stages.count - 1].outputs
      let (place, first) = (plan.outputPlaces[output], Int(range.from) * outputs)
      let isChanged = (first..<Int(range.to) * outputs).contains(place)
      return isChanged ? values[mutant * stride + place - first] : 0
    }
  }

  /// The mutants of a position whose base is `before` through all stages: all, or one of them by its number among the bases
  /// that are not there.
  private func update(position: Int, from before: Int, mutants: Range<Int>) -> Changed {
    let stages = plan.stages
    var range = plan.kernels.substitute(
      stages[0].epilogue(), stages[0].reach, stages[0].columns.pointer, recorded.preactivations[0].pointer,
      recorded.outputs[0].pointer, Int32(position), Int32(before), deltas.0.pointer, Int64(stride))
    var (now, next) = (deltas.0.pointer + mutants.lowerBound * stride, deltas.1.pointer)
    for index in 1..<stages.count {
      let stage = stages[index]
      range = plan.kernels.update(
        stage.epilogue(), stage.reach, Int32(stage.channels), stage.columns.pointer,
        recorded.preactivations[index].pointer, recorded.outputs[index].pointer, Int32(mutants.count), range,
        now, changed.pointer, next, Int64(stride), entries)
      (now, next) = (next, now)
    }
    return Changed(range: range, values: now, stride: stride)
  }
}

extension AttributionPlan {
  /// By what the output changes when a base is replaced by each of the four into `values`, (N, 4, L).
  func mutationEffects(
    _ sequences: SequenceSet, output: Int, threads: Int, into values: UnsafeMutablePointer<Float>
  ) {
    nonisolated(unsafe) let values = values
    sequences.codes.withUnsafeBufferPointer { codes in
      nonisolated(unsafe) let codes = codes.baseAddress
      withMutants(sequences.count, threads: threads) { memory, index in
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

  /// The network's outputs for pairs of sequences, (N, outputs) each. Of the second of a pair that differs in one base, only what
  /// that base reaches is computed.
  func pairedOutputs(_ pairs: (first: SequenceSet, second: SequenceSet), threads: Int) -> (
    first: [Float], second: [Float]
  ) {
    let (count, outputs) = (pairs.first.count, outputPlaces.count)
    var first: [Float] = []
    let second = [Float](unsafeUninitializedCapacity: count * outputs) { seconds, filled in
      nonisolated(unsafe) let seconds = seconds.baseAddress
      first = [Float](unsafeUninitializedCapacity: count * outputs) { firsts, filled in
        nonisolated(unsafe) let firsts = firsts.baseAddress
        pairs.first.codes.withUnsafeBufferPointer { codes in
          pairs.second.codes.withUnsafeBufferPointer { others in
            nonisolated(unsafe) let (codes, others) = (codes.baseAddress, others.baseAddress)
            withMutants(count, threads: threads) { memory, index in
              memory.outputs(
                codes! + index * length, others! + index * length, into: firsts! + index * outputs,
                seconds! + index * outputs)
            }
          }
        }
        filled = count * outputs
      }
      filled = count * outputs
    }
    return (first, second)
  }

  private func withMutants(
    _ count: Int, threads: Int, _ body: @Sendable (_ memory: MutantWorkspace, _ index: Int) -> Void
  ) {
    let workspaces = (0..<max(1, min(threads, count))).map { _ in
      MutantWorkspace(AttributionWorkspace(self, capacity: 1))
    }
    Parallel.run(count, threads: threads) { worker, index in body(workspaces[worker], index) }
  }
}
