internal import CKernels
import Foundation
import Sequences

/// Adam (Kingma & Ba 2015) as Keras computes it: the bias corrections are part of the rate, ε is added to √v.
final class Adam {
  private let first: FloatBuffer
  private let second: FloatBuffer
  private let total: FloatBuffer
  private var steps = 0

  init(count: Int) {
    first = FloatBuffer(count: count)
    second = FloatBuffer(count: count)
    total = FloatBuffer(count: count)
  }

  /// Adds up the shards' gradients in order and moves the engine's parameters.
  func step(_ engine: Engine, gradients: FloatBuffer, shards: Int, options: TrainingOptions, threads: Int) {
    steps += 1
    let count = engine.parameters.count
    let rate = Float(
      options.learningRate * (1 - pow(options.beta2, Double(steps))).squareRoot()
        / (1 - pow(options.beta1, Double(steps))))
    let kernels = engine.kernels
    let (first, second, total, parameters) = (first, second, total, engine.parameters)
    let part = 1 << 16
    Parallel.run((count + part - 1) / part, threads: threads) { _, task in
      let from = task * part
      kernels.functions.reduce(
        Int64(min(part, count - from)), Int32(shards), Int64(count), gradients.pointer + from,
        total.pointer + from)
    }
    engine.settle(total)
    Parallel.run((count + part - 1) / part, threads: threads) { _, task in
      let from = task * part
      kernels.functions.adam(
        Int64(min(part, count - from)), total.pointer + from, parameters.pointer + from, first.pointer + from,
        second.pointer + from, rate, Float(options.beta1), Float(options.beta2), Float(options.epsilon))
    }
  }
}
