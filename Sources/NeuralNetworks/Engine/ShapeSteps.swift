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

/// Zeros put on the ends, or positions taken off.
final class ShiftStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let input: PaddedShape
  /// Where the rows that both have begin, in the input and in the output, and how many there are.
  private let from: Int
  private let to: Int
  private let rows: Int

  /// `left` and `right` zeros are put before and after, or as many positions taken off where they are negative.
  init(layers: Range<Int>, input: PaddedShape, left: Int, right: Int) {
    self.layers = layers
    self.input = input
    output = PaddedShape(.map(length: left + input.length + right, channels: input.channels))
    (from, to) = (max(0, -left), max(0, left))
    rows = input.length + min(0, left) + min(0, right)
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    move(work.outputs[step - 1], input, from, work.outputs[step], output, to, count)
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    move(work.gradients[step], output, to, work.gradients[step - 1], input, from, count)
  }

  private func move(
    _ source: UnsafeMutablePointer<Float>, _ sourceShape: PaddedShape, _ from: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetShape: PaddedShape, _ to: Int, _ count: Int
  ) {
    target.update(repeating: 0, count: count * targetShape.count)
    for s in 0..<count {
      (target + s * targetShape.count + to * targetShape.stride).update(
        from: source + s * sourceShape.count + from * sourceShape.stride, count: rows * sourceShape.stride)
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
