import Discovery
import Interpretation
import Runtime

extension AttributionTracks {
  /// Hypothetical attributions of a network, for motif discovery.
  ///
  /// - Throws: `InputError` if there are no sequences or an attribution is not finite.
  public init(_ attributions: Attributions) throws {
    let length = attributions.length
    var values: [Float] = []
    values.reserveCapacity(attributions.values.count)
    for sequence in 0..<attributions.count {
      for position in 0..<length {
        for base in 0..<4 { values.append(attributions[sequence, base, position]) }
      }
    }
    try self.init(codes: attributions.codes, hypothetical: values, length: length)
  }
}
