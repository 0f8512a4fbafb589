internal import CKernels
import Foundation

/// ReLU, maximum or dropout by itself: the epilogue without a convolution before it.
final class EpilogueStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let epilogue: Epilogue
  private let isGlobal: Bool
  private let kernels: Kernels

  init(layers: Range<Int>, epilogue: Epilogue, kernels: Kernels) {
    self.layers = layers
    self.epilogue = epilogue
    self.kernels = kernels
    isGlobal = epilogue.pool == epilogue.shape.length && epilogue.pool > 1
  }

  var output: PaddedShape { epilogue.output }
  var hasWinners: Bool { epilogue.pool > 1 }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let e = epilogue.c(training: training)
    let keys = work.keys + epilogue.dropout * work.capacity
    for s in 0..<count {
      kernels.functions.epilogue(
        e, work.outputs[step - 1] + s * epilogue.shape.count, nil, nil, keys[s],
        work.outputs[step] + s * output.count, work.winners[step].map { $0 + s * output.count })
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let e = epilogue.c(training: true)
    for s in 0..<count {
      kernels.functions.epilogue_backward(
        e, nil, nil, nil, nil, work.outputs[step] + s * output.count, work.gradients[step] + s * output.count,
        work.winners[step].map { $0 + s * output.count },
        work.gradients[step - 1] + s * epilogue.shape.count)
    }
  }
}

/// An activation other than ReLU, element by element.
final class ActivationStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let function: Activation

  init(layers: Range<Int>, shape: PaddedShape, function: Activation) {
    self.layers = layers
    output = shape
    self.function = function
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let x = work.outputs[step - 1]
    let y = work.outputs[step]
    forEachElement(count) { y[$0] = Float(function.value(Double(x[$0]))) }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let x = work.outputs[step - 1]
    let dx = work.gradients[step - 1]
    let dy = work.gradients[step]
    dx.update(repeating: 0, count: count * output.count)
    forEachElement(count) { dx[$0] = dy[$0] * Float(function.derivative(Double(x[$0]))) }
  }

  /// Channels that are there only to fill a block stay zero.
  private func forEachElement(_ count: Int, _ body: (Int) -> Void) {
    for row in 0..<count * output.length {
      for channel in 0..<output.channels { body(row * output.stride + channel) }
    }
  }
}

/// Pooling whose windows the epilogue cannot do: means, and maxima whose stride is not their size or that reach over the ends.
final class WindowStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let input: PaddedShape
  let output: PaddedShape
  /// The positions of each window.
  private let windows: [Range<Int>]
  private let isMean: Bool

  /// The first window begins `left` before the input; windows are cut off at its ends.
  init(
    layers: Range<Int>, input: PaddedShape, output: PaddedShape, size: Int, stride: Int, left: Int,
    isMean: Bool
  ) {
    self.layers = layers
    self.input = input
    self.output = output
    self.isMean = isMean
    windows = (0..<output.length).map {
      max(0, $0 * stride - left)..<min(input.length, $0 * stride - left + size)
    }
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    forEachWindow(count) { x, size, y in
      let source = work.outputs[step - 1] + x
      var result = source[0]
      for i in 1..<max(1, size) {
        let value = source[i * input.stride]
        result = isMean ? result + value : max(result, value)
      }
      work.outputs[step][y] = isMean ? result * (1 / Float(size)) : result
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    work.gradients[step - 1].update(repeating: 0, count: count * input.count)
    forEachWindow(count) { x, size, y in
      let target = work.gradients[step - 1] + x
      let gradient = work.gradients[step][y]
      if isMean {
        let share = 1 / Float(size)
        for i in 0..<size { target[i * input.stride] += gradient * share }
      } else {
        let source = work.outputs[step - 1] + x
        // The first of the largest; with NaN in the window no search for the maximum would end.
        var winner = 0
        for i in 1..<max(1, size) where source[i * input.stride] > source[winner * input.stride] {
          winner = i
        }
        target[winner * input.stride] += gradient
      }
    }
  }

  private func forEachWindow(_ count: Int, _ body: (_ x: Int, _ size: Int, _ y: Int) -> Void) {
    for s in 0..<count {
      for (i, window) in windows.enumerated() {
        for channel in 0..<input.channels {
          body(
            s * input.count + window.lowerBound * input.stride + channel, window.count,
            s * output.count + i * output.stride + channel)
        }
      }
    }
  }
}

/// log Σ exp x over the positions of each channel.
final class LogSumExpStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let input: PaddedShape

  init(layers: Range<Int>, input: PaddedShape) {
    self.layers = layers
    self.input = input
    output = PaddedShape(.features(input.channels))
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    for s in 0..<count {
      let (x, y) = (work.outputs[step - 1] + s * input.count, work.outputs[step] + s * output.count)
      for c in 0..<input.channels {
        var largest = x[c]
        for i in 0..<input.length { largest = max(largest, x[i * input.stride + c]) }
        var sum: Float = 0
        for i in 0..<input.length { sum += exp(x[i * input.stride + c] - largest) }
        y[c] = largest + log(sum)
      }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    work.gradients[step - 1].update(repeating: 0, count: count * input.count)
    for s in 0..<count {
      let (x, y) = (work.outputs[step - 1] + s * input.count, work.outputs[step] + s * output.count)
      let (dx, dy) = (work.gradients[step - 1] + s * input.count, work.gradients[step] + s * output.count)
      for i in 0..<input.length {
        for c in 0..<input.channels {
          dx[i * input.stride + c] = dy[c] * exp(x[i * input.stride + c] - y[c])
        }
      }
    }
  }
}
