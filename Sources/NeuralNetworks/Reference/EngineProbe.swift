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
    dropoutKey: ((_ sequence: Int, _ dropout: Int) -> UInt64)? = nil
  ) -> EngineProbe {
    let engine = Engine(self, mode: isFused ? .fused : .layerwise, kernels: kernels)
    let work = Workspace(engine: engine, capacity: groupSize, training: true)
    let gradients = FloatBuffer(count: engine.parameters.count)
    let last = engine.steps.count - 1
    var result = EngineProbe(outputs: [], parameterGradients: [])
    for first in stride(from: 0, to: sequences.count, by: groupSize) {
      let count = min(groupSize, sequences.count - first)
      for slot in 0..<count {
        Array(sequences[first + slot]).withUnsafeBufferPointer { work.load($0.baseAddress!, slot: slot) }
        for dropout in 0..<engine.dropouts {
          work.keys[dropout * work.capacity + slot] = dropoutKey?(first + slot, dropout) ?? 0
        }
      }
      engine.forward(work, count: count, training: dropoutKey != nil)
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

  private func rows(_ buffer: FloatBuffer, _ shape: PaddedShape, _ count: Int) -> [Float] {
    (0..<count * shape.length).flatMap { row in
      (0..<shape.channels).map { buffer.pointer[row * shape.stride + $0] }
    }
  }
}
