/// The seqlets of both signs.
public struct SeqletSelection: Sendable {
  /// With positive attributions, the strongest first.
  public let positive: [Seqlet]
  /// With negative attributions, the strongest first.
  public let negative: [Seqlet]
  /// The sums that a window has to reach and to fall below; for recursive seqlets the p-value that a span stays under, twice.
  public let thresholds: (positive: Double, negative: Double)
}
