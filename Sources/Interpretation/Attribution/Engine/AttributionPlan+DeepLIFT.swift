internal import CKernels
import NeuralNetworks
import Runtime
import Sequences

/// References of one sequence in a workspace, with what DeepLIFT multiplies at every maximum.
private final class RescaleWorkspace: @unchecked Sendable {
  let work: AttributionWorkspace
  let recorded: RecordedSequence
  let drawer = ReferenceSource.Drawer()
  /// Factors of each stage's windows, (items, pooled, outputs), whose places are the work's winners; and factors beside them at the
  /// sequence's winners, for items that have any.
  private let factors: [FloatBuffer]
  private let extras: [FloatBuffer]
  private var hasExtras: [Bool]
  private let products: (FloatBuffer, FloatBuffer)
  private let z: FloatBuffer
  /// Multipliers of the first stage's pre-activations, as `contrasts` wants them, and their sum over references, (positions, outputs).
  private let multipliers: FloatBuffer
  private let total: FloatBuffer
  /// What each base of the sequence has more than that of the reference.
  private let contrasts: FloatBuffer
  private let sums: FloatBuffer
  private var plan: AttributionPlan { work.plan }
  /// The first dense stage, from which on all references go at once.
  private let split: Int

  init(_ work: AttributionWorkspace) {
    self.work = work
    recorded = RecordedSequence(work)
    let stages = work.plan.stages
    split = stages.firstIndex(where: \.isDense) ?? stages.count
    factors = stages.map { FloatBuffer(count: $0.outputCount * work.capacity) }
    extras = stages.map { FloatBuffer(count: $0.outputCount * work.capacity) }
    hasExtras = Array(repeating: false, count: stages.count * work.capacity)
    let most = stages.map(\.outputCount).max()!
    products = (FloatBuffer(count: most), FloatBuffer(count: most))
    let first = stages[0]
    multipliers = FloatBuffer(
      count: first.preactivationCount + 2 * Int(first.reach.taps) * first.outputs)
    total = FloatBuffer(count: first.preactivationCount)
    contrasts = FloatBuffer(count: work.plan.length)
    sums = FloatBuffer(count: 18 * work.plan.length + 256)
    z = FloatBuffer(count: stages.map { $0.preactivationCount * ($0.isDense ? work.capacity : 1) }.max()!)
  }

  /// Runs references, one an item.
  func forward(_ references: [[UInt8]]) {
    let stages = plan.stages
    for (item, reference) in references.enumerated() {
      for index in 0..<split {
        if index == 0 {
          work.firstPreactivations(of: reference, into: z.pointer)
        } else {
          work.preactivations(index, item: item, into: z.pointer)
        }
        rescale(index, item: item, z.pointer)
      }
    }
    for index in split..<stages.count {
      work.densePreactivations(index, count: references.count, into: z.pointer)
      for item in references.indices { rescale(index, item: item, z.pointer + item * stages[index].outputs) }
    }
  }

  private func rescale(_ index: Int, item: Int, _ z: UnsafePointer<Float>) {
    let stage = plan.stages[index]
    let place = item * stage.outputCount
    hasExtras[index * work.capacity + item] =
      plan.kernels.rescale(
        stage.epilogue(), recorded.preactivations[index].pointer, z, work.outputs(index, item: item),
        factors[index].pointer + place, work.winners[index] + place, extras[index].pointer + place) != 0
  }

  /// Multipliers of the first stage's outputs for each reference.
  func backward(count: Int) {
    let stages = plan.stages
    for index in (split..<stages.count).reversed() {
      work.backwardDense(index, count: count) { item, worth, result in
        let stage = stages[index]
        guard stage.form.isRectified else { return result.update(from: worth, count: stage.outputs) }
        // Of one position, so there is one winner.
        plan.kernels.scaled(
          Int64(stage.outputs), factors[index].pointer + item * stage.outputs, worth, result)
      }
    }
    for item in 0..<count {
      for index in (1..<max(1, split)).reversed() {
        let stage = stages[index]
        let place = item * stage.outputCount
        let worth = work.worth(index, item: item)
        let size = Int64(stage.outputCount)
        plan.kernels.scaled(size, factors[index].pointer + place, worth, products.0.pointer)
        let isDouble = hasExtras[index * work.capacity + item]
        if isDouble { plan.kernels.scaled(size, extras[index].pointer + place, worth, products.1.pointer) }
        work.spread(
          index, item: item, products.0.pointer, work.winners[index] + place,
          isDouble ? UnsafePointer(products.1.pointer) : nil, isDouble ? recorded.winners[index] : nil)
      }
    }
  }

  /// Begins the sums over references.
  func begin() { total.clear() }

  /// What each base of the sequence has more than that of a reference, (length); adds the multipliers to their sum.
  func contrasts(item: Int, _ sequence: UnsafePointer<UInt8>, _ reference: UnsafePointer<UInt8>)
    -> UnsafePointer<Float>
  {
    let stage = plan.stages[0]
    let place = item * stage.outputCount
    plan.kernels.multipliers(
      stage.epilogue(), stage.reach.taps, work.worth(0, item: item), factors[0].pointer + place,
      work.winners[0] + place, hasExtras[item] ? UnsafePointer(extras[0].pointer + place) : nil,
      recorded.winners[0], multipliers.pointer, total.pointer)
    plan.kernels.contrasts(
      stage.reach, Int32(plan.length), stage.pairs.pointer, multipliers.pointer, sequence, reference,
      contrasts.pointer, sums.pointer)
    return UnsafePointer(contrasts.pointer)
  }

  /// The bases' multipliers, (length, 4), their sum over references.
  func finish() -> UnsafePointer<Float> {
    var e = plan.stages[0].epilogue()
    (e.pool, e.pooled, e.relu) = (1, e.positions, 0)
    work.spreadFirst(e, total.pointer)
    return work.baseWorths(item: 0)
  }
}

extension AttributionPlan {
  /// DeepLIFT's attributions by the rescale rule, the mean over references; see `Network.rescaleMultipliers` for the rule.
  func rescale(
    _ sequences: SequenceSet, output: Int, references: ReferenceSource, threads: Int,
    into target: ReferenceTarget
  ) {
    let group = min(references.count, batch)
    let workspaces = (0..<max(1, min(threads, sequences.count))).map { _ in
      RescaleWorkspace(AttributionWorkspace(self, capacity: group))
    }
    sequences.codes.withUnsafeBufferPointer { codes in
      nonisolated(unsafe) let codes = codes.baseAddress
      Parallel.run(sequences.count, threads: threads) { worker, index in
        let memory = workspaces[worker]
        let sequence = codes! + index * length
        memory.work.explain(output: output)
        memory.recorded.read(sequence)
        var sums = ReferenceSums(length: length)
        memory.begin()
        for first in stride(from: 0, to: references.count, by: group) {
          let group = (first..<min(references.count, first + group)).map {
            references.codes(index, copy: $0, by: memory.drawer)
          }
          memory.forward(group)
          memory.backward(count: group.count)
          for (item, reference) in group.enumerated() {
            sums.add(
              contrasts: memory.contrasts(item: item, sequence, reference), sequence: sequence,
              reference: reference, output: memory.work.value(output: output, item: item))
          }
        }
        sums.add(multipliers: memory.finish(), sequence: sequence)
        target.store(sums, index, sequence: sequence, output: memory.recorded.value(output: output))
      }
    }
  }
}
