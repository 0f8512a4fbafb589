/// The input as one-hot rows (length, 4): where the first layer cannot work on codes, or its gradient is wanted.
final class OneHotStep: Step, @unchecked Sendable {
  let layers = 0..<0
  let output: PaddedShape
  let layout: FirstLayerLayout
  var firstLayer: FirstLayerLayout? { layout }

  init(length: Int) {
    output = PaddedShape(.map(length: length, channels: 4))
    layout = FirstLayerLayout(length: length, left: 0, right: 0, groups: 0, tableCount: 0)
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let y = work.outputs[step]
    y.update(repeating: 0, count: count * output.count)
    for s in 0..<count {
      let codes = work.trimers + s * layout.trimerStride
      for i in 0..<output.length where codes[i] < 4 {
        y[s * output.count + i * output.stride + Int(codes[i])] = 1
      }
    }
  }

  /// The gradient of the input is the gradient of this step's output.
  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {}
}
