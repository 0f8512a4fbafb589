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
    gradients: UnsafeMutablePointer<Float>?
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

/// Features as positions, (1, length · channels) → (length, padded channels).
final class ReshapeStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let input: PaddedShape

  init(layers: Range<Int>, input: PaddedShape, length: Int) {
    self.layers = layers
    self.input = input
    output = PaddedShape(.map(length: length, channels: input.channels / length))
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let (x, y) = (work.outputs[step - 1], work.outputs[step])
    y.update(repeating: 0, count: count * output.count)
    forEachRow(count) { (y + $1).update(from: x + $0, count: output.channels) }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let (dx, dy) = (work.gradients[step - 1], work.gradients[step])
    dx.update(repeating: 0, count: count * input.count)
    forEachRow(count) { (dx + $0).update(from: dy + $1, count: output.channels) }
  }

  private func forEachRow(_ count: Int, _ body: (_ x: Int, _ y: Int) -> Void) {
    for s in 0..<count {
      for i in 0..<output.length {
        body(s * input.count + i * output.channels, s * output.count + i * output.stride)
      }
    }
  }
}

/// Positions put between zeros: on the ends, or between each other; those that fall outside are left out.
final class SpreadStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let input: PaddedShape
  private let first: Int
  private let stride: Int

  /// Position i goes to `first` + i · `stride`.
  init(layers: Range<Int>, input: PaddedShape, length: Int, first: Int, stride: Int = 1) {
    self.layers = layers
    self.input = input
    self.first = first
    self.stride = stride
    output = PaddedShape(.map(length: length, channels: input.channels))
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let (x, y) = (work.outputs[step - 1], work.outputs[step])
    y.update(repeating: 0, count: count * output.count)
    forEachRow(count) { (y + $1).update(from: x + $0, count: input.stride) }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let (dx, dy) = (work.gradients[step - 1], work.gradients[step])
    dx.update(repeating: 0, count: count * input.count)
    forEachRow(count) { (dx + $0).update(from: dy + $1, count: input.stride) }
  }

  private func forEachRow(_ count: Int, _ body: (_ x: Int, _ y: Int) -> Void) {
    for s in 0..<count {
      for i in 0..<input.length where (0..<output.length).contains(first + i * stride) {
        body(s * input.count + i * input.stride, s * output.count + (first + i * stride) * output.stride)
      }
    }
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
    gradients: UnsafeMutablePointer<Float>?
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
