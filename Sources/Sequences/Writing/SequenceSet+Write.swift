import Runtime

extension LabeledSequences {
  /// Writes the exercise's CSV as pandas writes a frame: an empty first header cell, columns `0` … `L − 1` with
  /// base codes 0–3 for A C G T, then `label`; each row starts with its number.
  ///
  /// - Throws: `InputError` if sequences lack labels, differ in length or hold unknown bases, for which this
  ///   layout has no code; or if the file cannot be written.
  public func writeExerciseTable(to path: String) throws {
    let length = try sequences.requireUniformLength(file: path)
    guard isLabeled else { throw InputError(file: path, "the exercise's table needs labels") }
    guard sequences.codes.allSatisfy({ $0 < 4 }) else {
      throw InputError(file: path, "the exercise's table has no code for an unknown base (N)")
    }
    let comma = UInt8(ascii: ",")
    let zero = UInt8(ascii: "0")
    try AtomicFile.write(path: path) { file in
      try file.write((0..<length).map { ",\($0)" }.joined() + ",label\n")
      var row: [UInt8] = []
      for index in 0..<count {
        row.removeAll(keepingCapacity: true)
        row.append(contentsOf: String(index).utf8)
        for code in sequences[index] {
          row.append(comma)
          row.append(zero + code)
        }
        row.append(comma)
        row.append(zero + labels[index])
        row.append(10)
        try file.write(row)
      }
    }
  }

  /// Writes a TSV with the columns name, sequence and label.
  ///
  /// - Throws: `InputError` if sequences lack labels, or the file cannot be written.
  public func writeTable(to path: String) throws {
    guard isLabeled else { throw InputError(file: path, "a table of labelled sequences needs labels") }
    try AtomicFile.write(path: path) { file in
      try file.write("name\tsequence\tlabel\n")
      for index in 0..<count {
        let letters = Nucleotide.string(sequences[index])
        let name = Table.Cell.text(sequences.name(index)).text
        try file.write("\(name)\t\(letters)\t\(labels[index])\n")
      }
    }
  }
}

extension SequenceSet {
  /// Writes FASTA, each sequence on one line under its name.
  ///
  /// - Throws: `InputError` if the file cannot be written.
  public func writeFASTA(to path: String) throws {
    try AtomicFile.write(path: path) { file in
      for index in 0..<count { try file.write(fasta(index)) }
    }
  }

  /// One record of a FASTA file: `>name`, the letters, each with its line's end.
  public func fasta(_ index: Int) -> [UInt8] {
    var record = Array(">\(name(index))\n".utf8)
    Nucleotide.append(self[index], to: &record)
    record.append(10)
    return record
  }
}
