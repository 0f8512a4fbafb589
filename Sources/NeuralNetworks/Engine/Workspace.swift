internal import CKernels
import Sequences

/// What the steps keep of up to `capacity` sequences.
final class SequenceMemory: @unchecked Sendable {
  let capacity: Int
  /// Output of each step, (sequences, length, padded channels); nil where it is not kept.
  let outputs: [FloatBuffer?]
  /// Gradient of each step's output, same shapes; nil where it is not kept.
  let gradients: [FloatBuffer?]
  /// Offsets of the maxima in their pooling windows, for steps that have them.
  let winners: [UnsafeMutablePointer<UInt16>?]
  /// Trimers of the sequences, or codes where no layer works on trimers.
  let trimers: UnsafeMutablePointer<UInt8>
  /// Dropout keys, one row of `capacity` for each dropout layer.
  let keys: UnsafeMutablePointer<UInt64>

  /// Keeps outputs and gradients of the steps given.
  init(engine: Engine, capacity: Int, outputs: [Bool], gradients: [Bool], training: Bool) {
    self.capacity = capacity
    let sizes = engine.steps.map { $0.output.count * capacity }
    var buffers: [FloatBuffer?] = []
    for (index, step) in engine.steps.enumerated() {
      buffers.append(
        step.isView ? buffers[step.links[0].step] : outputs[index] ? FloatBuffer(count: sizes[index]) : nil)
    }
    self.outputs = buffers
    self.gradients = zip(sizes, gradients).map { $1 ? FloatBuffer(count: $0) : nil }
    winners = engine.steps.map {
      $0.hasWinners && training ? .allocate(capacity: max(1, $0.output.count * capacity)) : nil
    }
    trimers = .allocate(capacity: engine.first.trimerStride * capacity)
    // One row at least: epilogues without dropout read a key that nothing uses.
    let keyCount = max(1, engine.dropouts) * capacity
    keys = .allocate(capacity: keyCount)
    keys.initialize(repeating: 0, count: keyCount)
  }

  deinit {
    winners.forEach { $0?.deallocate() }
    trimers.deallocate()
    keys.deallocate()
  }
}

/// Where one worker runs sequences through an engine: a window on sequences' memory, and scratch memory of its own.
final class Workspace: @unchecked Sendable {
  /// Row length of `keys`.
  var capacity: Int { memory.capacity }
  /// From the window's first sequence on, as in `SequenceMemory`.
  private(set) var outputs: [UnsafeMutablePointer<Float>]
  private(set) var gradients: [UnsafeMutablePointer<Float>]
  private(set) var winners: [UnsafeMutablePointer<UInt16>?]
  private(set) var trimers: UnsafeMutablePointer<UInt8>
  private(set) var keys: UnsafeMutablePointer<UInt64>
  let scratch: FloatBuffer
  /// Gradients of the first layer's trimer tables.
  let tableGradients: FloatBuffer
  private let codes: UnsafeMutablePointer<UInt8>
  private let first: FirstLayerLayout
  private let memory: SequenceMemory
  /// Floats of one sequence in each step's output.
  private let counts: [Int]
  /// Outputs and gradients that the sequences' memory does not keep.
  private let ownOutputs: [FloatBuffer?]
  private let ownGradients: [FloatBuffer?]

  /// Memory of its own for `capacity` sequences.
  convenience init(engine: Engine, capacity: Int, training: Bool) {
    let all = [Bool](repeating: true, count: engine.steps.count)
    let memory = SequenceMemory(
      engine: engine, capacity: capacity, outputs: all, gradients: all.map { $0 && training },
      training: training)
    self.init(engine: engine, memory: memory, group: capacity, training: training)
  }

  /// A window of up to `group` sequences.
  init(engine: Engine, memory: SequenceMemory, group: Int, training: Bool) {
    self.memory = memory
    first = engine.first
    let counts = engine.steps.map(\.output.count)
    self.counts = counts
    ownOutputs = Self.outputs(engine.steps, besides: memory.outputs, group: group, reuses: !training)
    ownGradients =
      training
      ? zip(memory.gradients, counts).map { $0 == nil ? FloatBuffer(count: $1 * group) : nil } : []
    scratch = FloatBuffer(count: engine.steps.map { $0.scratchCount(group: group) }.max() ?? 0)
    tableGradients = FloatBuffer(count: training ? first.tableCount : 0)
    codes = .allocate(capacity: first.codeCount)
    codes.initialize(repeating: 0, count: first.codeCount)
    codes.update(repeating: Nucleotide.unknown, count: first.left)
    (codes + first.left + first.length).update(repeating: Nucleotide.unknown, count: first.right)
    outputs = zip(memory.outputs, ownOutputs).map { ($0 ?? $1)!.pointer }
    gradients = zip(memory.gradients, ownGradients).map { ($0 ?? $1)!.pointer }
    winners = memory.winners
    trimers = memory.trimers
    keys = memory.keys
  }

  deinit { codes.deallocate() }

  /// Buffers for the outputs that are not `kept`. One that no step still to come reads may be taken again, by a step of as
  /// many channels, since those that only fill a block have to stay zero.
  private static func outputs(
    _ steps: [any Step], besides kept: [FloatBuffer?], group: Int, reuses: Bool
  ) -> [FloatBuffer?] {
    var lastReaders = steps.indices.map { $0 + 1 }
    for (index, step) in steps.enumerated().reversed() {
      for link in step.links {
        let reader = step.isView ? lastReaders[index] : index
        lastReaders[link.step] = max(lastReaders[link.step], reader)
      }
    }
    var buffers: [FloatBuffer?] = []
    var taken: [(buffer: FloatBuffer, channels: Int, until: Int)] = []
    for (index, step) in steps.enumerated() {
      guard kept[index] == nil, !step.isView else {
        buffers.append(step.isView ? buffers[step.links[0].step] : nil)
        continue
      }
      let (count, channels) = (step.output.count * group, step.output.channels)
      let free =
        reuses
        ? taken.firstIndex { $0.until < index && $0.channels == channels && $0.buffer.count >= count } : nil
      let buffer = free.map { taken[$0].buffer } ?? FloatBuffer(count: count)
      let entry = (buffer: buffer, channels: channels, until: lastReaders[index])
      if let free { taken[free] = entry } else { taken.append(entry) }
      buffers.append(buffer)
    }
    return buffers
  }

  /// Makes `sequence` the window's first.
  func move(to sequence: Int) {
    for (step, count) in counts.enumerated() {
      if let kept = memory.outputs[step] { outputs[step] = kept.pointer + sequence * count }
      winners[step] = memory.winners[step].map { $0 + sequence * count }
      if let kept = memory.gradients[step] { gradients[step] = kept.pointer + sequence * count }
    }
    trimers = memory.trimers + sequence * first.trimerStride
    keys = memory.keys + sequence
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
