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
      let x = work.outputs[step - 1] + row * output.stride
      let y = work.outputs[step] + row * output.stride
      let shares = Softmax.shares((0..<output.channels).map { Double(x[$0]) })
      for c in 0..<output.channels { y[c] = Float(shares[c]) }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    for row in 0..<count * output.length {
      let y = work.outputs[step] + row * output.stride
      let dx = work.gradients[step - 1] + row * output.stride
      let dy = work.gradients[step] + row * output.stride
      var mean: Float = 0
      for c in 0..<output.channels { mean += dy[c] * y[c] }
      for c in 0..<output.stride { dx[c] = y[c] * (dy[c] - mean) }
    }
  }
}

/// Layer normalization over the channels of each position.
///
/// dγ = Σ dy·x̂, dβ = Σ dy; with e = dy·γ: dx = (e − mean(e) − x̂ · mean(e·x̂)) / √(variance + ε).
final class LayerNormalizationStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let epsilon: Float
  /// gamma, beta.
  private let tensors: [ParameterTensor]
  private nonisolated(unsafe) var parameters: UnsafePointer<Float>!

  init(
    _ normalization: LayerNormalization, layers: Range<Int>, shape: PaddedShape, tensors: [ParameterTensor]
  ) {
    self.layers = layers
    self.tensors = tensors
    output = shape
    epsilon = Float(normalization.epsilon)
  }

  var parameterCount: Int { 2 * output.stride }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let stride = output.stride
    return tensors.enumerated().map { index, tensor in (tensor, { index * stride + $0 }) }
  }

  /// The engine's parameters outlive it.
  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) { self.parameters = parameters }

  /// Mean and 1 / √(variance + ε) of a row.
  private func moments(_ x: UnsafePointer<Float>) -> (mean: Float, scale: Float) {
    let count = Float(output.channels)
    var (sum, squares): (Float, Float) = (0, 0)
    for c in 0..<output.channels { sum += x[c] }
    let mean = sum / count
    for c in 0..<output.channels { squares += (x[c] - mean) * (x[c] - mean) }
    return (mean, 1 / (squares / count + epsilon).squareRoot())
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let (gamma, beta) = (parameters!, parameters + output.stride)
    for row in 0..<count * output.length {
      let x = work.outputs[step - 1] + row * output.stride
      let y = work.outputs[step] + row * output.stride
      let (mean, scale) = moments(x)
      for c in 0..<output.channels { y[c] = gamma[c] * ((x[c] - mean) * scale) + beta[c] }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let share = 1 / Float(output.channels)
    for row in 0..<count * output.length {
      let x = work.outputs[step - 1] + row * output.stride
      let dx = work.gradients[step - 1] + row * output.stride
      let dy = work.gradients[step] + row * output.stride
      let (mean, scale) = moments(x)
      var (sum, product): (Float, Float) = (0, 0)
      for c in 0..<output.channels {
        let (normal, e) = ((x[c] - mean) * scale, dy[c] * parameters[c])
        if let gradients {
          gradients[c] += dy[c] * normal
          gradients[output.stride + c] += dy[c]
        }
        sum += e
        product += e * normal
      }
      for c in 0..<output.stride { dx[c] = 0 }
      for c in 0..<output.channels {
        let normal = (x[c] - mean) * scale
        dx[c] = scale * (dy[c] * parameters[c] - share * sum - normal * share * product)
      }
    }
  }
}
