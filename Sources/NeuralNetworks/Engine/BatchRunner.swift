internal import CKernels
import Runtime
import Sequences

/// Runs minibatches forward and backward through an engine.
///
/// A minibatch is split into a fixed number of shards, each with a gradient of its own; they are added in order, so the result
/// does not depend on the number of threads. Where no step needs the whole minibatch, a shard goes forward and back
/// a few sequences at a time in memory that stays in the cache. Steps that do need it cut the way into phases; then every
/// sequence keeps its memory from phase to phase.
final class BatchRunner: @unchecked Sendable {
  /// Shards of a minibatch: the most threads that training can use.
  static let shards = 8

  /// Steps that run one after the other.
  private struct Phase {
    enum Kind {
      /// On a group of sequences.
      case steps
      /// The same; the first of them needs what the whole minibatch tells of its input.
      case statistics(any BatchStep)
      /// A single step that takes the whole minibatch.
      case whole(any WholeStep)
    }

    let steps: Range<Int>
    let kind: Kind
    var isFirst: Bool { steps.lowerBound == 0 }
    let isLast: Bool
    /// The step after this phase, if it needs what the minibatch tells of this phase's output.
    let following: (any BatchStep)?
    /// Whether the phase before it cannot collect for its first step, a batch step.
    let collectsItself: Bool

    var statistics: (any BatchStep)? {
      if case .statistics(let step) = kind { step } else { nil }
    }
  }

  let engine: Engine
  private let threads: Int
  /// Sequences that go through the steps together.
  private let group: Int
  private let phases: [Phase]
  /// One a worker.
  private let workspaces: [Workspace]
  /// A window on all sequences, where there are phases.
  private let whole: Workspace?
  /// (shards, parameters); steps that take the whole minibatch have theirs in the first.
  let gradients: FloatBuffer

  init(_ engine: Engine, batchSize: Int, threads: Int) {
    self.engine = engine
    self.threads = threads
    gradients = FloatBuffer(count: Self.shards * engine.parameters.count)
    phases = Self.phases(engine)
    let shardSize = (batchSize + Self.shards - 1) / Self.shards
    let group = Self.group(engine, shardSize: shardSize)
    self.group = group
    let workers = max(1, min(threads, Self.shards))
    if Self.areOne(phases) {
      whole = nil
      workspaces = (0..<workers).map { _ in Workspace(engine: engine, capacity: group, training: true) }
    } else {
      let memory = SequenceMemory(
        engine: engine, capacity: batchSize, outputs: engine.steps.map { _ in true },
        gradients: engine.steps.indices.map(Self.retainsGradient(engine)), training: true)
      workspaces = (0..<workers).map { _ in
        Workspace(engine: engine, memory: memory, group: group, training: true)
      }
      whole = Workspace(engine: engine, memory: memory, group: 0, training: true)
    }
  }

  /// Sequences that go through the steps together in shards of `shardSize`.
  static func group(_ engine: Engine, shardSize: Int) -> Int {
    let group = engine.groupSize(shardSize)
    return areOne(phases(engine)) ? group : max(group, min(4, shardSize))
  }

  private static func areOne(_ phases: [Phase]) -> Bool {
    phases.count == 1 && phases[0].statistics == nil
  }

  private static func phases(_ engine: Engine) -> [Phase] {
    let steps = engine.steps
    var cuts: Set<Int> = [0, steps.count]
    for (index, step) in steps.enumerated() {
      switch step.scope {
      case .sequences: break
      case .statistics: cuts.insert(index)
      case .minibatch: cuts.formUnion([index, index + 1])
      }
    }
    let ends = cuts.sorted()
    var phases: [Phase] = []
    for (from, to) in zip(ends, ends.dropFirst()) {
      let kind: Phase.Kind =
        switch steps[from].scope {
        case .sequences: .steps
        case .statistics(let step): .statistics(step)
        case .minibatch(let step): .whole(step)
        }
      var following: (any BatchStep)?
      if to < steps.count, case .statistics(let step) = steps[to].scope { following = step }
      let isAfterWhole = from > 0 && steps[from - 1].takesWholeBatch
      phases.append(
        Phase(
          steps: from..<to, kind: kind, isLast: to == steps.count, following: following,
          collectsItself: from == 0 || isAfterWhole))
    }
    return phases
  }

  /// Gradients that one phase writes and another reads; with skip connections any may be.
  private static func retainsGradient(_ engine: Engine) -> (Int) -> Bool {
    let steps = engine.steps
    let skips = steps.contains { !$0.links.isEmpty }
    return { index in
      if case .statistics = steps[index].scope { return true }
      return skips || steps[index].takesWholeBatch
        || (index + 1 < steps.count && steps[index + 1].takesWholeBatch)
    }
  }

  /// What one minibatch is.
  struct Batch {
    /// Places of its sequences among all.
    let indices: ArraySlice<Int>
    /// Codes of all sequences, end to end.
    let codes: UnsafePointer<UInt8>
    let hasUnknown: Bool
    /// Key of a dropout layer for a sequence.
    let dropoutKey: @Sendable (_ index: Int, _ dropout: Int) -> UInt64
    /// Writes what is trained on in place of a sequence.
    var augmentation:
      (
        @Sendable (_ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>, _ index: Int) ->
          Void
      )?
  }

  /// Goes forward, gives every sequence's outputs to `loss`, which writes their gradient and notes what it likes in its
  /// shard's result, and goes back. Afterwards `gradients` holds the shards' gradients.
  func run<Result: Sendable>(
    _ batch: Batch, initial: Result,
    loss:
      @Sendable (
        _ result: inout Result, _ index: Int, _ outputs: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>
      ) -> Void
  ) -> [Result] {
    nonisolated(unsafe) let batch = batch
    var results: [Result] = []
    for phase in phases {
      if let statistics = phase.statistics {
        if phase.collectsItself { collect(statistics, of: phase, batch) }
        statistics.settle(count: batch.indices.count, parameters: parameters(phase.steps.lowerBound))
      }
      if case .whole(let step) = phase.kind {
        step.forward(
          whole: whole!, step: phase.steps.lowerBound, count: batch.indices.count, threads: threads)
        guard phase.isLast else { continue }
      }
      results = forward(phase, batch, initial: initial, loss: loss)
    }
    for phase in phases.reversed() { backward(phase, batch) }
    return results
  }

  /// For a batch step that no phase before it collects for.
  private func collect(_ statistics: any BatchStep, of phase: Phase, _ batch: Batch) {
    nonisolated(unsafe) let batch = batch
    forEachShard(batch) { shard in
      if phase.isFirst { self.begin(shard) }
      shard.forEachGroup { work, members in
        if phase.isFirst { self.load(batch, members, of: shard, into: work) }
        statistics.collect(work, step: phase.steps.lowerBound, count: members.count, shard: shard.number)
      }
    }
  }

  /// A phase forward; of the last one the loss too, and, while the sequences are in the cache, the way back. A last step that took
  /// the whole minibatch has gone forward already.
  private func forward<Result: Sendable>(
    _ phase: Phase, _ batch: Batch, initial: Result,
    loss: @Sendable (inout Result, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> [Result] {
    nonisolated(unsafe) let batch = batch
    let enters = phase.isFirst && phase.statistics == nil
    let isWhole = if case .whole = phase.kind { true } else { false }
    return forEachShard(batch) { shard in
      var result = initial
      if enters { self.begin(shard) }
      shard.forEachGroup { work, members in
        if enters { self.load(batch, members, of: shard, into: work) }
        if !isWhole { self.forward(work, phase.steps, count: members.count) }
        phase.following?.collect(
          work, step: phase.steps.upperBound, count: members.count, shard: shard.number)
        guard phase.isLast else { return }
        self.apply(loss, to: &result, work, members)
        if !isWhole { self.backward(work, phase, shard, count: members.count) }
      }
      if phase.isLast, !isWhole { self.finish(phase, shard, batch) }
      return result
    }
  }

  /// A phase back, unless that was done on the way forward, and what the minibatch tells of its first step's gradient.
  private func backward(_ phase: Phase, _ batch: Batch) {
    nonisolated(unsafe) let batch = batch
    let (first, end) = (phase.steps.lowerBound, phase.steps.upperBound)
    switch phase.kind {
    case .whole(let step):
      if let following = phase.following {
        forEachShard(batch) { shard in
          shard.forEachGroup { following.backwardThroughBatch($0, step: end, count: $1.count) }
        }
      }
      step.backward(
        whole: whole!, step: first, count: batch.indices.count, parameters: parameters(first),
        gradients: gradients.pointer + engine.offsets[first], threads: threads)
    case .steps, .statistics:
      guard !phase.isLast else { break }
      forEachShard(batch) { shard in
        shard.forEachGroup { work, members in
          phase.following?.backwardThroughBatch(work, step: end, count: members.count)
          self.backward(work, phase, shard, count: members.count)
        }
        self.finish(phase, shard, batch)
      }
    }
    phase.statistics?.settleGradient(
      count: batch.indices.count, parameters: parameters(first),
      gradients: ShardGradients(
        first: gradients.pointer + engine.offsets[first], shards: Self.shards, stride: engine.parameters.count
      ))
  }

  private func parameters(_ step: Int) -> UnsafeMutablePointer<Float> {
    engine.parameters.pointer + engine.offsets[step]
  }

  /// A share of a minibatch in the hands of one worker.
  private struct Shard {
    let number: Int
    let members: ArraySlice<Int>
    let work: Workspace
    let group: Int
    /// Place of the first member in the minibatch, where each sequence has memory of its own.
    let place: Int?
    let gradients: UnsafeMutablePointer<Float>

    /// Calls `body` for each group of sequences with the memory that is theirs.
    func forEachGroup(_ body: (_ work: Workspace, _ members: ArraySlice<Int>) -> Void) {
      for first in stride(from: members.startIndex, to: members.endIndex, by: group) {
        if let place { work.move(to: place + first - members.startIndex) }
        body(work, members[first..<min(members.endIndex, first + group)])
      }
    }
  }

  @discardableResult
  private func forEachShard<Result: Sendable>(_ batch: Batch, _ body: @Sendable (Shard) -> Result) -> [Result]
  {
    let indices = batch.indices
    return Parallel.map(Self.shards, threads: threads) { worker, number in
      let from = number * indices.count / Self.shards
      let to = (number + 1) * indices.count / Self.shards
      return body(
        Shard(
          number: number, members: indices[indices.startIndex + from..<indices.startIndex + to],
          work: self.workspaces[worker], group: self.group, place: self.whole == nil ? nil : from,
          gradients: self.gradients.pointer + number * self.engine.parameters.count))
    }
  }

  /// Zeroes the shard's gradients, but for steps that overwrite theirs.
  private func begin(_ shard: Shard) {
    for (range, isSharded) in engine.gradientParts where isSharded {
      (shard.gradients + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }

  /// The sequences of a large set lie anywhere in memory: the next group's are asked for in time.
  private func load(_ batch: Batch, _ members: ArraySlice<Int>, of shard: Shard, into work: Workspace) {
    let length = engine.architecture.input.length
    for index in shard.members[members.endIndex..<min(shard.members.endIndex, members.endIndex + group)] {
      ck_prefetch(batch.codes + index * length, Int64(length))
    }
    for (slot, index) in members.enumerated() {
      if let augmentation = batch.augmentation {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { buffer in
          augmentation(batch.codes + index * length, buffer.baseAddress!, index)
          work.load(buffer.baseAddress!, slot: slot)
        }
      } else {
        work.load(batch.codes + index * length, slot: slot)
      }
      for dropout in 0..<engine.dropouts {
        work.keys[dropout * work.capacity + slot] = batch.dropoutKey(index, dropout)
      }
    }
  }

  private func forward(_ work: Workspace, _ steps: Range<Int>, count: Int) {
    for step in steps { engine.steps[step].forward(work, step: step, count: count, training: true) }
  }

  private func apply<Result>(
    _ loss: (inout Result, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void,
    to result: inout Result, _ work: Workspace, _ members: ArraySlice<Int>
  ) {
    let last = engine.steps.count - 1
    let stride = engine.steps[last].output.count
    for (slot, index) in members.enumerated() {
      loss(&result, index, work.outputs[last] + slot * stride, work.gradients[last] + slot * stride)
    }
  }

  /// Back through a phase; a batch step at its head only collects.
  private func backward(_ work: Workspace, _ phase: Phase, _ shard: Shard, count: Int) {
    for index in phase.steps.reversed() {
      if index == phase.steps.lowerBound, let statistics = phase.statistics {
        statistics.collectGradient(work, step: index, count: count, shard: shard.number)
      } else {
        engine.steps[index].backward(
          work, step: index, count: count, parameters: parameters(index),
          gradients: shard.gradients + engine.offsets[index])
      }
    }
  }

  /// After the last group of a shard.
  private func finish(_ phase: Phase, _ shard: Shard, _ batch: Batch) {
    for step in phase.steps {
      engine.steps[step].finishShard(
        shard.work, hasUnknown: batch.hasUnknown, gradients: shard.gradients + engine.offsets[step])
    }
  }
}
