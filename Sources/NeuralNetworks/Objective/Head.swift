/// A part of a network's outputs that has a loss of its own: all of them, or a profile beside a count.
public struct Head: Codable, Equatable, Sendable {
  /// Such as `profile`; tells the metrics of several heads apart.
  public var name: String
  public var loss: Loss
  /// A name for each output: a column, a class or a position.
  public var outputs: [String]
  /// What the head's loss counts in the sum that is minimized.
  public var weight: Double
  /// The head whose targets these are the sums of, so that tables need no column for them: output j of n is the sum of that head's
  /// targets j, j + n, j + 2n, …, which is a track of a profile.
  public var sumOf: String?

  public init(
    _ name: String = "output", loss: Loss, outputs: [String], weight: Double = 1, sumOf: String? = nil
  ) {
    (self.name, self.loss, self.outputs, self.weight) = (name, loss, outputs, weight)
    self.sumOf = sumOf
  }
}
