/// The seqlets of both signs.
public struct SeqletSelection: Sendable {
  /// With positive attributions, the strongest first.
  public let positive: [Seqlet]
  /// With negative attributions, the strongest first.
  public let negative: [Seqlet]
}
