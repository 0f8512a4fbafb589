import Runtime

extension SequenceSet {
  /// How many sequences have the label 1.
  public var positiveCount: Int { labels.reduce(0) { $0 + Int($1) } }

  /// - Throws: `InputError` unless sequences of both classes are there.
  public func requireBothClasses(file: String? = nil) throws {
    guard isLabeled else { throw InputError(file: file, "has no labels; both classes are needed") }
    let positives = positiveCount
    if positives == 0 || positives == count {
      throw InputError(
        file: file, "all \(count) labels are \(positives == 0 ? 0 : 1); both classes are needed")
    }
  }

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
