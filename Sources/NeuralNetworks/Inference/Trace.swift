import Runtime
import Sequences

/// What a network computed for a few sequences: every layer's output and, after `backward`, its gradient.
public final class Trace {
  /// Number of sequences.
  public let count: Int
  private let engine: Engine
  private let work: Workspace

  fileprivate init(engine: Engine, work: Workspace, count: Int) {
    self.engine = engine
    self.work = work
    self.count = count
  }

  /// The step whose output is that of a layer.
  private func step(_ layer: Int) -> Int { engine.stepOfActivation[layer + 1] }

  /// Output of a layer, (sequences, length, channels) row-major; ReLU and other activations of a convolution or dense
  /// layer belong to its output.
  public func output(layer: Int) -> [Float] { read(work.outputs[step(layer)], step: step(layer)) }

  /// Output of a layer where it lies: (sequences, length, stride), channels padded with zeros to `stride` floats.
  public func withOutput<Result>(
    layer: Int, _ body: (_ values: UnsafePointer<Float>, _ stride: Int) throws -> Result
  ) rethrows -> Result {
    try body(work.outputs[step(layer)], engine.steps[step(layer)].output.stride)
  }

  /// Gradient of what `backward` was given with respect to a layer's output, same shape.
  public func gradient(layer: Int) -> [Float] { read(work.gradients[step(layer)], step: step(layer)) }

  /// Gradient with respect to the one-hot input, (sequences, length, 4).
  public var inputGradient: [Float] { read(work.gradients[0], step: 0) }

  /// Sends `seed`, the gradient of the network's outputs (sequences, outputs), back to the input;
  /// by default 1 for each, so that every sequence gets the gradient of its own logit.
  public func backward(seed: [Float]? = nil) {
    let last = engine.steps.count - 1
    let shape = engine.steps[last].output
    let gradient = work.gradients[last]
    gradient.update(repeating: 0, count: count * shape.count)
    for row in 0..<count * shape.length {
      for channel in 0..<shape.channels {
        gradient[row * shape.stride + channel] = seed?[row * shape.channels + channel] ?? 1
      }
    }
    engine.backward(work, count: count, gradients: nil)
  }

  /// All outputs of the network, (sequences, outputs).
  public var outputs: [Float] {
    read(work.outputs[engine.steps.count - 1], step: engine.steps.count - 1)
  }

  /// What a layer was given, of several inputs the first: (sequences, length, channels).
  package func input(layer: Int) -> [Float] {
    let step = engine.stepOfActivation[engine.architecture.sources[layer][0]]
    return read(work.outputs[step], step: step)
  }

  /// What a layer was given where it lies: (sequences, length, stride) as `withOutput` has it. Features may still lie as the
  /// `channels` of positions.
  package func withInput<Result>(
    layer: Int,
    _ body: (_ values: UnsafePointer<Float>, _ length: Int, _ channels: Int, _ stride: Int) throws -> Result
  ) rethrows -> Result {
    let step = engine.stepOfActivation[engine.architecture.sources[layer][0]]
    let shape = engine.steps[step].output
    return try body(work.outputs[step], shape.length, shape.channels, shape.stride)
  }

  /// Sends `seed` back to the input as `backward(seed:)` does, but where `rule` gives numbers for a layer, these are the gradient
  /// of that layer's input. It may read the layer's input, output and gradient.
  package func backward(seed: [Float], rule: (_ layer: Int) -> [Float]?) {
    let last = engine.steps.count - 1
    write(seed, to: work.gradients[last], step: last)
    for (index, step) in engine.steps.enumerated().reversed() where index > 0 {
      if let layer = step.layers.first, let gradient = rule(layer) {
        write(gradient, to: work.gradients[index - 1], step: index - 1)
      } else {
        step.backward(
          work, step: index, count: count, parameters: engine.parameters.pointer + engine.offsets[index],
          gradients: nil)
      }
    }
  }

  private func write(_ values: [Float], to buffer: UnsafeMutablePointer<Float>, step: Int) {
    let shape = engine.steps[step].output
    precondition(values.count == count * shape.length * shape.channels, "a number for each output")
    buffer.update(repeating: 0, count: count * shape.count)
    for (index, value) in values.enumerated() {
      buffer[index / shape.channels * shape.stride + index % shape.channels] = value
    }
  }

  private func read(_ buffer: UnsafeMutablePointer<Float>, step: Int) -> [Float] {
    let shape = engine.steps[step].output
    var result: [Float] = []
    result.reserveCapacity(count * shape.length * shape.channels)
    for row in 0..<count * shape.length {
      result.append(
        contentsOf: UnsafeBufferPointer(start: buffer + row * shape.stride, count: shape.channels))
    }
    return result
  }
}

extension Network {
  /// Runs the network layer by layer over all sequences, a block of at most `blockSize` at a time, and gives what
  /// `body` makes of each block, in order. Dropout is off.
  ///
  /// `body(trace, indices)` may call `backward` and read whatever it needs; a trace is valid inside it only. Blocks run on
  /// `threads` threads and are the same whatever their number.
  ///
  /// - Throws: `InputError` unless all sequences have the network's length.
  public func trace<Result: Sendable>(
    of sequences: SequenceSet, blockSize: Int = 64, threads: Int = Parallel.threads, kernels: Kernels = .best,
    _ body: @Sendable (_ trace: Trace, _ indices: Range<Int>) -> Result
  ) throws -> [Result] {
    try requireLength(of: sequences)
    let length = architecture.input.length
    return trace(count: sequences.count, blockSize: blockSize, threads: threads, kernels: kernels, body) {
      engine, work, indices in
      sequences.codes.withUnsafeBufferPointer { codes in
        for (slot, index) in indices.enumerated() {
          work.load(codes.baseAddress! + index * length, slot: slot)
        }
      }
      engine.steps[0].forward(work, step: 0, count: indices.count, training: false)
    }
  }

  /// As above for inputs that need not be one-hot: `input(item, values)` fills the (length, 4) numbers of one of `count` inputs.
  public func trace<Result: Sendable>(
    count: Int, blockSize: Int = 64, threads: Int = Parallel.threads, kernels: Kernels = .best,
    input: @Sendable (_ item: Int, _ values: inout [Float]) -> Void,
    _ body: @Sendable (_ trace: Trace, _ indices: Range<Int>) -> Result
  ) -> [Result] {
    let size = architecture.input.length * 4
    return trace(count: count, blockSize: blockSize, threads: threads, kernels: kernels, body) {
      engine, work, indices in
      let shape = engine.steps[0].output
      var values = [Float](repeating: 0, count: size)
      for (slot, item) in indices.enumerated() {
        input(item, &values)
        precondition(values.count == size, "(length, 4) numbers for each input")
        let target = work.outputs[0] + slot * shape.count
        for i in 0..<size { target[i / 4 * shape.stride + i % 4] = values[i] }
      }
    }
  }

  /// `load` fills the output of the first step, the input itself.
  private func trace<Result: Sendable>(
    count: Int, blockSize: Int, threads: Int, kernels: Kernels,
    _ body: @Sendable (_ trace: Trace, _ indices: Range<Int>) -> Result,
    load: @Sendable (_ engine: Engine, _ work: Workspace, _ indices: Range<Int>) -> Void
  ) -> [Result] {
    let engine = Engine(self, mode: .layerwise, kernels: kernels, threads: threads)
    let blocks = (count + blockSize - 1) / blockSize
    let workspaces = (0..<max(1, min(threads, blocks))).map { _ in
      Workspace(engine: engine, capacity: min(blockSize, max(1, count)), training: true)
    }
    return Parallel.map(blocks, threads: threads) { worker, block in
      let work = workspaces[worker]
      let indices = block * blockSize..<min(count, (block + 1) * blockSize)
      load(engine, work, indices)
      for (index, step) in engine.steps.enumerated().dropFirst() {
        step.forward(work, step: index, count: indices.count, training: false)
      }
      return body(Trace(engine: engine, work: work, count: indices.count), indices)
    }
  }
}
