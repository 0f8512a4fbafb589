internal import CProcessors
import Foundation
import Synchronization

/// Threads that wait for work, awake for a moment before they sleep: training hands them a minibatch every few hundred
/// microseconds, and to wake a thread takes a good part of that.
final class WorkerThreads: Sendable {
  static let shared = WorkerThreads()

  /// Number of the job, and in the low bits how many workers it wants.
  private let job = Atomic<Int>(0)
  private static let workerBits = 16
  /// Workers that have done their part, the caller not counted.
  private let finished = Atomic<Int>(0)
  private let isTaken = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let processors = OccupiedProcessors()
  private let condition = NSCondition()
  /// Read and written only by who has taken the pool, and by workers between the job's announcement and its end.
  private nonisolated(unsafe) var body: (@Sendable (_ worker: Int) -> Void)?
  private nonisolated(unsafe) var threads = 0
  /// Looks at the job, each with a pause, in the 150 microseconds or so before a worker sleeps.
  private static let patience: Int = {
    let pauses = 1000
    let time = ContinuousClock().measure { for _ in 0..<pauses { cpr_pause() } }
    return min(400_000, max(1000, Int(Double(pauses) * (.microseconds(150) / time))))
  }()
  /// A caller that waits longer gives way to other threads once in so many looks.
  private static let looksAYield = 64

  /// Calls `body` once for each worker, 0 on this thread, and returns when all are done. False, and nothing done, where the
  /// threads are already at work: for another caller, or this is one of their jobs.
  func run(_ workers: Int, _ body: @Sendable (_ worker: Int) -> Void) -> Bool {
    guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      return false
    }
    defer { isTaken.store(false, ordering: .releasing) }
    while threads < workers - 1 {
      threads += 1
      let worker = threads
      let seen = job.load(ordering: .relaxed) >> Self.workerBits
      Thread { self.serve(worker, seen: seen) }.start()
    }
    withoutActuallyEscaping(body) { body in
      self.body = body
      finished.store(0, ordering: .relaxed)
      processors.start()
      let number = (job.load(ordering: .relaxed) >> Self.workerBits) + 1
      job.store(number << Self.workerBits | workers, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
        condition.lock()
        condition.broadcast()
        condition.unlock()
      }
      body(0)
      var looks = 0
      let patience = Self.patience
      while finished.load(ordering: .acquiring) < workers - 1 {
        looks += 1
        cpr_pause()
        if looks > patience, looks % Self.looksAYield == 0 { sched_yield() }
      }
      self.body = nil
    }
    return true
  }

  private func serve(_ worker: Int, seen: Int) {
    var seen = seen
    let patience = Self.patience
    while true {
      var current = job.load(ordering: .acquiring)
      var looks = 0
      while current >> Self.workerBits == seen {
        looks += 1
        cpr_pause()
        if looks > patience { sleep(after: seen) }
        current = job.load(ordering: .acquiring)
      }
      seen = current >> Self.workerBits
      guard worker < current & (1 << Self.workerBits - 1) else { continue }
      processors.enter()
      work(worker)
      finished.add(1, ordering: .releasing)
    }
  }

  private func sleep(after seen: Int) {
    condition.lock()
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while job.load(ordering: .sequentiallyConsistent) >> Self.workerBits == seen { condition.wait() }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }

  /// A call of its own, so that nothing holds on to the body when the worker says that it is done.
  @inline(never)
  private func work(_ worker: Int) { body!(worker) }
}
