internal import CKernels

/// Batch normalization of any step's output, then ReLU, pooling and dropout in the same pass.
final class NormalizationStep: BatchStep, @unchecked Sendable {
  let layers: Range<Int>
  let epilogue: Epilogue
  private let statistics: BatchStatistics
  /// gamma, beta, moving_mean, moving_variance.
  private let tensors: [ParameterTensor]
  private let kernels: Kernels
  /// (shards, 2, channels)
  private let sums: UnsafeMutablePointer<Double>
  private static let shards = BatchRunner.shards

  init(
    _ normalization: BatchNormalization, layers: Range<Int>, epilogue: Epilogue, tensors: [ParameterTensor],
    kernels: Kernels
  ) {
    self.layers = layers
    self.epilogue = epilogue
    self.tensors = tensors
    self.kernels = kernels
    statistics = BatchStatistics(normalization, channels: epilogue.shape.channels)
    sums = .allocate(capacity: Self.shards * 2 * epilogue.shape.stride)
    sums.initialize(repeating: 0, count: Self.shards * 2 * epilogue.shape.stride)
  }

  deinit { sums.deallocate() }

  var scope: StepScope { .statistics(self) }
  var output: PaddedShape { epilogue.output }
  var hasWinners: Bool { epilogue.pool > 1 }

  private var input: PaddedShape { epilogue.shape }
  private var stride: Int { input.stride }

  var parameterCount: Int { BatchStatistics.rows * stride }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let stride = stride
    return tensors.enumerated().map { index, tensor in (tensor, { index * stride + $0 }) }
  }

  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) { statistics.prepare(parameters) }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let affine = training ? statistics.batch : statistics.running
    let e = epilogue.c(training: training)
    let keys = work.keys + epilogue.dropout * work.capacity
    for s in 0..<count {
      kernels.functions.epilogue(
        e, work.outputs[step - 1] + s * input.count, affine.scale.pointer, affine.shift.pointer, keys[s],
        work.outputs[step] + s * output.count, work.winners[step].map { $0 + s * output.count })
    }
  }

  /// By the running values: what an explanation of a trained network wants.
  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    if let gradients {
      var sums = [Double](repeating: 0, count: 2 * stride)
      addSums(work, step: step, count: count, mean: statistics.runningMean, to: &sums)
      for c in 0..<stride {
        gradients[c] += Float(sums[stride + c]) * statistics.root.pointer[c]
        gradients[stride + c] += Float(sums[c])
      }
    }
    let zero = FloatBuffer(count: stride)
    sendBack(work, step: step, count: count, slope: statistics.running.scale, own: zero, rest: zero)
  }

  func collect(_ work: Workspace, step: Int, count: Int, shard: Int) {
    kernels.functions.channel_sums(
      Int64(count * input.length), Int32(stride), work.outputs[step - 1], statistics.runningMean.pointer,
      sums + shard * 2 * stride)
  }

  /// The shards' inputs are measured from the running mean.
  func settle(count: Int, parameters: UnsafeMutablePointer<Float>) {
    let n = count * input.length
    let totals = takeSums()
    statistics.settle(n: n, parameters: parameters) { c in
      let distance = totals[c] / Double(n)
      return (
        Double(statistics.runningMean.pointer[c]) + distance,
        max(0, totals[stride + c] / Double(n) - distance * distance)
      )
    }
  }

  func collectGradient(_ work: Workspace, step: Int, count: Int, shard: Int) {
    addSums(work, step: step, count: count, mean: statistics.mean, to: sums + shard * 2 * stride)
  }

  func settleGradient(count: Int, parameters: UnsafePointer<Float>, gradients: ShardGradients) {
    let totals = takeSums()
    statistics.settleGradient(n: count * input.length, parameters: parameters, gradients: gradients[0]) {
      (totals[$0], totals[stride + $0])
    }
  }

  func backwardThroughBatch(_ work: Workspace, step: Int, count: Int) {
    sendBack(
      work, step: step, count: count, slope: statistics.slope, own: statistics.own, rest: statistics.rest)
  }

  private func addSums(
    _ work: Workspace, step: Int, count: Int, mean: FloatBuffer, to sums: UnsafeMutablePointer<Double>
  ) {
    let e = epilogue.c(training: true)
    for s in 0..<count {
      kernels.functions.epilogue_sums(
        e, work.outputs[step - 1] + s * input.count, mean.pointer, work.outputs[step] + s * output.count,
        work.gradients[step] + s * output.count, work.winners[step].map { $0 + s * output.count }, sums)
    }
  }

  private func sendBack(
    _ work: Workspace, step: Int, count: Int, slope: FloatBuffer, own: FloatBuffer, rest: FloatBuffer
  ) {
    let e = epilogue.c(training: true)
    for s in 0..<count {
      kernels.functions.epilogue_backward(
        e, work.outputs[step - 1] + s * input.count, slope.pointer, own.pointer, rest.pointer,
        work.outputs[step] + s * output.count, work.gradients[step] + s * output.count,
        work.winners[step].map { $0 + s * output.count }, work.gradients[step - 1] + s * input.count)
    }
  }

  /// The shards' sums, added in order, and zeroed for the next time.
  private func takeSums() -> [Double] {
    var totals = [Double](repeating: 0, count: 2 * stride)
    for shard in 0..<Self.shards {
      for i in 0..<2 * stride { totals[i] += sums[shard * 2 * stride + i] }
    }
    sums.update(repeating: 0, count: Self.shards * 2 * stride)
    return totals
  }
}
