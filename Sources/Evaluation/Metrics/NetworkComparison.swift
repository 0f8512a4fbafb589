import NeuralNetworks
import Statistics

/// Two networks on the same sequences: is one better?
public struct NetworkComparison: Encodable, Equatable, Sendable {
  /// McNemar's exact test and DeLong's; `nil` unless every sequence has a yes or no.
  public let binary: PairedComparison?
  /// Mean losses by the paired t-test over sequences; `nil` for fewer than two.
  public let loss: PairedComparison.Difference?

  /// - Parameter first, second: logits of both networks, (sequences, outputs).
  public init(first: [Float], second: [Float], on set: DataSet) {
    binary =
      set.labels.isEmpty ? nil : PairedComparison(first: first, second: second, labels: set.labels)
    func losses(_ logits: [Float]) -> [Double] { set.objective.scores(logits, set.targets).map(\.loss) }
    loss = PairedComparison.means(losses(first), losses(second))
  }

  private enum Key: CodingKey { case loss }

  /// The tests of yes and no where there are any, else that of the loss.
  public func encode(to encoder: any Encoder) throws {
    if let binary { return try binary.encode(to: encoder) }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(loss, forKey: .loss)
  }
}
