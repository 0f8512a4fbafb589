import Dispatch
import Foundation
import Synchronization

/// Work over several threads, split so that the result never depends on how many there are.
public enum Parallel {
  private static let limit = Atomic<Int>(0)
  /// To ask the system takes two files' reading, too long for every call.
  private static let processors = ProcessInfo.processInfo.activeProcessorCount

  /// How many threads may work at once; all processors unless set.
  public static var threads: Int {
    get {
      let limit = limit.load(ordering: .relaxed)
      return limit > 0 ? limit : processors
    }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Calls `body` once for each task `0..<count`, in no order, and returns when all are done.
  ///
  /// Each task must write to places of its own; which thread has it is left to chance. `worker`, below `threads`, tells
  /// which scratch memory is free to use.
  public static func run(
    _ count: Int, threads: Int = threads, _ body: @Sendable (_ worker: Int, _ task: Int) -> Void
  ) {
    let workers = min(threads, count)
    guard workers > 1 else { return (0..<count).forEach { body(0, $0) } }
    let taken = Atomic<Int>(0)
    let work: @Sendable (Int) -> Void = { worker in
      while true {
        let task = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < count else { return }
        body(worker, task)
      }
    }
    if !WorkerThreads.shared.run(workers, work) {
      DispatchQueue.concurrentPerform(iterations: workers, execute: work)
    }
  }

  /// Calls `body` once for each of `0..<count`.
  public static func forEach(_ count: Int, threads: Int = threads, _ body: @Sendable (Int) -> Void) {
    run(count, threads: threads) { body($1) }
  }

  /// The results of `body` for each task, in order.
  public static func map<Result: Sendable>(
    _ count: Int, threads: Int = threads, _ body: @Sendable (_ worker: Int, _ task: Int) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { slots, filled in
      nonisolated(unsafe) let results = slots.baseAddress
      run(count, threads: threads) { worker, task in
        (results! + task).initialize(to: body(worker, task))
      }
      filled = count
    }
  }

  /// The results of `body` for each task, in order, or the error of the first task in order that fails; tasks after one
  /// that failed are not begun.
  public static func tryMap<Result: Sendable>(
    _ count: Int, threads: Int = threads, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let firstFailure = Atomic<Int>(.max)
    let results = map(count, threads: threads) { (task: Int) -> Swift.Result<Result, any Error>? in
      guard task < firstFailure.load(ordering: .relaxed) else { return nil }
      let result = Swift.Result { try body(task) }
      if case .failure = result { firstFailure.min(task, ordering: .relaxed) }
      return result
    }
    // Only tasks after a failure are missing.
    return try results.map { try $0!.get() }
  }

  /// The results of `body` for each of `0..<count`, in order.
  public static func map<Result: Sendable>(
    _ count: Int, threads: Int = threads, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    map(count, threads: threads) { body($1) }
  }
}
