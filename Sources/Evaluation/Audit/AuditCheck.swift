import Runtime
import Sequences
import Statistics

/// One question that an audit asks of a network and its data.
public struct AuditCheck: Codable, Equatable, Sendable {
  public enum Verdict: String, Codable, Sendable {
    case passed = "ok"
    case failed = "no"
    /// Worth knowing, and neither right nor wrong by itself.
    case noted = "note"
  }

  /// Group and name with a point between, such as `position.move`.
  public let name: String
  public let value: Double
  /// 95 % interval; `nil` for numbers that are counted.
  public let low, high: Double?
  public let verdict: Verdict
  /// What was measured, in one line.
  public let text: String

  init(_ name: String, _ estimate: Estimate, _ verdict: Verdict, _ text: String) {
    self.name = name
    (value, low, high) = (estimate.value, estimate.low, estimate.high)
    self.verdict = verdict
    self.text = text
  }

  init(_ name: String, counted value: Double, _ verdict: Verdict, _ text: String) {
    self.name = name
    self.value = value
    (low, high) = (nil, nil)
    self.verdict = verdict
    self.text = text
  }
}

/// What an audit draws random numbers for; two of them never share a stream.
enum AuditStream: Int {
  case shifts, fill, sites, places, siteOrder, windows, windowOrder, sample, folds

  func random(_ seed: UInt64, _ index: Int) -> CounterRandom {
    CounterRandom(seed: seed, purpose: .audit, epoch: rawValue, index: index)
  }
}
