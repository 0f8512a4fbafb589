/// Sequences that come one after the other, the long ones in parts, so that a genome passes through without being kept.
public protocol SequenceStream: AnyObject {
  /// Appends the next bases to `codes`, at most about `limit` of them; `nil` at the end.
  ///
  /// - Throws: `InputError` naming the file and what is wrong.
  func nextPart(upTo limit: Int, into codes: inout [UInt8]) throws -> SequencePart?
}

extension SequenceReader: SequenceStream {}

/// The sequences of a set as a stream.
public final class SequenceSetStream: SequenceStream {
  private let set: SequenceSet
  private var next = 0

  public init(_ set: SequenceSet) { self.set = set }

  public func nextPart(upTo limit: Int, into codes: inout [UInt8]) -> SequencePart? {
    guard next < set.count else { return nil }
    codes.append(contentsOf: set[next])
    next += 1
    return SequencePart(name: set.name(next - 1), label: nil, endsRecord: true)
  }
}
