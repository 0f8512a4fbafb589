/// Sequences that come one after the other, the long ones in parts, so that a genome passes through without being kept.
public protocol SequenceStream: AnyObject {
  /// Appends the next bases to `codes`, at most about `limit` of them; `nil` at the end.
  ///
  /// - Throws: `InputError` naming the file and what is wrong.
  func nextPart(upTo limit: Int, into codes: inout [UInt8]) throws -> SequencePart?
}

extension SequenceReader: SequenceStream {}
