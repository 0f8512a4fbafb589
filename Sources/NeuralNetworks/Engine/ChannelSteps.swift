/// Softmax over the channels of each position.
final class SoftmaxStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape

  init(layers: Range<Int>, shape: PaddedShape) {
    self.layers = layers
    output = shape
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    for row in 0..<count * output.length {
      let x = work.outputs[step - 1].pointer + row * output.stride
      let y = work.outputs[step].pointer + row * output.stride
      let shares = Softmax.shares((0..<output.channels).map { Double(x[$0]) })
      for c in 0..<output.channels { y[c] = Float(shares[c]) }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<count * output.length {
      let y = work.outputs[step].pointer + row * output.stride
      let dx = work.gradients[step - 1].pointer + row * output.stride
      let dy = work.gradients[step].pointer + row * output.stride
      var mean: Float = 0
      for c in 0..<output.channels { mean += dy[c] * y[c] }
      for c in 0..<output.stride { dx[c] = y[c] * (dy[c] - mean) }
    }
  }
}

/// Batch normalisation by the running means and variances: a scale and a shift of each channel.
final class NormalizationStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let normalization: BatchNormalization
  /// gamma, beta, moving_mean, moving_variance.
  private let tensors: [ParameterTensor]
  /// γ / √(variance + ε), then β − mean · scale, then 1 / √(variance + ε).
  private let derived: FloatBuffer

  init(
    _ normalization: BatchNormalization, layers: Range<Int>, shape: PaddedShape, tensors: [ParameterTensor]
  ) {
    self.normalization = normalization
    self.layers = layers
    self.tensors = tensors
    output = shape
    derived = FloatBuffer(count: 3 * shape.stride)
  }

  var parameterCount: Int { 4 * output.stride }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let stride = output.stride
    return tensors.enumerated().map { index, tensor in (tensor, { index * stride + $0 }) }
  }

  func prepare(_ parameters: UnsafePointer<Float>) {
    let stride = output.stride
    for c in 0..<stride {
      let root = (parameters[3 * stride + c] + Float(normalization.epsilon)).squareRoot()
      derived.pointer[c] = parameters[c] / root
      derived.pointer[stride + c] = parameters[stride + c] - parameters[2 * stride + c] * derived.pointer[c]
      derived.pointer[2 * stride + c] = 1 / root
    }
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let stride = output.stride
    let scale = derived.pointer
    for row in 0..<count * output.length {
      let x = work.outputs[step - 1].pointer + row * stride
      let y = work.outputs[step].pointer + row * stride
      for c in 0..<stride { y[c] = x[c] * scale[c] + scale[stride + c] }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let stride = output.stride
    let (scale, root, mean) = (derived.pointer, derived.pointer + 2 * stride, parameters + 2 * stride)
    for row in 0..<count * output.length {
      let x = work.outputs[step - 1].pointer + row * stride
      let dx = work.gradients[step - 1].pointer + row * stride
      let dy = work.gradients[step].pointer + row * stride
      for c in 0..<stride {
        dx[c] = dy[c] * scale[c]
        gradients[c] += dy[c] * (x[c] - mean[c]) * root[c]
        gradients[stride + c] += dy[c]
      }
    }
  }
}
