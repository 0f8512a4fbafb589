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
  /// The difference of two of a stage's pre-activations that Winograd's products may leave in doubt: a hundred times their rounding.
  private var doubts: [Float]
  /// Windows of a stage where one is smaller.
  private let doubtful: UnsafeMutablePointer<UInt16>
  /// The sum over references of the multipliers of the first stage's pre-activations, (positions, outputs), if wanted.
  private let total: FloatBuffer?
  /// What each base of the sequence has more than that of the reference.
  private let contrasts: FloatBuffer
  private let sums: FloatBuffer
  private var plan: AttributionPlan { work.plan }
  /// The first dense stage, from which on all references go at once.
  private let split: Int

  init(_ work: AttributionWorkspace, hasTotal: Bool) {
    self.work = work
    recorded = RecordedSequence(work)
    let stages = work.plan.stages
    split = stages.firstIndex(where: \.isDense) ?? stages.count
    factors = stages.map { FloatBuffer(count: $0.outputCount * work.capacity) }
    extras = stages.map { FloatBuffer(count: $0.outputCount * work.capacity) }
    hasExtras = Array(repeating: false, count: stages.count * work.capacity)
    let most = stages.map(\.outputCount).max()!
    products = (FloatBuffer(count: most), FloatBuffer(count: most))
    total = hasTotal ? FloatBuffer(count: stages[0].preactivationCount) : nil
    doubts = stages.map { _ in 0 }
    // Each block of channels may name a window.
    doubtful = .allocate(capacity: stages.map(\.outputCount).max()! / Int(CK_BLOCK))
    contrasts = FloatBuffer(count: work.plan.length)
    sums = FloatBuffer(count: 17 * stages[0].form.rows + 32 * stages[0].form.positions + 512)
    z = FloatBuffer(count: stages.map { $0.preactivationCount * ($0.isDense ? work.capacity : 1) }.max()!)
  }

  deinit { doubtful.deallocate() }

  /// Runs the sequence itself.
  func read(_ sequence: UnsafePointer<UInt8>) {
    recorded.read(sequence)
    for (index, stage) in plan.stages.enumerated() where stage.transformed.count > 0 {
      let z = recorded.preactivations[index].pointer
      doubts[index] = (0..<stage.preactivationCount).reduce(0) { max($0, abs(z[$1])) } * 0x1p-14
    }
  }

  /// Runs references, one an item.
  func forward(_ references: [[UInt8]], of sequence: UnsafePointer<UInt8>) {
    let stages = plan.stages
    for (item, reference) in references.enumerated() {
      rescaleFirst(item: item, reference)
      // Winograd's products round what is equal differently, and the rule asks what is: in a reference, or in it and the sequence.
      work.transforms[item] =
        !work.hasRepeat()
        && ck_shares_window(Int32(plan.length), sequence, reference, Int32(stages[0].form.taps)) == 0
      for index in 1..<max(1, split) {
        work.preactivations(index, item: item, into: z.pointer)
        rescale(index, item: item, z.pointer, doubt: doubts[index])
      }
    }
    for index in split..<stages.count {
      work.densePreactivations(index, count: references.count, into: z.pointer)
      for item in references.indices {
        rescale(index, item: item, z.pointer + item * stages[index].outputs, doubt: 0)
      }
    }
  }

  private func rescaleFirst(item: Int, _ reference: [UInt8]) {
    let stage = plan.stages[0]
    let place = item * stage.outputCount
    work.readTrimers(reference)
    hasExtras[item] =
      plan.kernels.rescale_bases(
        stage.epilogue(), stage.bases(work.trimers), recorded.preactivations[0].pointer,
        work.outputs(0, item: item), factors[0].pointer + place, work.winners[0] + place,
        extras[0].pointer + place) != 0
  }

  /// - Parameter doubt: Of differences below, rounding must not decide whether they are none: they are computed anew.
  private func rescale(_ index: Int, item: Int, _ z: UnsafeMutablePointer<Float>, doubt: Float) {
    let stage = plan.stages[index]
    let place = item * stage.outputCount
    var count: Int32 = 0
    hasExtras[index * work.capacity + item] =
      plan.kernels.rescale(
        stage.epilogue(), recorded.preactivations[index].pointer, z, doubt, work.outputs(index, item: item),
        factors[index].pointer + place, work.winners[index] + place, extras[index].pointer + place, doubtful,
        &count) != 0
    guard count > 0 else { return }
    for window in UnsafeBufferPointer(start: doubtful, count: Int(count)) {
      let first = Int(window) * stage.form.pool
      work.repair(index, item: item, positions: first..<first + stage.form.pool, in: z)
    }
    rescale(index, item: item, z, doubt: 0)
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
  func begin() { total?.clear() }

  /// What each base of the sequence has more than that of a reference, (length); adds the multipliers to their sum, if wanted.
  func contrasts(item: Int, _ sequence: UnsafePointer<UInt8>, _ reference: UnsafePointer<UInt8>)
    -> UnsafePointer<Float>
  {
    let stage = plan.stages[0]
    let place = item * stage.outputCount
    let multipliers = ck_multipliers(
      worth: work.worth(0, item: item), factors: factors[0].pointer + place, places: work.winners[0] + place,
      extras: hasExtras[item] ? UnsafePointer(extras[0].pointer + place) : nil, winners: recorded.winners[0],
      total: total?.pointer)
    plan.kernels.contrasts(
      stage.epilogue(), stage.reach, Int32(plan.length), stage.pairs.pointer, multipliers, sequence,
      reference,
      contrasts.pointer, sums.pointer)
    return UnsafePointer(contrasts.pointer)
  }

  /// The bases' multipliers, (length, 4), their sum over references; nil where it was not wanted.
  func finish() -> UnsafePointer<Float>? {
    guard let total else { return nil }
    var e = plan.stages[0].epilogue()
    (e.pool, e.pooled, e.relu) = (1, e.positions, 0)
    work.spreadFirst(e, total.pointer)
    return work.baseWorths(item: 0)
  }
}

extension AttributionPlan {
  /// DeepLIFT's attributions by the rescale rule, the mean over references; see `Network.rescaleMultipliers` for the rule.
  ///
  /// - Parameter isHypothetical: Whether bases that are not there have values of their own, not those of the bases that are.
  func rescale(
    _ sequences: SequenceSet, output: Int, isHypothetical: Bool, references: ReferenceSource, threads: Int,
    into target: ReferenceTarget
  ) {
    let group = min(references.count, batch)
    let workspaces = (0..<max(1, min(threads, sequences.count))).map { _ in
      RescaleWorkspace(AttributionWorkspace(self, capacity: group), hasTotal: isHypothetical)
    }
    sequences.codes.withUnsafeBufferPointer { codes in
      nonisolated(unsafe) let codes = codes.baseAddress
      Parallel.run(sequences.count, threads: threads) { worker, index in
        let memory = workspaces[worker]
        let sequence = codes! + index * length
        memory.work.explain(output: output)
        memory.read(sequence)
        var sums = ReferenceSums(length: length)
        memory.begin()
        for first in stride(from: 0, to: references.count, by: group) {
          let group = (first..<min(references.count, first + group)).map {
            references.codes(index, copy: $0, by: memory.drawer)
          }
          memory.forward(group, of: sequence)
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
