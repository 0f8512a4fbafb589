internal import CKernels

/// A step that needs something of the whole minibatch before it can go on: the batch runner stops there, once on the way
/// forward and once on the way back.
protocol BatchStep: Step {
  /// Takes from its input what the whole minibatch must tell.
  func collect(_ work: Workspace, step: Int, count: Int, shard: Int)
  /// After all shards: `count` sequences were seen. May move parameters that are not trained.
  func settle(count: Int, parameters: UnsafeMutablePointer<Float>)
  /// The same for the gradient of its output.
  func collectGradient(_ work: Workspace, step: Int, count: Int, shard: Int)
  /// Adds the gradients of its parameters.
  func settleGradient(
    count: Int, parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>)
  /// The gradient of its input, when mean and variance depend on it.
  func backwardThroughBatch(_ work: Workspace, step: Int, count: Int)
}

/// Batch normalisation: a scale and a shift of each channel, from the minibatch in training, else from the running
/// means and variances.
final class NormalizationStep: BatchStep, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let normalization: BatchNormalization
  /// gamma, beta, moving_mean, moving_variance.
  private let tensors: [ParameterTensor]
  private let kernels: Kernels
  /// For each channel: scale and shift by running values; scale and shift by the minibatch.
  private let running: FloatBuffer
  private let batch: FloatBuffer
  /// 1 / √(variance + ε), running.
  private let root: FloatBuffer
  /// What the shards' inputs are measured from (the running mean), the minibatch's mean and 1 / √(variance + ε).
  private let origin: FloatBuffer
  private let mean: FloatBuffer
  private let batchRoot: FloatBuffer
  /// dx = a·dy + b·x + shift.
  private let input: FloatBuffer
  /// (shards, 2, channels)
  private let sums: UnsafeMutablePointer<Double>
  private static let shards = BatchRunner.shards

  init(
    _ normalization: BatchNormalization, layers: Range<Int>, shape: PaddedShape, tensors: [ParameterTensor],
    kernels: Kernels
  ) {
    self.normalization = normalization
    self.layers = layers
    self.tensors = tensors
    self.kernels = kernels
    output = shape
    running = FloatBuffer(count: 2 * shape.stride)
    batch = FloatBuffer(count: 2 * shape.stride)
    root = FloatBuffer(count: shape.stride)
    origin = FloatBuffer(count: shape.stride)
    mean = FloatBuffer(count: shape.stride)
    batchRoot = FloatBuffer(count: shape.stride)
    input = FloatBuffer(count: 3 * shape.stride)
    sums = .allocate(capacity: Self.shards * 2 * shape.stride)
    sums.initialize(repeating: 0, count: Self.shards * 2 * shape.stride)
  }

  deinit { sums.deallocate() }

  private var stride: Int { output.stride }

  var parameterCount: Int { 4 * stride }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let stride = stride
    return tensors.enumerated().map { index, tensor in (tensor, { index * stride + $0 }) }
  }

  func prepare(_ parameters: UnsafePointer<Float>) {
    for c in 0..<stride {
      root.pointer[c] = 1 / (parameters[3 * stride + c] + Float(normalization.epsilon)).squareRoot()
      running.pointer[c] = parameters[c] * root.pointer[c]
      running.pointer[stride + c] = parameters[stride + c] - parameters[2 * stride + c] * running.pointer[c]
      origin.pointer[c] = parameters[2 * stride + c]
    }
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let scale = (training ? batch : running).pointer
    kernels.functions.channel_affine(
      Int64(count * output.length), Int32(stride), work.outputs[step - 1].pointer, nil, scale, scale,
      scale + stride, work.outputs[step].pointer)
  }

  /// By the running values: what an explanation of a trained network wants.
  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let rows = Int64(count * output.length)
    let (x, dy) = (work.outputs[step - 1].pointer, work.gradients[step].pointer)
    var sums = [Double](repeating: 0, count: 2 * stride)
    kernels.functions.channel_sums(rows, Int32(stride), x, dy, parameters + 2 * stride, &sums)
    for c in 0..<stride {
      gradients[c] += Float(sums[stride + c]) * root.pointer[c]
      gradients[stride + c] += Float(sums[c])
    }
    input.clear()
    kernels.functions.channel_affine(
      rows, Int32(stride), dy, nil, running.pointer, running.pointer, input.pointer + 2 * stride,
      work.gradients[step - 1].pointer)
  }

  func collect(_ work: Workspace, step: Int, count: Int, shard: Int) {
    kernels.functions.channel_sums(
      Int64(count * output.length), Int32(stride), work.outputs[step - 1].pointer, nil, origin.pointer,
      sums + shard * 2 * stride)
  }

  func settle(count: Int, parameters: UnsafeMutablePointer<Float>) {
    let n = count * output.length
    let totals = takeSums()
    let scale = normalization.runningVarianceScale(count: n)
    for c in 0..<stride {
      let distance = totals[c] / Double(n)
      let batchMean = Double(origin.pointer[c]) + distance
      let variance = max(0, totals[stride + c] / Double(n) - distance * distance)
      mean.pointer[c] = Float(batchMean)
      batchRoot.pointer[c] = Float(1 / (variance + normalization.epsilon).squareRoot())
      batch.pointer[c] = parameters[c] * batchRoot.pointer[c]
      batch.pointer[stride + c] = parameters[stride + c] - mean.pointer[c] * batch.pointer[c]
      for (place, value) in [(2 * stride + c, batchMean), (3 * stride + c, variance * scale)] {
        let old = Double(parameters[place])
        parameters[place] = Float(old + (1 - normalization.retained) * (value - old))
      }
    }
    // Channels that only fill a block stay zero.
    for c in output.channels..<stride { batch.pointer[c] = 0 }
  }

  func collectGradient(_ work: Workspace, step: Int, count: Int, shard: Int) {
    kernels.functions.channel_sums(
      Int64(count * output.length), Int32(stride), work.outputs[step - 1].pointer,
      work.gradients[step].pointer,
      mean.pointer, sums + shard * 2 * stride)
  }

  /// dγ = Σ dy·x̂, dβ = Σ dy; dx = γ·r·(dy − dβ/n − x̂·dγ/n) with x̂ = (x − mean)·r.
  func settleGradient(
    count: Int, parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>
  ) {
    let n = Double(count * output.length)
    let totals = takeSums()
    for c in 0..<stride {
      let r = Double(batchRoot.pointer[c])
      let (dbeta, dgamma) = (totals[c], totals[stride + c] * r)
      gradients[c] += Float(dgamma)
      gradients[stride + c] += Float(dbeta)
      let a = Double(parameters[c]) * r
      let b = -a * r * dgamma / n
      input.pointer[c] = Float(a)
      input.pointer[stride + c] = Float(b)
      input.pointer[2 * stride + c] = Float(-b * Double(mean.pointer[c]) - a * dbeta / n)
    }
    for c in output.channels..<stride {
      for part in 0..<3 { input.pointer[part * stride + c] = 0 }
    }
  }

  func backwardThroughBatch(_ work: Workspace, step: Int, count: Int) {
    kernels.functions.channel_affine(
      Int64(count * output.length), Int32(stride), work.gradients[step].pointer,
      work.outputs[step - 1].pointer,
      input.pointer, input.pointer + stride, input.pointer + 2 * stride, work.gradients[step - 1].pointer)
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
