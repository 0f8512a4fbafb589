import Foundation
import Runtime
import Sequences
import TestSupport
import Testing

/// Reads `text` from a file called `input`.
private func read(
  _ text: String, requireLabels: Bool = false, requireUniformLength: Bool = false
) throws -> LabeledSequences {
  try withTemporaryDirectory { folder in
    let path = folder + "/input"
    try AtomicFile.write(text, to: path)
    do {
      return try LabeledSequences(
        contentsOf: path, requireLabels: requireLabels, requireUniformLength: requireUniformLength)
    } catch let error as InputError {
      #expect(error.file == path)
      throw InputError(file: "input", line: error.line, error.reason)
    }
  }
}

private func strings(_ set: LabeledSequences) -> [String] {
  (0..<set.count).map { Nucleotide.string(set.sequences[$0]) }
}

@Suite struct SequenceReaderTests {
  @Test(arguments: ["\n", "\r\n"], [true, false])
  func exerciseTable(newline: String, lastNewline: Bool) throws {
    let lines = [",0,1,2,3,label", "0,0,1,2,3,1", "1,3,3,3,3,0"]
    let set = try read(lines.joined(separator: newline) + (lastNewline ? newline : ""), requireLabels: true)
    #expect(strings(set) == ["ACGT", "TTTT"])
    #expect(set.labels == [1, 0])
    #expect(set.sequences.names.isEmpty && set.sequences.uniformLength == 4)
  }

  @Test(arguments: [
    // As DeepBind publishes its sets.
    "FoldID\tEventID\tseq\tBound\nA\tpeak1\tacgtn\t1\nB\tpeak2\tGGRC\t0\n",
    "id,Sequence,Label\n\"peak1\",\"ACGTN\",1\npeak2, ggyc ,0.0\n",
    "\u{FEFF}Label,name,SEQ,note\n1.0,peak1,ACGTN,\"a, \"\"b\"\"\"\n\n0,peak2,GGWC,\n\n",
  ])
  func sequenceTable(text: String) throws {
    let set = try read(text, requireLabels: true)
    #expect(strings(set) == ["ACGTN", "GGNC"])
    #expect(set.labels == [1, 0])
    #expect(set.sequences.names == ["peak1", "peak2"])
    try withTemporaryDirectory { folder in
      try AtomicFile.write(text, to: folder + "/input")
      #expect(try SequenceSet(contentsOf: folder + "/input", keepNames: false).names.isEmpty)
    }
  }

  @Test func columnsInAnyOrder() throws {
    let set = try read("2\tlabel\t0\t1\n0\t1\t3\t2\n")
    #expect(strings(set) == ["TGA"] && set.labels == [1])
    #expect(strings(try read("sequence\nACGT\nAC\n")) == ["ACGT", "AC"])
    #expect(try read("name,sequence\n\"a \"\"b\"\"\",ACGT\n").sequences.names == ["a \"b\""])
  }

  @Test("records come in parts of a bounded size", arguments: [1, 3, 7, 1000])
  func parts(limit: Int) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/input"
      let long = String(repeating: "ACGTTGCA", count: 200_000)
      try AtomicFile.write(">a\nACG\nTN\n>b\n\(long)\nGG\n>c\nT", to: path)
      let reader = try SequenceReader(path: path)
      var records: [String: [UInt8]] = [:]
      var part: [UInt8] = []
      while let attributes = try reader.nextPart(upTo: limit, into: &part) {
        records[attributes.name!, default: []] += part
        // A line goes through a buffer of fixed size; no part is larger than what is asked for and that.
        #expect(part.count < limit + 300_000)
        part = []
      }
      #expect(records.mapValues(\.count) == ["a": 5, "b": long.count + 2, "c": 1])
      #expect(records["b"].map(Nucleotide.string) == long + "GG")
      #expect(records["a"].map(Nucleotide.string) == "ACGTN")
    }
  }

  @Test func fasta() throws {
    let set = try read("\n>chr1 first\nACGT\nacgu\n\nNN \n>\nTT\r\n>c\tx\nG")
    #expect(strings(set) == ["ACGTACGTNN", "TT", "G"])
    #expect(set.sequences.names == ["chr1", "seq2", "c"])
    #expect(!set.isLabeled)
  }

  @Test func linesLongerThanTheBuffer() throws {
    let long = String(repeating: "ACGTTGCA", count: 100_000)
    let cut = String(long.dropLast())
    #expect(strings(try read(">a\n\(long)\r\n\(long)\r\n>b\n\(cut)\r\n")) == [long + long, cut])
    #expect(strings(try read("seq,label\n\(long),1\nA,0\n\(cut),1")) == [long, "A", cut])
    let wide = 70_000
    let header = (0..<wide).map { ",\($0)" }.joined() + ",label\n"
    let row = "7" + (0..<wide).map { ",\($0 % 4)" }.joined() + ",1\n"
    let set = try read(header + row)
    #expect(
      set.sequences.uniformLength == wide && set.sequences.codes == (0..<wide).map { UInt8($0 % 4) }
        && set.labels == [1])
  }

  @Test func recordsStreamInOrder() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/a.tsv"
      try AtomicFile.write("seq\tlabel\tid\nACGT\t1\tx\n\nGG\t0\ty\n", to: path)
      let reader = try SequenceReader(path: path)
      #expect(reader.hasLabels && reader.hasNames)
      #expect(try reader.next() == SequenceRecord(codes: [0, 1, 2, 3], label: 1, name: "x"))
      #expect(reader.line == 2)
      #expect(try reader.next() == SequenceRecord(codes: [2, 2], label: 0, name: "y"))
      #expect(reader.line == 4)
      #expect(try reader.next() == nil)
      #expect(try reader.next() == nil)
    }
  }

  /// Text, and the one line that it must give.
  static let bad: [(String, String)] = [
    ("", "input: is empty"),
    ("\n\r\n\n", "input: is empty"),
    (
      "ACGTACGT\nACGT\n",
      "input: line 1: a sequence without a header; FASTA starts with a line like >name"
    ),
    (
      ">a\nACGT\nACJT\n",
      "input: line 3: letter \"J\" at column 3 is no nucleotide (A C G T, or N and the other IUPAC letters)"
    ),
    (
      ">a\nAC\u{E9}T\n",
      "input: line 2: byte 195 at column 3 is no nucleotide (A C G T, or N and the other IUPAC letters)"
    ),
    (">a\n>b\n\n", "input: holds no sequence"),
    (
      "seq,label\nACGT,1\nAC-T,0\n",
      "input: line 3: letter \"-\" at column 3 is no nucleotide (A C G T, or N and the other IUPAC letters)"
    ),
    (
      "id,seq,label\nx,\"AC T\",1\n",
      "input: line 2: byte 32 at column 6 is no nucleotide (A C G T, or N and the other IUPAC letters)"
    ),
    ("seq,label\n,1\n", "input: line 2: the sequence is empty"),
    ("seq,label\nACGT,2\n", "input: line 2: label \"2\" is not 0 or 1"),
    ("seq,label\nACGT,\n", "input: line 2: label \"\" is not 0 or 1"),
    ("seq,label\nACGT,yes\n", "input: line 2: label \"yes\" is not 0 or 1"),
    ("seq,label\nACGT,0.5\n", "input: line 2: label \"0.5\" is not 0 or 1"),
    ("seq,label\nACGT,-1\n", "input: line 2: label \"-1\" is not 0 or 1"),
    ("seq,label\nACGT,1\nACGT\n", "input: line 3: the row has 1 cell where the header has 2"),
    ("seq,label\nACGT,1,7\n", "input: line 2: the row has 3 cells where the header has 2"),
    ("seq,label\n\"ACGT,1\n", "input: line 2: the quote at column 1 is not closed"),
    ("seq,label\n\"ACGT\"x,1\n", "input: line 2: text follows the closing quote at column 6"),
    ("seq,label,Bound\nACGT,1,1\n", "input: line 1: two label columns: label and Bound"),
    ("seq,label\n", "input: holds no sequence"),
    (
      "chrom,label\nchr1,1\n",
      "input: line 1: no sequence column; expected a column seq or sequence, or columns 0, 1, 2, …"
        + " of base codes (or FASTA, whose first line starts with >)"
    ),
    (",0,1,3,label\n0,1,1,1,1\n", "input: line 1: column 2 is missing between 0 and 3"),
    (",1,2,label\n0,1,1,1\n", "input: line 1: column 0 is missing between 0 and 2"),
    (",0,1,1,label\n0,1,1,1,1\n", "input: line 1: two columns are called 1"),
    (
      "0,1,0,1\n1,1,0,0\n",
      "input: line 1: the table has no header: its first row holds numbers only; expected titles such as sequence or 0, 1, 2, …"
    ),
    (
      "0.2\t0.3\n1\t2\n",
      "input: line 1: the table has no header: its first row holds numbers only; expected titles such as sequence or 0, 1, 2, …"
    ),
    (
      "@r1\nACGT\n+\nIIII\n",
      "input: line 1: looks like sequencing reads (FASTQ); expected sequences: FASTA, CSV or TSV, plain or gzipped"
    ),
    (
      "MEME version 4\n",
      "input: line 1: looks like motifs (MEME); expected sequences: FASTA, CSV or TSV, plain or gzipped"
    ),
    (
      "##gff-version 3\n",
      "input: line 1: looks like annotation (GFF); expected sequences: FASTA, CSV or TSV, plain or gzipped"
    ),
    (",0,99999999999999,label\n", "input: line 1: column 1 is missing between 0 and 99999999999999"),
    (",0,1,label\n0,1,4,1\n", "input: line 2: column 1 holds \"4\", expected 0, 1, 2 or 3 (A C G T)"),
    (",0,1,label\n0,-1,2,1\n", "input: line 2: column 0 holds \"-1\", expected 0, 1, 2 or 3 (A C G T)"),
    (",0,1,label\n0,1,,1\n", "input: line 2: column 1 holds \"\", expected 0, 1, 2 or 3 (A C G T)"),
    // Three of four cells: the label would be read as a base and the row be one short.
    (",0,1,label\n0,3,1\n", "input: line 2: the row has 3 cells where the header has 4"),
    (",0,1,label\n0,3,3,3,1\n", "input: line 2: the row has 5 cells where the header has 4"),
    ("\u{1}\u{2}\u{0}garbage", "input: line 1: is not text; expected FASTA, CSV or TSV, plain or gzipped"),
  ]

  @Test(arguments: bad) func badInput(text: String, message: String) {
    #expect(performing: { try read(text) }, throws: { "\($0)" == message })
  }

  @Test("classes in a column label stop only those who ask for yes and no") func labelsOfOtherKinds() throws {
    try withTemporaryDirectory { folder in
      let path = "\(folder)/classes.tsv"
      try AtomicFile.write("sequence\tlabel\nACGT\t1\nTTTT\tenhancer\n", to: path)
      #expect(try SequenceSet(contentsOf: path).count == 2)
      let set = try LabeledSequences(contentsOf: path, labels: .whereYesOrNo)
      #expect(set.count == 2 && !set.isLabeled)
      #expect(throws: InputError(file: path, line: 3, "label \"enhancer\" is not 0 or 1")) {
        try LabeledSequences(contentsOf: path)
      }
      try AtomicFile.write("sequence\tlabel\nACGT\t1\nTTTT\t0\n", to: path)
      #expect(try LabeledSequences(contentsOf: path, labels: .whereYesOrNo).labels == [1, 0])
    }
  }

  @Test func whatACommandNeeds() throws {
    let unlabeled = "input: has no labels; expected a table with a column label or Bound (0 or 1)"
    #expect(
      performing: { try read(">a\nACGT\n", requireLabels: true) }, throws: { "\($0)" == unlabeled })
    let lengths =
      "input: line 4: the sequence has 3 bases where the one in line 2 has 4; all must have the same length"
    #expect(
      performing: { try read("seq,label\nACGT,1\nTTTT,0\nACG,1\n", requireUniformLength: true) },
      throws: { "\($0)" == lengths })
    let one = try read("seq,label\nACGT,1\nTTT,1\n")
    #expect(throws: InputError(file: "f", "all 2 labels are 1; both classes are needed")) {
      try one.requireBothClasses(file: "f")
    }
    let different = "f: sequence seq2 has 3 bases where seq1 has 4; all must have the same length"
    #expect(
      performing: { try one.sequences.requireUniformLength(file: "f") }, throws: { "\($0)" == different })
    try read("seq,label\nACGT,1\nTTTT,0\n").requireBothClasses()
  }
}
