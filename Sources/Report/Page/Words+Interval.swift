import Runtime
import Statistics

extension Words {
  /// `0.834 to 0.848`
  static func interval(_ estimate: Estimate) -> String { "\(share(estimate.low)) to \(share(estimate.high))" }
}
