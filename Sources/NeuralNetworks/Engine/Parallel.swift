import Dispatch
import Foundation
import Synchronization

/// How many threads the work may use. Results never depend on it.
public enum Threads {
  /// All cores.
  public static var all: Int { ProcessInfo.processInfo.activeProcessorCount }
}

/// Runs `body` once for each task on up to `threads` threads; `worker` (below `threads`) tells which scratch memory
/// is free to use. Tasks start in order, end in any.
package func parallel(threads: Int, tasks: Int, _ body: @Sendable (_ worker: Int, _ task: Int) -> Void) {
  let workers = min(threads, tasks)
  guard workers > 1 else {
    for task in 0..<tasks { body(0, task) }
    return
  }
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    while true {
      let task = next.add(1, ordering: .relaxed).oldValue
      guard task < tasks else { return }
      body(worker, task)
    }
  }
}

/// What `body` gives for each task, in order.
package func parallelMap<Result: Sendable>(
  threads: Int, tasks: Int, _ body: @Sendable (_ worker: Int, _ task: Int) -> Result
) -> [Result] {
  let results = UnsafeMutablePointer<Result?>.allocate(capacity: tasks)
  results.initialize(repeating: nil, count: tasks)
  defer {
    results.deinitialize(count: tasks)
    results.deallocate()
  }
  nonisolated(unsafe) let slots = results
  parallel(threads: threads, tasks: tasks) { worker, task in slots[task] = body(worker, task) }
  return (0..<tasks).map { results[$0]! }
}
