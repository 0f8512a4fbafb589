/// Features without the padding between positions, (length, padded channels) → (1, padded length · channels): where
/// `Flatten` is followed by a layer that cares.
final class FlattenStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let input: PaddedShape

  init(layers: Range<Int>, input: PaddedShape) {
    self.layers = layers
    self.input = input
    output = PaddedShape(.features(input.length * input.channels))
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let (x, y) = (work.outputs[step - 1], work.outputs[step])
    forEachRow(count) { (y + $1).update(from: x + $0, count: input.channels) }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let (dx, dy) = (work.gradients[step - 1], work.gradients[step])
    dx.update(repeating: 0, count: count * input.count)
    forEachRow(count) { (dx + $0).update(from: dy + $1, count: input.channels) }
  }

  private func forEachRow(_ count: Int, _ body: (_ x: Int, _ y: Int) -> Void) {
    for s in 0..<count {
      for i in 0..<input.length {
        body(s * input.count + i * input.stride, s * output.count + i * input.channels)
      }
    }
  }
}

/// Where a skip connection leaves: its output is its input, its gradient that of all ways.
final class ForkStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  /// The steps at which skip connections come back.
  var additions: [Int] = []

  init(layers: Range<Int>, shape: PaddedShape) {
    self.layers = layers
    output = shape
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    work.outputs[step].update(from: work.outputs[step - 1], count: count * output.count)
  }

  /// The addition's own gradient still stands: each step writes only that of the step before it.
  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let dx = work.gradients[step - 1]
    dx.update(from: work.gradients[step], count: count * output.count)
    for addition in additions {
      let skip = work.gradients[addition]
      for i in 0..<count * output.count { dx[i] += skip[i] }
    }
  }
}

/// Where a skip connection comes back: the sum of its input and the fork's output.
final class AdditionStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let fork: Int

  init(layers: Range<Int>, shape: PaddedShape, fork: Int) {
    self.layers = layers
    output = shape
    self.fork = fork
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let (x, skip) = (work.outputs[step - 1], work.outputs[fork])
    let y = work.outputs[step]
    for i in 0..<count * output.count { y[i] = x[i] + skip[i] }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    work.gradients[step - 1].update(from: work.gradients[step], count: count * output.count)
  }
}

/// The larger of two strands' scores: channels f and f + filters → f.
final class StrandMaximumStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let input: PaddedShape

  init(layers: Range<Int>, input: PaddedShape) {
    self.layers = layers
    self.input = input
    output = PaddedShape(.map(length: input.length, channels: input.channels / 2))
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let filters = output.channels
    for row in 0..<count * input.length {
      let x = work.outputs[step - 1] + row * input.stride
      let y = work.outputs[step] + row * output.stride
      for f in 0..<filters { y[f] = max(x[f], x[f + filters]) }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let filters = output.channels
    for row in 0..<count * input.length {
      let x = work.outputs[step - 1] + row * input.stride
      let dx = work.gradients[step - 1] + row * input.stride
      let dy = work.gradients[step] + row * output.stride
      dx.update(repeating: 0, count: input.stride)
      for f in 0..<filters { dx[x[f + filters] > x[f] ? f + filters : f] = dy[f] }
    }
  }
}
