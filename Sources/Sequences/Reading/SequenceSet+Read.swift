import Runtime

extension SequenceSet {
  /// Reads all sequences of a file or of standard input (`-`); see `SequenceReader` for the formats.
  ///
  /// Takes one byte for each base, and what names need. Labels that the file has are not kept; see `LabeledSequences`.
  ///
  /// - Parameters:
  ///   - requireUniformLength: whether sequences of different lengths are an error.
  ///   - length: the length that every sequence must have, if any.
  ///   - lengthAdvice: what to say, in brackets, to who gave sequences of different lengths.
  ///   - limit: how many sequences are read; what follows them is not looked at.
  /// - Throws: `InputError` naming file, line and reason.
  public init(
    contentsOf path: String, requireUniformLength: Bool = false, length: Int? = nil, keepNames: Bool = true,
    lengthAdvice: String = "", limit: Int? = nil
  ) throws {
    let reader = try SequenceReader(path: path, keepNames: keepNames, labels: .ignored)
    self = try Self.read(
      reader, requireUniformLength: requireUniformLength, length: length, lengthAdvice: lengthAdvice,
      limit: limit)
  }

  /// All records of `reader`; `eachRecord` sees what is known of each.
  static func read(
    _ reader: SequenceReader, requireUniformLength: Bool, length: Int?, lengthAdvice: String = "",
    limit: Int? = nil,
    eachRecord: (RecordAttributes) throws -> Void = { _ in }
  ) throws -> SequenceSet {
    let path = reader.file
    // Chunks that never grow, joined at the end: an array that doubles would for a moment take up to three
    // times its size. Room that is not touched takes no memory.
    let chunkSize = 32 << 20
    var chunks: [[UInt8]] = []
    var chunk: [UInt8] = []
    chunk.reserveCapacity(chunkSize + chunkSize / 4)
    var starts = [0]
    var names: [String] = []
    var first: (length: Int, line: Int)?
    while limit.map({ starts.count <= $0 }) ?? true {
      let base = chunk.count
      guard let record = try reader.next(into: &chunk) else { break }
      let bases = chunk.count - base
      if let length, bases != length {
        throw InputError(
          file: path, line: record.line, "the sequence has \(bases) bases where \(length) are expected")
      }
      if requireUniformLength, let first, bases != first.length {
        throw InputError(
          file: path, line: record.line,
          "the sequence has \(bases) bases where the one in line \(first.line) has \(first.length);"
            + " all must have the same length" + (lengthAdvice.isEmpty ? "" : " (\(lengthAdvice))"))
      }
      if first == nil { first = (bases, record.line) }
      starts.append(starts[starts.count - 1] + bases)
      try eachRecord(record)
      if let name = record.name { names.append(name) }
      if chunk.count >= chunkSize {
        chunks.append(chunk)
        chunk = []
        chunk.reserveCapacity(chunkSize + chunkSize / 4)
      }
    }
    if !chunk.isEmpty { chunks.append(chunk) }
    chunk = []
    var codes: [UInt8] = []
    if chunks.count == 1, chunks[0].count >= chunkSize {
      // One great record: it has the room that it needs.
      codes = chunks[0]
    } else {
      codes.reserveCapacity(starts[starts.count - 1])
      for index in chunks.indices {
        codes.append(contentsOf: chunks[index])
        chunks[index] = []
      }
    }
    return SequenceSet(codes: codes, starts: starts, names: names)
  }
}
