import Foundation
import Sequences

/// What one step of a network costs: a layer, or several that are computed together.
public struct StepTime: Sendable {
  /// The layers that the step computes.
  public let layers: Range<Int>
  /// Multiply-adds of its convolution or dense layer for one sequence, padding not counted; 0 for other layers.
  public let multiplyAdds: Int
  /// Seconds for one sequence on one thread, activation and pooling included, as prediction and training run it; medians.
  public let forward: Double
  public let backward: Double
}

extension Network {
  /// Times every step on one thread, group by group as training runs them, `repeats` times over.
  ///
  /// For benchmarks: the share of the machine's peak that a convolution reaches is 2 · `multiplyAdds` / `forward` over it.
  ///
  /// - Throws: `InputError` unless all sequences have the network's length.
  public func stepTimes(of sequences: SequenceSet, repeats: Int = 5, kernels: Kernels = .best) throws
    -> [StepTime]
  {
    try requireLength(of: sequences)
    let engine = Engine(self, kernels: kernels, threads: 1)
    let size = BatchRunner.group(engine, shardSize: sequences.count)
    let work = Workspace(engine: engine, capacity: size, training: true)
    let gradients = FloatBuffer(count: engine.parameters.count)
    let length = architecture.input.length
    var forward = [[Double]](repeating: [], count: engine.steps.count)
    var backward = forward
    // What the clock itself takes.
    let clock = median((0..<100).map { _ in seconds {} })
    for _ in 0..<repeats {
      for first in stride(from: 0, through: sequences.count - size, by: size) {
        sequences.codes.withUnsafeBufferPointer { codes in
          for slot in 0..<size { work.load(codes.baseAddress! + (first + slot) * length, slot: slot) }
        }
        for (index, step) in engine.steps.enumerated() {
          forward[index].append(
            (seconds { step.forward(work, step: index, count: size, training: false) } - clock) / Double(size)
          )
        }
        for (index, step) in engine.steps.enumerated() {
          step.forward(work, step: index, count: size, training: true)
        }
        work.gradients[engine.steps.count - 1].update(
          repeating: 1 / Float(size), count: size * engine.steps[engine.steps.count - 1].output.count)
        for (index, step) in engine.steps.enumerated().reversed() {
          backward[index].append(
            (seconds {
              step.backward(
                work, step: index, count: size, parameters: engine.parameters.pointer + engine.offsets[index],
                gradients: gradients.pointer + engine.offsets[index])
            } - clock) / Double(size))
        }
      }
    }
    return engine.steps.enumerated().map { index, step in
      StepTime(
        layers: step.layers,
        multiplyAdds: step.layers.reduce(0) { $0 + architecture.facts[$1].operations / 2 },
        forward: median(forward[index]), backward: median(backward[index]))
    }
  }

  private func seconds(_ body: () -> Void) -> Double {
    let time = ContinuousClock().measure(body)
    return Double(time.components.seconds) + 1e-18 * Double(time.components.attoseconds)
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
