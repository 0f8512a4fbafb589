internal import CProcessors
import Synchronization

/// Keeps the workers of a job on processors of their own.
///
/// Linux may wake a thread on the processor of the thread that woke it, and take milliseconds to see that another is idle:
/// longer than most jobs. A worker that finds itself on a processor that the job already has moves to one that it has not.
/// Elsewhere, and beyond 64 processors, nothing is done.
final class OccupiedProcessors: Sendable {
  /// A bit a processor.
  private let taken = Atomic<UInt64>(0)

  /// The caller's part begins: it stays where it is.
  func start() { taken.store(cpr_processor(), ordering: .relaxed) }

  /// A worker's part begins.
  func enter() {
    let processor = cpr_processor()
    let before = taken.bitwiseOr(processor, ordering: .relaxed).oldValue
    guard before & processor != 0 else { return }
    cpr_leave(before)
    taken.bitwiseOr(cpr_processor(), ordering: .relaxed)
  }
}
