internal import CKernels
import NeuralNetworks
import Runtime
import Sequences

/// The straight way from a reference to a sequence in a workspace.
///
/// The first stage is linear before its ReLU and maximum, so each of its outputs is linear in α but for a few places where its
/// winner changes, and so are the second stage's pre-activations: constant + α · linear, brought up to date where something
/// changes. Backwards the second stage's gradients are summed over α, and a unit of the first stage takes the difference of two
/// such sums: from when its winner came to when it went.
private final class PathWorkspace: @unchecked Sendable {
  let work: AttributionWorkspace
  let drawer = ReferenceSource.Drawer()
  private var plan: AttributionPlan { work.plan }
  private let from: FloatBuffer
  private let slope: FloatBuffer
  private let states: UnsafeMutablePointer<UInt16>
  /// What changed before each of the workspace's items.
  private let changes: UnsafeMutablePointer<ck_path_change>
  private let constant: FloatBuffer
  private let linear: FloatBuffer
  private let z: FloatBuffer
  /// Σ of the gradients of the second stage's pre-activations.
  private let gained: FloatBuffer
  /// What the first stage's pre-activations are worth.
  private let worths: FloatBuffer
  private let units: Int

  init(_ work: AttributionWorkspace) {
    self.work = work
    let (first, second) = (work.plan.stages[0], work.plan.stages[1])
    from = FloatBuffer(count: first.preactivationCount)
    slope = FloatBuffer(count: first.preactivationCount)
    worths = FloatBuffer(count: first.preactivationCount)
    units = first.outputCount
    states = .allocate(capacity: units)
    states.initialize(repeating: 0, count: units)
    changes = .allocate(capacity: units * (work.capacity + 1))
    changes.initialize(repeating: ck_path_change(), count: units * (work.capacity + 1))
    constant = FloatBuffer(count: second.preactivationCount)
    linear = FloatBuffer(count: second.preactivationCount)
    z = FloatBuffer(count: second.preactivationCount)
    gained = FloatBuffer(count: second.preactivationCount)
  }

  deinit {
    states.deallocate()
    changes.deallocate()
  }

  /// Sums of gradients over the middles of `steps` equal parts, in the place of the first item.
  func run(_ sequence: UnsafePointer<UInt8>, _ reference: UnsafePointer<UInt8>, steps: Int) {
    let (first, second) = (plan.stages[0], plan.stages[1])
    work.firstPreactivations(of: reference, into: from.pointer)
    work.firstPreactivations(of: sequence, into: slope.pointer)
    plan.kernels.blend(Int64(first.preactivationCount), slope.pointer, from.pointer, -1, slope.pointer)
    states.update(repeating: 0, count: units)
    gained.clear()
    worths.clear()
    for row in 0..<second.form.positions {
      (constant.pointer + row * second.outputs).update(from: second.bias.pointer, count: second.outputs)
    }
    linear.clear()
    for begin in stride(from: 0, to: steps, by: work.capacity) {
      pass(begin..<min(steps, begin + work.capacity), steps: steps)
    }
    settleAll()
    var e = first.epilogue()
    (e.pool, e.pooled, e.relu) = (1, e.positions, 0)
    work.spreadFirst(e, worths.pointer)
  }

  /// Some points of the way, one an item.
  private func pass(_ points: Range<Int>, steps: Int) {
    let first = plan.stages[0].epilogue()
    let second = plan.stages[1]
    let reach = second.reach
    var counts: [Int32] = []
    var place = 0
    for (item, point) in points.enumerated() {
      let alpha = (Float(point) + 0.5) / Float(steps)
      let count = plan.kernels.path_states(first, from.pointer, slope.pointer, alpha, states, changes + place)
      plan.kernels.path_update(
        first, reach, from.pointer, slope.pointer, count, changes + place, second.columns.pointer,
        constant.pointer,
        linear.pointer, work.entries)
      plan.kernels.blend(Int64(second.preactivationCount), constant.pointer, linear.pointer, alpha, z.pointer)
      plan.kernels.epilogue(
        second.epilogue(), z.pointer, nil, nil, 0, work.outputs(1, item: item),
        work.winners[1] + item * second.outputCount)
      counts.append(count)
      place += Int(count)
    }
    work.forward(2..<plan.stages.count, count: points.count)
    work.backward(2..<plan.stages.count, count: points.count)
    place = 0
    for (item, count) in counts.enumerated() {
      plan.kernels.path_settle(
        first, reach, count, changes + place, second.columns.pointer, gained.pointer, worths.pointer)
      plan.kernels.place(
        second.epilogue(), work.gatedWorth(1, item: item), work.winners[1] + item * second.outputCount,
        gained.pointer)
      place += Int(count)
    }
  }

  /// What every unit that is still open has gained.
  private func settleAll() {
    var count: Int32 = 0
    for unit in 0..<units where states[unit] > 0 {
      changes[Int(count)] = ck_path_change(unit: Int32(unit), before: states[unit], after: 0)
      count += 1
    }
    let second = plan.stages[1]
    plan.kernels.path_settle(
      plan.stages[0].epilogue(), second.reach, count, changes, second.columns.pointer, gained.pointer,
      worths.pointer)
  }
}

extension AttributionPlan {
  /// Whether `integrateGradients` has the two stages that it needs.
  var hasPath: Bool { stages.count > 1 }

  /// Integrated gradients at the middles of `steps` equal parts of the way from each reference, their mean.
  func integrateGradients(
    _ sequences: SequenceSet, output: Int, steps: Int, references: ReferenceSource, threads: Int,
    into target: ReferenceTarget
  ) {
    let workspaces = (0..<max(1, min(threads, sequences.count))).map { _ in
      PathWorkspace(AttributionWorkspace(self, capacity: max(2, min(steps, 64))))
    }
    sequences.codes.withUnsafeBufferPointer { codes in
      nonisolated(unsafe) let codes = codes.baseAddress
      Parallel.run(sequences.count, threads: threads) { worker, index in
        let memory = workspaces[worker]
        let work = memory.work
        let sequence = codes! + index * length
        work.explain(output: output)
        var sums = ReferenceSums(length: length)
        var value: Float = 0
        for copy in 0..<references.count {
          let reference = references.codes(index, copy: copy, by: memory.drawer)
          // The ends of the way.
          work.readSequence(sequence, item: 0)
          work.readSequence(reference, item: 1)
          work.forward(1..<stages.count, count: 2)
          value = work.value(output: output, item: 0)
          let start = work.value(output: output, item: 1)
          memory.run(sequence, reference, steps: steps)
          sums.add(
            work.baseWorths(item: 0), scale: 1 / Float(steps), sequence: sequence, reference: reference,
            output: start)
        }
        target.store(sums, index, sequence: sequence, output: value)
      }
    }
  }
}
