internal import CKernels
import NeuralNetworks

/// One sequence in a workspace with every stage's pre-activations: what references and mutants are compared with.
final class RecordedSequence: @unchecked Sendable {
  let work: AttributionWorkspace
  private var plan: AttributionPlan { work.plan }
  /// (positions, outputs) of each stage.
  let preactivations: [FloatBuffer]
  /// Output of each stage, (pooled, outputs).
  let outputs: [FloatBuffer]
  /// Place of each maximum in its window, same shape.
  let winners: [UnsafeMutablePointer<UInt16>]

  init(_ work: AttributionWorkspace) {
    self.work = work
    let stages = work.plan.stages
    preactivations = stages.map { FloatBuffer(count: $0.preactivationCount) }
    outputs = stages.map { FloatBuffer(count: $0.outputCount) }
    winners = stages.map {
      let places = UnsafeMutablePointer<UInt16>.allocate(capacity: $0.outputCount)
      places.initialize(repeating: 0, count: $0.outputCount)
      return places
    }
  }

  deinit { winners.forEach { $0.deallocate() } }

  /// Runs a sequence, in the place of the workspace's first item.
  ///
  /// - Parameter transforms: Whether Winograd's products may be used, which is right where no one asks which of equal windows is
  ///   the maximum.
  func read(_ sequence: UnsafePointer<UInt8>, transforms: Bool = false) {
    work.transforms[0] = transforms
    for (index, stage) in plan.stages.enumerated() {
      let z = preactivations[index].pointer
      if index == 0 {
        work.firstPreactivations(of: sequence, into: z)
      } else {
        work.preactivations(index, item: 0, into: z)
      }
      let y = outputs[index].pointer
      plan.kernels.epilogue(stage.epilogue(), z, nil, nil, 0, y, winners[index])
      work.outputs(index, item: 0).update(from: y, count: stage.outputCount)
    }
  }

  /// One of the network's outputs.
  func value(output: Int) -> Float { outputs[outputs.count - 1].pointer[plan.outputPlaces[output]] }
}
