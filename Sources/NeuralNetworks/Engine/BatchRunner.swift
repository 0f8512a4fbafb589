import Sequences

/// Runs minibatches forward and backward through an engine.
///
/// A minibatch is split into a fixed number of shards, each with a gradient of its own; they are added in order, so the result
/// does not depend on the number of threads. Where no step needs the whole minibatch, a shard goes forward and back
/// a few sequences at a time in memory that stays in the cache. Batch steps cut the way into phases; then every
/// group of sequences keeps its memory from phase to phase.
final class BatchRunner: @unchecked Sendable {
  /// Shards of a minibatch: the most threads that training can use.
  static let shards = 8

  let engine: Engine
  private let threads: Int
  /// Sequences that go through the steps together.
  private let group: Int
  private let groupsPerShard: Int
  /// One a worker, or one a group of each shard where there are phases.
  private let workspaces: [Workspace]
  /// (shards, parameters)
  let gradients: FloatBuffer
  /// Steps between batch steps.
  private let phases: [Range<Int>]

  init(_ engine: Engine, batchSize: Int, threads: Int) {
    self.engine = engine
    self.threads = threads
    gradients = FloatBuffer(count: Self.shards * engine.parameters.count)
    let barriers = engine.steps.indices.filter { engine.steps[$0] is any BatchStep }
    let ends = [0] + barriers + [engine.steps.count]
    phases = zip(ends, ends.dropFirst()).map { $0..<$1 }
    let shardSize = (batchSize + Self.shards - 1) / Self.shards
    let group = max(engine.groupSize(atMost: shardSize), barriers.isEmpty ? 1 : min(4, shardSize))
    self.group = group
    groupsPerShard = (shardSize + group - 1) / group
    let count = barriers.isEmpty ? max(1, min(threads, Self.shards)) : Self.shards * groupsPerShard
    workspaces = (0..<count).map { _ in Workspace(engine: engine, capacity: group, training: true) }
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
    let count = batch.indices.count
    let stride = engine.parameters.count
    var results: [Result] = []
    for (number, phase) in phases.enumerated() {
      let isLast = number == phases.count - 1
      results = Parallel.map(Self.shards, threads: threads) { worker, shard in
        var result = initial
        let gradients = self.gradients.pointer + shard * stride
        if number == 0 { gradients.update(repeating: 0, count: stride) }
        self.forEachGroup(batch, shard: shard, worker: worker) { work, members in
          if number == 0 { self.load(batch, members, into: work) }
          self.forward(work, phase, count: members.count)
          if isLast {
            self.apply(loss, to: &result, work, members)
            self.backward(work, phase, shard: shard, count: members.count, gradients: gradients)
          } else {
            let barrier = phase.upperBound
            (self.engine.steps[barrier] as! any BatchStep).collect(
              work, step: barrier, count: members.count, shard: shard)
          }
        }
        if isLast, number == 0 { self.fold(batch, worker: worker, shard: shard) }
        return result
      }
      if !isLast {
        let barrier = phase.upperBound
        (engine.steps[barrier] as! any BatchStep).settle(
          count: count, parameters: engine.parameters.pointer + engine.offsets[barrier])
      }
    }
    for (number, phase) in phases.enumerated().reversed().dropFirst() {
      let barrier = phase.upperBound
      let step = engine.steps[barrier] as! any BatchStep
      step.settleGradient(
        count: count, parameters: engine.parameters.pointer + engine.offsets[barrier],
        gradients: gradients.pointer + engine.offsets[barrier])
      Parallel.run(Self.shards, threads: threads) { worker, shard in
        let gradients = self.gradients.pointer + shard * stride
        self.forEachGroup(batch, shard: shard, worker: worker) { work, members in
          step.backwardThroughBatch(work, step: barrier, count: members.count)
          self.backward(work, phase, shard: shard, count: members.count, gradients: gradients)
        }
        if number == 0 { self.fold(batch, worker: worker, shard: shard) }
      }
    }
    return results
  }

  private var hasPhases: Bool { phases.count > 1 }

  /// Calls `body` for each group of a shard's sequences with the memory that is theirs.
  private func forEachGroup(
    _ batch: Batch, shard: Int, worker: Int, _ body: (_ work: Workspace, _ members: ArraySlice<Int>) -> Void
  ) {
    let (start, count) = (batch.indices.startIndex, batch.indices.count)
    let end = start + (shard + 1) * count / Self.shards
    for (number, first) in stride(from: start + shard * count / Self.shards, to: end, by: group).enumerated()
    {
      let work = workspaces[hasPhases ? shard * groupsPerShard + number : worker]
      body(work, batch.indices[first..<min(end, first + group)])
    }
  }

  private func load(_ batch: Batch, _ members: ArraySlice<Int>, into work: Workspace) {
    let length = engine.architecture.input.length
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

  private func forward(_ work: Workspace, _ phase: Range<Int>, count: Int) {
    for step in phase { engine.steps[step].forward(work, step: step, count: count, training: true) }
  }

  private func apply<Result>(
    _ loss: (inout Result, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void,
    to result: inout Result, _ work: Workspace, _ members: ArraySlice<Int>
  ) {
    let last = engine.steps.count - 1
    let stride = engine.steps[last].output.count
    for (slot, index) in members.enumerated() {
      loss(
        &result, index, work.outputs[last].pointer + slot * stride,
        work.gradients[last].pointer + slot * stride)
    }
  }

  /// Back through a phase; a batch step at its head only collects.
  private func backward(
    _ work: Workspace, _ phase: Range<Int>, shard: Int, count: Int, gradients: UnsafeMutablePointer<Float>
  ) {
    for index in phase.reversed() {
      if index == phase.lowerBound, let step = engine.steps[index] as? any BatchStep {
        step.collectGradient(work, step: index, count: count, shard: shard)
      } else {
        engine.steps[index].backward(
          work, step: index, count: count, parameters: engine.parameters.pointer + engine.offsets[index],
          gradients: gradients + engine.offsets[index])
      }
    }
  }

  /// Turns the first layer's table gradients into gradients of its weights.
  private func fold(_ batch: Batch, worker: Int, shard: Int) {
    guard let first = engine.steps[0] as? DNAConvolutionStep else { return }
    let gradients = gradients.pointer + shard * engine.parameters.count
    let used = hasPhases ? shard * groupsPerShard..<(shard + 1) * groupsPerShard : worker..<worker + 1
    for work in workspaces[used] {
      first.fold(work, hasUnknown: batch.hasUnknown, gradients: gradients)
    }
  }
}
