import Sequences

/// What the engine computes for one minibatch, for comparison with the reference.
package struct EngineProbe {
  /// (sequences, outputs).
  package var outputs: [Float]
  /// Gradients of Σ output · seed, in the order of `architecture.tensors`.
  package var parameterGradients: [Float]
  /// (sequences, length, 4); only layer by layer, since the fused engine never makes it.
  package var inputGradient: [Float] = []
}

extension Network {
  /// Runs `sequences` forward and back, `groupSize` at a time as a worker of the trainer does.
  ///
  /// - Parameters:
  ///   - seed: gradient of the outputs, (sequences, outputs).
  ///   - dropoutKey: the key of a sequence and a dropout layer; without it dropout is off.
  package func probe(
    _ sequences: SequenceSet, seed: [Float], isFused: Bool, kernels: Kernels, groupSize: Int = 3,
    dropoutKey: (@Sendable (_ sequence: Int, _ dropout: Int) -> UInt64)? = nil
  ) -> EngineProbe {
    let engine = Engine(self, mode: isFused ? .fused : .layerwise, kernels: kernels)
    if let dropoutKey { return trainingProbe(engine, sequences, seed: seed, dropoutKey: dropoutKey) }
    let work = Workspace(engine: engine, capacity: groupSize, training: true)
    let gradients = FloatBuffer(count: engine.parameters.count)
    let last = engine.steps.count - 1
    var result = EngineProbe(outputs: [], parameterGradients: [])
    for first in stride(from: 0, to: sequences.count, by: groupSize) {
      let count = min(groupSize, sequences.count - first)
      for slot in 0..<count {
        Array(sequences[first + slot]).withUnsafeBufferPointer { work.load($0.baseAddress!, slot: slot) }
      }
      engine.forward(work, count: count, training: false)
      result.outputs += rows(work.outputs[last], engine.steps[last].output, count)
      let shape = engine.steps[last].output
      work.gradients[last].clear()
      for row in 0..<count * shape.length {
        for c in 0..<shape.channels {
          work.gradients[last].pointer[row * shape.stride + c] =
            seed[(first * shape.length + row) * shape.channels + c]
        }
      }
      engine.backward(work, count: count, gradients: gradients.pointer)
      if !isFused { result.inputGradient += rows(work.gradients[0], engine.steps[0].output, count) }
    }
    let hasUnknown = sequences.codes.contains(Nucleotide.unknown)
    (engine.steps[0] as? DNAConvolutionStep)?.fold(work, hasUnknown: hasUnknown, gradients: gradients.pointer)
    engine.settle(gradients)
    result.parameterGradients = engine.gather(gradients)
    return result
  }

  /// One minibatch as the trainer runs it.
  private func trainingProbe(
    _ engine: Engine, _ sequences: SequenceSet, seed: [Float],
    dropoutKey: @escaping @Sendable (_ sequence: Int, _ dropout: Int) -> UInt64
  ) -> EngineProbe {
    let runner = BatchRunner(engine, batchSize: sequences.count, threads: 2)
    let shape = engine.steps[engine.steps.count - 1].output
    let results = sequences.codes.withUnsafeBufferPointer { codes in
      let batch = BatchRunner.Batch(
        indices: Array(0..<sequences.count)[...], codes: codes.baseAddress!,
        hasUnknown: sequences.codes.contains(Nucleotide.unknown), dropoutKey: dropoutKey)
      return runner.run(batch, initial: [Float]()) { result, index, outputs, gradient in
        for row in 0..<shape.length {
          for c in 0..<shape.channels {
            result.append(outputs[row * shape.stride + c])
            gradient[row * shape.stride + c] = seed[(index * shape.length + row) * shape.channels + c]
          }
        }
      }
    }
    let total = FloatBuffer(count: engine.parameters.count)
    for shard in 0..<BatchRunner.shards {
      for i in 0..<total.count { total.pointer[i] += runner.gradients.pointer[shard * total.count + i] }
    }
    engine.settle(total)
    return EngineProbe(outputs: results.flatMap { $0 }, parameterGradients: engine.gather(total))
  }

  private func rows(_ buffer: FloatBuffer, _ shape: PaddedShape, _ count: Int) -> [Float] {
    (0..<count * shape.length).flatMap { row in
      (0..<shape.channels).map { buffer.pointer[row * shape.stride + $0] }
    }
  }
}
