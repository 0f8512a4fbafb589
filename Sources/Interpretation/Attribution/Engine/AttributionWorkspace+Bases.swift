internal import CKernels
import NeuralNetworks
import Sequences

/// The first stage, which reads codes.
extension AttributionWorkspace {
  /// Pre-activations of the first stage at every position, (positions, outputs).
  func firstPreactivations(of sequence: UnsafePointer<UInt8>, into z: UnsafeMutablePointer<Float>) {
    readTrimers(sequence)
    let stage = plan.stages[0]
    let windows = stage.form.windows
    var e = stage.epilogue()
    (e.positions, e.pool, e.pooled, e.relu) = (Int32(windows), 1, Int32(windows), 0)
    guard stage.form.strands == 2 else {
      return plan.kernels.dna_forward(
        1, Int32(stage.groups), e, stage.panels.pointer, trimers, 0, keys, z, nil)
    }
    for strand in 0..<2 {
      plan.kernels.dna_forward(
        1, Int32(stage.groups), e, stage.panels.pointer + strand * stage.panels.count / 2, trimers, 0, keys,
        scratch.pointer, nil)
      for window in 0..<windows {
        (z + (2 * window + strand) * stage.outputs)
          .update(from: scratch.pointer + window * stage.outputs, count: stage.outputs)
      }
    }
  }

  func readTrimers(_ sequence: UnsafePointer<UInt8>) {
    let form = plan.stages[0].form
    (codes + form.margins.left).update(from: sequence, count: form.length)
    ck_trimers(Int32(form.rows + 2), codes, trimers)
  }

  /// A sequence through the first stage.
  ///
  /// - Parameter transforms: Whether Winograd's products may take it through the others, where no maximum can be a tie. They
  ///   round an output by its place and its neighbors, so the windows of a repeat, which are equal in a direct product and of
  ///   which the first is the maximum, would differ.
  func readSequence(_ sequence: UnsafePointer<UInt8>, item: Int, transforms: Bool = false) {
    let stage = plan.stages[0]
    self.transforms[item] = false
    if stage.form.strands == 2 {
      firstPreactivations(of: sequence, into: bothStrands.pointer)
      return plan.kernels.epilogue(
        stage.epilogue(), bothStrands.pointer, nil, nil, 0, outputs(0, item: item),
        winners[0] + item * stage.outputCount)
    }
    readTrimers(sequence)
    self.transforms[item] = transforms && !hasRepeat()
    plan.kernels.dna_forward(
      1, Int32(stage.groups), stage.epilogue(), stage.panels.pointer, trimers, 0, keys,
      outputs(0, item: item),
      winners[0] + item * stage.outputCount)
  }

  /// Whether two windows of the last sequence read that a maximum may compare hold the same bases: only then, and where nothing
  /// passes ReLU, are outputs equal.
  func hasRepeat() -> Bool {
    let form = plan.stages[0].form
    return ck_has_repeat(
      Int32(form.rows), codes, Int32(form.taps), Int32(min(plan.pooled, form.windows))) != 0
  }

  /// Back through the first stage's convolution for the first item, from what each pre-activation is worth.
  func spreadFirst(_ epilogue: ck_epilogue, _ values: UnsafePointer<Float>) {
    let stage = plan.stages[0]
    plan.kernels.spread(
      epilogue, Int32(stage.form.strands), Int32(stage.channels), Int32(stage.depth), Int64(stage.inputCount),
      values, nil, nil, nil,
      stage.rows.pointer, worths[0].pointer, entries)
  }

  /// What the bases of an item are worth, (length, 4).
  func baseWorths(item: Int) -> UnsafePointer<Float> {
    UnsafePointer(worths[0].pointer + item * plan.stages[0].inputCount + plan.stages[0].inputStart)
  }
}
