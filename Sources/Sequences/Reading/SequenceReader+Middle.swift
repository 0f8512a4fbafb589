import Runtime

extension SequenceReader {
  private static let wanted = Locked<Int?>(nil)

  /// How many bases readers made from now on take from the middle of each record; `nil` takes all. The program sets it where
  /// the user asks for it.
  public static var middle: Int? {
    get { wanted.withLock { $0 } }
    set { wanted.withLock { $0 = newValue } }
  }

  /// Leaves the middle of the record whose bases begin at `base`, and in a name that carries its coordinates those of the
  /// middle.
  ///
  /// - Throws: `InputError` if the record has fewer bases.
  func cut(_ codes: inout [UInt8], from base: Int, to length: Int, _ record: inout RecordAttributes) throws {
    let bases = codes.count - base
    guard bases >= length else {
      throw InputError(
        file: file, line: record.line, "the sequence has \(bases) bases, fewer than the \(length) of --length"
      )
    }
    let start = (bases - length) / 2
    codes.removeLast(bases - length - start)
    codes.removeSubrange(base..<base + start)
    guard bases > length, let name = record.name, let location = GenomicLocation(name: name),
      location.count == bases
    else { return }
    var part = location.part(start..<start + length)
    part.strand = location.strand
    let ownName = name.firstRange(of: "::").map { name[..<$0.upperBound] } ?? ""
    record.name = ownName + part.name
  }
}
