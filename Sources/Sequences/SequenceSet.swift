/// Sequences as nucleotide codes, one byte for each base, end to end in one allocation, with their names.
public struct SequenceSet: Sendable {
  /// Codes of all sequences, one after the other.
  public private(set) var codes: [UInt8]
  /// Sequence `i` is `codes[starts[i]..<starts[i + 1]]`; one more entry than there are sequences.
  public private(set) var starts: [Int]
  /// One name a sequence, or none at all; `name(_:)` numbers those without.
  public private(set) var names: [String]

  public init() {
    codes = []
    starts = [0]
    names = []
  }

  /// - Parameters:
  ///   - codes: of all sequences, end to end.
  ///   - starts: of each sequence, and the end of the last.
  ///   - names: one for each sequence, or none.
  public init(codes: [UInt8], starts: [Int], names: [String] = []) {
    precondition(starts.first == 0 && starts.last == codes.count, "starts must span the codes")
    precondition(names.isEmpty || names.count == starts.count - 1, "names for all sequences or for none")
    self.codes = codes
    self.starts = starts
    self.names = names
  }

  public var count: Int { starts.count - 1 }

  /// The length that all sequences share, `nil` if they differ or there are none.
  public var uniformLength: Int? {
    guard count > 0 else { return nil }
    let length = starts[1]
    return starts.indices.dropFirst().allSatisfy { starts[$0] == $0 * length } ? length : nil
  }

  public subscript(_ index: Int) -> ArraySlice<UInt8> { codes[starts[index]..<starts[index + 1]] }

  /// The name as read, or `seq1`, `seq2`, ….
  public func name(_ index: Int) -> String { names.isEmpty ? "seq\(index + 1)" : names[index] }

  /// Adds one sequence. Names are kept for all sequences or for none: the first decides.
  public mutating func append(_ codes: some Collection<UInt8>, name: String? = nil) {
    precondition(count == 0 || (name != nil) == !names.isEmpty, "names for all sequences or for none")
    self.codes.append(contentsOf: codes)
    starts.append(self.codes.count)
    if let name { names.append(name) }
  }

  public mutating func reserveCapacity(sequences: Int, bases: Int) {
    codes.reserveCapacity(bases)
    starts.reserveCapacity(sequences + 1)
  }

  /// The sequences at `indices`, in that order.
  public func subset(_ indices: some Collection<Int>) -> SequenceSet {
    var result = SequenceSet()
    result.reserveCapacity(
      sequences: indices.count, bases: indices.reduce(0) { $0 + starts[$1 + 1] - starts[$1] })
    for index in indices {
      result.append(self[index], name: names.isEmpty ? nil : names[index])
    }
    return result
  }
}
