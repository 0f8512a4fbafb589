internal import CKernels
import Sequences

/// Memory in which one worker runs up to `capacity` sequences through an engine.
final class Workspace: @unchecked Sendable {
  let capacity: Int
  /// Output of each step, (sequences, length, padded channels).
  let outputs: [FloatBuffer]
  /// Gradient of each step's output, same shapes; empty without training.
  let gradients: [FloatBuffer]
  /// Offsets of the maxima in their pooling windows, for steps that have them.
  let winners: [UnsafeMutablePointer<UInt16>?]
  let scratch: FloatBuffer
  /// Trimers of the sequences, `trimerStride` bytes each; the codes themselves where no layer works on trimers.
  let trimers: UnsafeMutablePointer<UInt8>
  let codes: UnsafeMutablePointer<UInt8>
  /// Gradients of the first layer's trimer tables.
  let tableGradients: FloatBuffer
  /// Dropout keys, one row of `capacity` for each dropout layer.
  let keys: UnsafeMutablePointer<UInt64>
  let first: FirstLayerLayout

  init(engine: Engine, capacity: Int, training: Bool) {
    self.capacity = capacity
    first = engine.first
    outputs = engine.steps.map { FloatBuffer(count: $0.output.count * capacity) }
    gradients = training ? engine.steps.map { FloatBuffer(count: $0.output.count * capacity) } : []
    winners = engine.steps.map {
      $0.hasWinners && training ? .allocate(capacity: max(1, $0.output.count * capacity)) : nil
    }
    scratch = FloatBuffer(count: engine.steps.map(\.scratchCount).max() ?? 0)
    trimers = .allocate(capacity: first.trimerStride * capacity)
    codes = .allocate(capacity: first.codeCount)
    codes.initialize(repeating: 0, count: first.codeCount)
    codes.update(repeating: Nucleotide.unknown, count: first.left)
    (codes + first.left + first.length).update(repeating: Nucleotide.unknown, count: first.right)
    tableGradients = FloatBuffer(count: training ? first.tableCount : 0)
    keys = .allocate(capacity: max(1, engine.dropouts * capacity))
    keys.initialize(repeating: 0, count: max(1, engine.dropouts * capacity))
  }

  deinit {
    winners.forEach { $0?.deallocate() }
    trimers.deallocate()
    codes.deallocate()
    keys.deallocate()
  }

  /// Puts the trimers of a sequence into place `slot`; `source` holds the network's input length of codes.
  func load(_ source: UnsafePointer<UInt8>, slot: Int) {
    guard first.groups > 0 else {
      (trimers + slot * first.trimerStride).update(from: source, count: first.length)
      return
    }
    // Unknown in the margins of `same` padding. What lies past the end meets no weight, but must be a base, since
    // tables of known sequences are folded without the rows of unknown bases.
    (codes + first.left).update(from: source, count: first.length)
    ck_trimers(Int32(first.codeCount), codes, trimers + slot * first.trimerStride)
  }
}

/// How the first layer's input lies in memory.
struct FirstLayerLayout {
  /// Codes of one sequence.
  let length: Int
  /// Zeros before and after the sequence.
  let left: Int
  let right: Int
  let groups: Int
  /// Floats of the trimer tables.
  let tableCount: Int

  /// Codes with margins and the tail that the last group of taps may reach into.
  var codeCount: Int { left + length + right + 2 }
  var trimerStride: Int { codeCount }
  /// Margins hold unknown bases, so all trimers may occur.
  var hasMargins: Bool { left + right > 0 }
}
