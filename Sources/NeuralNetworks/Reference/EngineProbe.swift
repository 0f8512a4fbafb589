import Sequences

/// What the engine computes for one minibatch, for comparison with the reference.
package struct EngineProbe {
  /// (sequences, outputs).
  package var outputs: [Float]
  /// Gradients of Σ output · seed, in the order of `architecture.tensors`.
  package var parameterGradients: [Float]
  /// (sequences, length, 4); only layer by layer, since the fused engine never makes it.
  package var inputGradient: [Float] = []
  /// All parameters afterwards: training moves running means and variances.
  package var parameters: [Float] = []
}

extension Network {
  /// Layer by layer, dropout off, running means and variances: as `trace` does.
  package func probe(_ sequences: SequenceSet, seed: [Float], kernels: Kernels) -> EngineProbe {
    let engine = Engine(self, mode: .layerwise, kernels: kernels, threads: 1)
    let work = Workspace(engine: engine, capacity: sequences.count, training: true)
    let gradients = FloatBuffer(count: engine.parameters.count)
    let last = engine.steps.count - 1
    let shape = engine.steps[last].output
    for index in 0..<sequences.count {
      Array(sequences[index]).withUnsafeBufferPointer { work.load($0.baseAddress!, slot: index) }
    }
    engine.forward(work, count: sequences.count, training: false)
    for row in 0..<sequences.count * shape.length {
      for c in 0..<shape.channels {
        work.gradients[last][row * shape.stride + c] = seed[row * shape.channels + c]
      }
    }
    engine.backward(work, count: sequences.count, gradients: gradients.pointer)
    engine.settle(gradients)
    return EngineProbe(
      outputs: rows(work.outputs[last], shape, sequences.count),
      parameterGradients: engine.gather(gradients),
      inputGradient: rows(work.gradients[0], engine.steps[0].output, sequences.count))
  }

  /// One minibatch as the trainer runs it.
  ///
  /// - Parameters:
  ///   - seed: gradient of the outputs, (sequences, outputs).
  ///   - dropoutKey: the key of a sequence and a dropout layer.
  package func trainingProbe(
    _ sequences: SequenceSet, seed: [Float], kernels: Kernels, threads: Int = 2,
    dropoutKey: @escaping @Sendable (_ sequence: Int, _ dropout: Int) -> UInt64
  ) -> EngineProbe {
    let engine = Engine(self, kernels: kernels, threads: threads)
    let runner = BatchRunner(engine, batchSize: sequences.count, threads: threads)
    let shape = engine.steps[engine.steps.count - 1].output
    let size = shape.length * shape.channels
    let parts = sequences.codes.withUnsafeBufferPointer { codes in
      let batch = BatchRunner.Batch(
        indices: Array(0..<sequences.count)[...], codes: codes.baseAddress!,
        hasUnknown: sequences.codes.contains(Nucleotide.unknown), dropoutKey: dropoutKey)
      return runner.run(batch, initial: [Float]()) { outputs, index, y, gradient in
        outputs += self.rows(y, shape, 1)
        for i in 0..<size {
          gradient[i / shape.channels * shape.stride + i % shape.channels] = seed[index * size + i]
        }
      }
    }
    let total = FloatBuffer(count: engine.parameters.count)
    for i in 0..<BatchRunner.shards * total.count {
      total.pointer[i % total.count] += runner.gradients.pointer[i]
    }
    engine.settle(total)
    return EngineProbe(
      outputs: parts.flatMap { $0 }, parameterGradients: engine.gather(total),
      parameters: engine.gather(engine.parameters))
  }

  private func rows(_ buffer: UnsafePointer<Float>, _ shape: PaddedShape, _ count: Int) -> [Float] {
    (0..<count * shape.length).flatMap { row in
      (0..<shape.channels).map { buffer[row * shape.stride + $0] }
    }
  }
}
