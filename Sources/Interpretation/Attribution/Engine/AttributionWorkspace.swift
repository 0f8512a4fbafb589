internal import CKernels
import NeuralNetworks
import Sequences

/// Memory of one worker for some items at once: what each stage is given and what becomes of it.
final class AttributionWorkspace: @unchecked Sendable {
  let plan: AttributionPlan
  /// The most items at once.
  let capacity: Int
  /// Input of each stage (items, rows, channels), between zeros; that of the first stage is empty.
  let inputs: [FloatBuffer]
  /// What an input is worth, same shapes; of the first stage (rows, 4).
  let worths: [FloatBuffer]
  /// Place of each maximum in its window, (items, pooled, outputs).
  let winners: [UnsafeMutablePointer<UInt16>]
  /// Output of the last stage, (items, pooled, outputs).
  let output: FloatBuffer
  /// 1 at the output that is explained, same shape for one item.
  let seed: FloatBuffer
  /// As much as one item's pre-activations, or all items' outputs of a dense stage.
  let scratch: FloatBuffer
  let gates: FloatBuffer
  /// What Winograd's products need.
  private let transformed: FloatBuffer
  /// Whether an item goes through Winograd's domain.
  var transforms: [Bool]
  /// Pre-activations of the first stage, where it takes the better of two strands.
  let bothStrands: FloatBuffer
  /// Lists of what is not zero.
  let entries: UnsafeMutableRawPointer
  let trimers: UnsafeMutablePointer<UInt8>
  let codes: UnsafeMutablePointer<UInt8>
  let keys: UnsafeMutablePointer<UInt64>

  init(_ plan: AttributionPlan, capacity: Int) {
    self.plan = plan
    self.capacity = capacity
    let stages = plan.stages
    inputs = stages.map { FloatBuffer(count: $0.isFirst ? 0 : $0.inputCount * capacity) }
    worths = stages.map { FloatBuffer(count: $0.inputCount * capacity) }
    winners = stages.map { .allocate(capacity: $0.outputCount * capacity) }
    for (stage, places) in zip(stages, winners) {
      places.initialize(repeating: 0, count: stage.outputCount * capacity)
    }
    let last = stages[stages.count - 1]
    output = FloatBuffer(count: last.outputCount * capacity)
    seed = FloatBuffer(count: last.outputCount)
    scratch = FloatBuffer(
      count: stages.map { $0.isDense ? capacity * $0.outputs : $0.form.positions * max(32, $0.outputs) }
        .max()!)
    gates = FloatBuffer(count: 2 * stages.map { $0.outputCount * ($0.isDense ? capacity : 1) }.max()!)
    transformed = FloatBuffer(count: stages.map { $0.transformCount(items: 1) }.max()!)
    transforms = Array(repeating: false, count: capacity)
    entries = .allocate(
      byteCount: stages.map {
        16 * max($0.inputCount, $0.preactivationCount) + 4 * (max($0.form.rows, $0.form.positions) + 1)
      }.max()! + 256,
      alignment: 64)
    let first = stages[0]
    bothStrands = FloatBuffer(count: first.form.strands == 2 ? first.preactivationCount : 0)
    // Sixteen distances are compared at once.
    let codeCount = first.form.rows + 16
    codes = .allocate(capacity: codeCount)
    codes.initialize(repeating: Nucleotide.unknown, count: codeCount)
    trimers = .allocate(capacity: codeCount)
    trimers.initialize(repeating: 0, count: codeCount)
    keys = .allocate(capacity: 1)
    keys.initialize(to: 0)
  }

  deinit {
    winners.forEach { $0.deallocate() }
    entries.deallocate()
    trimers.deallocate()
    codes.deallocate()
    keys.deallocate()
  }

  /// Where the output of a stage lies for an item: between the margins of the next one's input.
  func outputs(_ stage: Int, item: Int) -> UnsafeMutablePointer<Float> {
    guard stage + 1 < plan.stages.count else { return output.pointer + item * plan.stages[stage].outputCount }
    let next = plan.stages[stage + 1]
    return inputs[stage + 1].pointer + item * next.inputCount + next.inputStart
  }

  /// What the output of a stage is worth for an item.
  func worth(_ stage: Int, item: Int) -> UnsafeMutablePointer<Float> {
    guard stage + 1 < plan.stages.count else { return seed.pointer }
    let next = plan.stages[stage + 1]
    return worths[stage + 1].pointer + item * next.inputCount + next.inputStart
  }

  /// Explains this output of the network.
  func explain(output: Int) {
    seed.clear()
    seed.pointer[plan.outputPlaces[output]] = 1
  }

  /// The network's output that `explain(output:)` named.
  func value(output: Int, item: Int) -> Float {
    self.output.pointer[item * plan.stages[plan.stages.count - 1].outputCount + plan.outputPlaces[output]]
  }

  // MARK: Forward

  /// Pre-activations of a later stage for one item, (positions, outputs).
  func preactivations(_ index: Int, item: Int, into z: UnsafeMutablePointer<Float>) {
    product(index, item: item, z, nil)
  }

  /// Those of some positions only, in their places in `z`, by the direct product.
  func repair(_ index: Int, item: Int, positions: Range<Int>, in z: UnsafeMutablePointer<Float>) {
    let stage = plan.stages[index]
    let rows = ck_rows(
      sequences: 1, count: Int32(positions.count), outputs: Int32(stage.outputs), x_stride: 0, z_stride: 0)
    plan.kernels.product(
      rows, Int32(stage.outputs), stage.convolution,
      inputs[index].pointer + item * stage.inputCount + positions.lowerBound * stage.channels,
      stage.panels.pointer, stage.bias.pointer, z + positions.lowerBound * stage.outputs, nil)
  }

  /// Pre-activations of a dense stage for all items, (items, outputs).
  func densePreactivations(_ index: Int, count: Int, into z: UnsafeMutablePointer<Float>) {
    let stage = plan.stages[index]
    let rows = ck_rows(
      sequences: 1, count: Int32(count), outputs: Int32(stage.outputs), x_stride: 0, z_stride: 0)
    plan.kernels.product(
      rows, Int32(stage.outputs), stage.convolution, inputs[index].pointer, stage.panels.pointer,
      stage.bias.pointer, z, nil)
  }

  /// All items through the stages given, of which none is the first.
  func forward(_ range: Range<Int>, count: Int) {
    let split = range.first { plan.stages[$0].isDense } ?? range.upperBound
    for item in 0..<count {
      for index in range.lowerBound..<split { forward(index, item: item) }
    }
    for index in split..<range.upperBound { forwardDense(index, count: count) }
  }

  private func forward(_ index: Int, item: Int) {
    let stage = plan.stages[index]
    let output = outputs(index, item: item)
    guard stage.form.isRectified || stage.form.pool > 1 else {
      return preactivations(index, item: item, into: output)
    }
    var pooled = ck_pooled(
      epilogue: stage.epilogue(), keys: keys, y: output, winners: winners[index] + item * stage.outputCount)
    product(index, item: item, scratch.pointer, &pooled)
  }

  private func product(
    _ index: Int, item: Int, _ z: UnsafeMutablePointer<Float>, _ pooled: UnsafePointer<ck_pooled>?
  ) {
    let stage = plan.stages[index]
    let rows = ck_rows(
      sequences: 1, count: Int32(pooled == nil ? stage.form.positions : stage.form.pooled * stage.form.pool),
      outputs: Int32(stage.outputs), x_stride: 0, z_stride: 0)
    let input = inputs[index].pointer + item * stage.inputCount
    guard transforms[item], stage.transformed.count > 0 else {
      return plan.kernels.product(
        rows, Int32(stage.outputs), stage.convolution, input, stage.panels.pointer, stage.bias.pointer, z,
        pooled)
    }
    plan.kernels.winograd_product(
      rows, Int32(stage.form.rows), Int32(stage.channels), Int32(stage.form.taps), Int32(stage.channels),
      Int32(stage.outputs),
      input, stage.transformed.pointer, stage.bias.pointer, z, pooled, transformed.pointer)
  }

  private func forwardDense(_ index: Int, count: Int) {
    let stage = plan.stages[index]
    densePreactivations(index, count: count, into: scratch.pointer)
    if stage.form.isRectified {
      plan.kernels.epilogue(stage.epilogue(items: count), scratch.pointer, nil, nil, 0, scratch.pointer, nil)
    }
    // The next input may have margins.
    for item in 0..<count {
      outputs(index, item: item).update(from: scratch.pointer + item * stage.outputs, count: stage.outputs)
    }
  }

  // MARK: Backward

  /// Gradients of the explained output with respect to what each of these stages is given, last stage first.
  func backward(_ range: Range<Int>, count: Int) {
    let split = range.first { plan.stages[$0].isDense } ?? range.upperBound
    for index in (split..<range.upperBound).reversed() {
      backwardDense(index, count: count) { item, worth, gated in
        let stage = self.plan.stages[index]
        if stage.form.isRectified {
          self.plan.kernels.gated(Int64(stage.outputs), self.outputs(index, item: item), worth, gated)
        } else {
          gated.update(from: worth, count: stage.outputs)
        }
      }
    }
    for item in 0..<count {
      for index in (range.lowerBound..<split).reversed() {
        spread(
          index, item: item, gatedWorth(index, item: item),
          winners[index] + item * plan.stages[index].outputCount)
      }
    }
  }

  /// What a stage's output is worth where its ReLU lets it through.
  func gatedWorth(_ index: Int, item: Int) -> UnsafePointer<Float> {
    let stage = plan.stages[index]
    guard stage.form.isRectified else { return UnsafePointer(worth(index, item: item)) }
    plan.kernels.gated(
      Int64(stage.outputCount), outputs(index, item: item), worth(index, item: item), gates.pointer)
    return UnsafePointer(gates.pointer)
  }

  /// Back through a dense stage for all items; `gate(item, worth, result)` is what its ReLU makes of its outputs' worth.
  func backwardDense(
    _ index: Int, count: Int,
    gate: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let stage = plan.stages[index]
    for item in 0..<count { gate(item, worth(index, item: item), gates.pointer + item * stage.outputs) }
    worths[index].pointer.update(repeating: 0, count: count * stage.inputCount)
    plan.kernels.product_input(
      Int32(count), Int32(stage.outputs), stage.convolution, gates.pointer, stage.weights.pointer,
      worths[index].pointer)
  }

  /// Back through a stage for one item: values at winners, and perhaps others at other places.
  func spread(
    _ index: Int, item: Int, _ values: UnsafePointer<Float>, _ places: UnsafePointer<UInt16>,
    _ others: UnsafePointer<Float>? = nil, _ otherPlaces: UnsafePointer<UInt16>? = nil
  ) {
    let stage = plan.stages[index]
    let isPooled = stage.form.pool > 1
    plan.kernels.spread(
      stage.epilogue(), Int32(stage.form.strands), Int32(stage.channels), Int32(stage.depth),
      Int64(stage.inputCount), values, isPooled ? places : nil, others, isPooled ? otherPlaces : nil,
      stage.rows.pointer,
      worths[index].pointer + item * stage.inputCount, entries)
  }
}
