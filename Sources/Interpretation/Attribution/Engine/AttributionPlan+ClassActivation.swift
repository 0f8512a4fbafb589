internal import CKernels
import NeuralNetworks
import Runtime
import Sequences

extension AttributionPlan {
  /// Class activation maps of a stage into `maps`, (N, positions).
  func classActivationMaps(
    _ method: ClassActivationMethod, _ sequences: SequenceSet, stage index: Int, output: Int, threads: Int,
    into maps: UnsafeMutablePointer<Float>
  ) {
    nonisolated(unsafe) let maps = maps
    let stage = stages[index]
    let positions = stage.form.positions
    forEachBatch(sequences, threads: threads) { work, batch, codes in
      work.explain(output: output)
      forward(work, count: batch.count, codes: codes, transforms: method.addsPositions)
      work.backward(index + 1..<stages.count, count: batch.count)
      let z = FloatBuffer(count: stage.preactivationCount)
      let gradient = FloatBuffer(count: stage.preactivationCount)
      for item in 0..<batch.count {
        if index == 0 {
          work.firstPreactivations(of: codes + item * length, into: z.pointer)
        } else {
          work.preactivations(index, item: item, into: z.pointer)
        }
        if stage.form.isRectified {
          for i in 0..<stage.preactivationCount { z.pointer[i] = max(z.pointer[i], 0) }
        }
        gradient.clear()
        kernels.place(
          stage.epilogue(), work.worth(index, item: item), work.winners[index] + item * stage.outputCount,
          gradient.pointer)
        method.map(
          activations: z.pointer, gradients: gradient.pointer, positions: positions, stride: stage.outputs,
          into: maps + (batch.lowerBound + item) * positions)
      }
    }
  }
}
