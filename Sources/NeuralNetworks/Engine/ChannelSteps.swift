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
    gradients: UnsafeMutablePointer<Float>
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
