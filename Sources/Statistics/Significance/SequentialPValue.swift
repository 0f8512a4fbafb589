/// The p-value of a rank among random draws that are made one after the other, and no more than needed (Besag & Clifford 1991,
/// Biometrika 78, 301–304): exact whatever is drawn, h / l where the h-th draw that is as large comes as number l, and
/// (g + 1) / (n + 1) where only g < h of all n are.
public struct SequentialPValue: Equatable, Sendable {
  /// Draws that are as large, after which no more are needed.
  public let enough: Int
  /// Draws at most.
  public let limit: Int
  /// Draws so far, and those that were as large.
  public private(set) var draws = 0
  public private(set) var exceedances = 0

  public init(enough: Int = 10, limit: Int = 1000) {
    precondition(enough > 0 && limit > 0, "numbers of draws")
    (self.enough, self.limit) = (enough, limit)
  }

  public var isDone: Bool { exceedances == enough || draws == limit }

  /// Counts one more draw; does nothing once it is done.
  public mutating func add(isAsLarge: Bool) {
    guard !isDone else { return }
    draws += 1
    if isAsLarge { exceedances += 1 }
  }

  /// Of the draws so far.
  public var value: Double {
    exceedances == enough ? Double(enough) / Double(draws) : Double(exceedances + 1) / Double(draws + 1)
  }
}
