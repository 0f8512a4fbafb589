import Runtime

extension SequenceSet {
  /// The length that all sequences share.
  ///
  /// - Throws: `InputError` if lengths differ or there is no sequence.
  public func requireUniformLength(file: String? = nil) throws -> Int {
    if let uniformLength { return uniformLength }
    guard count > 0 else { throw InputError(file: file, "holds no sequence") }
    let other = (1..<count).first { self[$0].count != self[0].count }!
    throw InputError(
      file: file,
      "sequence \(name(other)) has \(self[other].count) bases where \(name(0)) has \(self[0].count);"
        + " all must have the same length")
  }
}
