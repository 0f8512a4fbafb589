import Foundation

/// A value that one thread at a time may use.
///
/// Not `Synchronization.Mutex`: the thread sanitizer does not see through its futex and takes every use for a race.
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: Value) { self.value = value }

  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    try lock.withLock { try body(&value) }
  }
}
