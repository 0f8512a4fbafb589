import Foundation
import MotifKit
import Runtime

/// A line on a terminal that shows how far a step is, how fast, and how long it still takes.
///
/// It appears once a step has run for half a second and is expected to take more than two in all, and it is
/// wiped when the step is done. Any thread may report.
final class ProgressBar: Sendable {
  private struct State {
    var drawn = Duration.zero
    var isShown = false
  }

  private let title: String
  private let total: Int
  private let unit: String
  private let isActive: Bool
  private let start = ContinuousClock.now
  private let state = Locked(State())

  /// - Parameters:
  ///   - total: how many units the whole step has; 0 where nobody knows.
  ///   - unit: what is counted, in the plural.
  init(_ title: String, total: Int, unit: String, _ options: CommonOptions) {
    self.title = title
    self.total = total
    self.unit = unit
    isActive = !options.quiet && StandardError.isTerminal
  }

  deinit { finish() }

  func update(_ done: Int) {
    guard isActive else { return }
    let elapsed = start.duration(to: .now)
    state.withLock { state in
      guard elapsed - state.drawn > .milliseconds(100), elapsed > .milliseconds(500), done > 0 else { return }
      let seconds = elapsed / .seconds(1)
      let left = total > 0 ? seconds * Double(total - done) / Double(done) : 0
      guard state.isShown || total == 0 || seconds + left > 2 else { return }
      state.drawn = elapsed
      state.isShown = true
      StandardError.write("\r\u{1B}[2K" + line(done, rate: Double(done) / seconds, left: left))
    }
  }

  func finish() {
    state.withLock { state in
      if state.isShown { StandardError.write("\r\u{1B}[2K") }
      state.isShown = false
    }
  }

  private func line(_ done: Int, rate: Double, left: Double) -> String {
    let speed = "\(Self.short(rate)) \(unit)/s"
    guard total > 0 else { return "\(title)  \(Self.short(Double(done))) \(unit)  \(speed)" }
    let share = min(1, Double(done) / Double(total))
    let filled = Int(share * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    let seconds = Int(left.rounded(.up))
    let time = seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    return "\(title)  \(bar) \(Int(share * 100))%  \(speed)  \(time) left"
  }

  private static func short(_ number: Double) -> String {
    switch number {
    case 1e6...: String(format: "%.1fM", number / 1e6)
    case 1e4...: String(format: "%.0fk", number / 1e3)
    case 10...: String(format: "%.0f", number)
    default: String(format: "%.1f", number)
    }
  }
}
