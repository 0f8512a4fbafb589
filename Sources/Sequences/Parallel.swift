import Dispatch
import Foundation
import Synchronization

/// Work over several threads, split so that the result never depends on how many there are.
public enum Parallel {
  private static let limit = Atomic<Int>(0)

  /// How many threads may work at once; all processors unless set.
  public static var threads: Int {
    get {
      let limit = limit.load(ordering: .relaxed)
      return limit > 0 ? limit : ProcessInfo.processInfo.activeProcessorCount
    }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Calls `body` once for each of `0..<count`, in no order, and returns when all are done.
  ///
  /// Each index must write to places of its own; which thread has it is left to chance.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else { return (0..<count).forEach(body) }
    let taken = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// The results of `body` for each of `0..<count`, in order.
  public static func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    forEach(count) { index in
      let result = body(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.map { $0! } }
  }
}
