internal import CKernels
import Foundation
import Runtime
import Sequences

/// One optimizer at work on an engine's parameters, with what it remembers of them.
final class ParameterUpdate {
  private let engine: Engine
  private let options: TrainingOptions
  private let threads: Int
  private let total: FloatBuffer
  /// One for each of `Optimizer.memories`, in the engine's order.
  let memories: [FloatBuffer]
  /// Steps done.
  var steps = 0
  /// Parameters that one task takes.
  private static let part = 1 << 16

  init(_ engine: Engine, options: TrainingOptions, threads: Int) {
    self.engine = engine
    self.options = options
    self.threads = threads
    total = FloatBuffer(count: engine.parameters.count)
    memories = options.optimizer.memories.map { _ in FloatBuffer(count: engine.parameters.count) }
  }

  /// Adds up the shards' gradients in order and moves the engine's parameters.
  func step(_ gradients: FloatBuffer, shards: Int, learningRate: Double) {
    steps += 1
    let (total, kernels, stride) = (total, engine.kernels, Int64(total.count))
    for (range, isSharded) in engine.gradientParts {
      forEachPart(of: range) { from, count in
        kernels.functions.reduce(
          Int64(count), isSharded ? Int32(shards) : 1, stride, gradients.pointer + from, total.pointer + from)
      }
    }
    engine.settle(total)
    clip()
    if options.weightDecay > 0 { decay(Float(1 - learningRate * options.weightDecay)) }
    move(learningRate)
  }

  /// Whether every parameter is still a number. A ReLU hides one that is not: the maximum of NaN and 0 is 0.
  var isFinite: Bool { ck_is_finite(Int64(engine.parameters.count), engine.parameters.pointer) != 0 }

  private func move(_ learningRate: Double) {
    let (g, p, kernels, memories) = (total, engine.parameters, engine.kernels, memories)
    switch options.optimizer {
    case .adam(let beta1, let beta2, let epsilon):
      let t = Double(steps)
      let rate = Float(learningRate * (1 - pow(beta2, t)).squareRoot() / (1 - pow(beta1, t)))
      forEachPart { from, count in
        kernels.functions.adam(
          Int64(count), g.pointer + from, p.pointer + from, memories[0].pointer + from,
          memories[1].pointer + from, rate, Float(beta1), Float(beta2), Float(epsilon))
      }
    case .sgd(let momentum, let nesterov):
      forEachPart { from, count in
        ck_sgd(
          Int64(count), g.pointer + from, p.pointer + from, memories.first.map { $0.pointer + from },
          Float(learningRate), Float(momentum), nesterov ? 1 : 0)
      }
    case .rmsprop(let rho, let momentum, let epsilon):
      forEachPart { from, count in
        ck_rmsprop(
          Int64(count), g.pointer + from, p.pointer + from, memories[0].pointer + from,
          memories.count > 1 ? memories[1].pointer + from : nil, Float(learningRate), Float(rho),
          Float(momentum), Float(epsilon))
      }
    }
  }

  private func clip() {
    let total = total
    if let limit = options.clipNorm {
      let parts = Parallel.map((total.count + Self.part - 1) / Self.part, threads: threads) { task in
        ck_square_sum(Int64(min(Self.part, total.count - task * Self.part)), total.pointer + task * Self.part)
      }
      let norm = (parts.reduce(0, +) - engine.repeatedSquares(total)).squareRoot()
      if norm > limit {
        let factor = Float(limit / norm)
        forEachPart { from, count in ck_decay(Int64(count), total.pointer + from, factor) }
      }
    }
    if let limit = options.clipValue {
      forEachPart { from, count in ck_clip(Int64(count), total.pointer + from, Float(limit)) }
    }
  }

  /// Running means and variances do not decay.
  private func decay(_ factor: Float) {
    let parameters = engine.parameters
    let kept = engine.untrainedPlaces.map { parameters.pointer[$0] }
    forEachPart { from, count in ck_decay(Int64(count), parameters.pointer + from, factor) }
    for (place, value) in zip(engine.untrainedPlaces, kept) { parameters.pointer[place] = value }
  }

  private func forEachPart(
    of range: Range<Int>? = nil, _ body: @Sendable (_ from: Int, _ count: Int) -> Void
  ) {
    let range = range ?? 0..<total.count
    Parallel.run((range.count + Self.part - 1) / Self.part, threads: threads) { _, task in
      let from = range.lowerBound + task * Self.part
      body(from, min(Self.part, range.upperBound - from))
    }
  }
}
