/// A part of a network's outputs that has a loss of its own: all of them, or a profile beside a count.
public struct Head: Codable, Equatable, Sendable {
  /// Such as `profile`; tells the metrics of several heads apart.
  public var name: String
  public var loss: Loss
  /// A name for each output: a column, a class or a position.
  public var outputs: [String]
  /// What the head's loss counts in the sum that is minimized.
  public var weight: Double

  public init(_ name: String = "output", loss: Loss, outputs: [String], weight: Double = 1) {
    (self.name, self.loss, self.outputs, self.weight) = (name, loss, outputs, weight)
  }
}
