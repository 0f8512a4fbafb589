import Foundation
import Runtime
import Sequences
import Synchronization
import TestSupport
import Testing

private func read(_ text: String) throws -> LabeledSequences {
  try withTemporaryDirectory { folder in
    let path = folder + "/input"
    try AtomicFile.write(text, to: path)
    do {
      return try LabeledSequences(contentsOf: path)
    } catch let error as InputError {
      throw InputError(file: "input", line: error.line, error.reason)
    }
  }
}

private func strings(_ set: LabeledSequences) -> [String] {
  (0..<set.count).map { Nucleotide.string(set.sequences[$0]) }
}

/// What other programs write and people keep.
@Suite(.serialized) struct UnusualInputTests {
  @Test(arguments: ["X", "x", ".", "-"]) func masks(letter: String) throws {
    let text = ">a\nGGA\(letter)TG\n"
    guard letter != "-" else {
      #expect(throws: InputError.self) { try read(text) }
      return
    }
    #expect(strings(try read(text)) == ["GGANTG"])
  }

  @Test func blanksBeforeAName() throws {
    #expect(try read("> chr1:5-17 x\nGGATG\n").sequences.names == ["chr1:5-17"])
  }

  @Test func controlsInNames() throws {
    #expect(try read(">a\u{1B}[31mb\nGGATG\n").sequences.names == ["a [31mb"])
    #expect(try read("name,seq\na\u{1}\u{7F}é,GGATG\n").sequences.names == ["a  é"])
    #expect(
      throws: InputError(file: "input", line: 1, "is not text; expected FASTA, CSV or TSV, plain or gzipped")
    ) {
      try read("name,s\u{1}eq\na,GGATG\n")
    }
  }

  @Test func labelsInHeaders() throws {
    let set = try read(">a class:0\nACGT\n>b class:1\nAC\n")
    #expect(set.labels == [0, 1])
    #expect(throws: InputError.self) { try read(">a class:0\nACGT\n>b\nAC\n") }
  }

  @Test func emptyRecordsArePassedOverWithAWarning() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/input"
      let warnings = Mutex<[String]>([])
      defer { InputWarning.handle { _ in } }
      // Other tests read files at the same time.
      InputWarning.handle { warning in
        if warning.file == path { warnings.withLock { $0.append(warning.reason) } }
      }
      try AtomicFile.write(">a\nACGT\n>e\n>b\nGG\n>f\n\n", to: path)
      #expect(strings(try LabeledSequences(contentsOf: path)) == ["ACGT", "GG"])
      #expect(
        warnings.withLock { $0 } == ["record \"e\" in line 3 and 1 more without a sequence passed over"])
      InputWarning.handle { if $0.file == path { throw InputError(file: $0.file, $0.reason) } }
      #expect(throws: InputError.self) { try LabeledSequences(contentsOf: path) }
    }
  }

  @Test func linesThatEndWithReturns() throws {
    #expect(strings(try read(">a\rACGT\rAC\r>b\rGG\r")) == ["ACGTAC", "GG"])
    #expect(try read("name,seq,label\rx,ACGT,1\ry,GG,0\r").labels == [1, 0])
  }

  @Test func quotedLineBreaks() throws {
    let set = try read("name,sequence,label\n\"r0\nx\",ACGT,0\n\n\"r1\nx\",GGG,1\n")
    #expect(
      set.sequences.names == ["r0 x", "r1 x"] && set.labels == [0, 1] && strings(set) == ["ACGT", "GGG"])
    #expect(
      throws: InputError(file: "input", line: 2, "the quote at column 1 is not closed"),
      performing: { try read("name,sequence\n\"r0\nx,ACGT\nr1,GG\n") })
  }

  @Test func labelsAsProgramsWriteThem() throws {
    #expect(try read("seq,label\nAC,1.000000e+00\nAC,0.000000e+00\n").labels == [1, 0])
    #expect(try read("seq,label\nAC,True\nAC,FALSE\n").labels == [1, 0])
    #expect(try read("seq;label\nAC;1\nAC;0\n").labels == [1, 0])
  }

  @Test func tabsInNamesAreBlanks() throws {
    #expect(try read("name,sequence\n\"a\tb\",ACGT\n").sequences.names == ["a b"])
  }

  @Test(arguments: [
    ("ACGTACGTAC,0\nGGGTACGTAC,1\n", 1, "no header"), ("ACGTACGT\t0\t1\nGGGTACGT\t1\t0\n", 1, "no header"),
    ("chr1\t0\t1\nchr1\t1\t2\nchr2\t3\t0\n", nil, "intervals"),
    ("chr1\t100\t200\tpeak\t7\t.\t1.5\t-1\t-1\t50\n", nil, "intervals"),
    ("probe,0,1,2,label\nACGTT,0,1,2,1\n", 2, "column probe holds the sequence"),
  ])
  func whatIsMissingIsSaid(text: String, line: Int?, words: String) {
    let error = #expect(throws: InputError.self) { try read(text) }
    #expect(error?.line == line && error?.reason.contains(words) == true)
  }

  @Test func sequencesInAColumnDNA() throws {
    let set = try read("dna,0,1,2,label\nACGTT,0,1,2,1\nACGTT,3,2,1,0\n")
    #expect(strings(set) == ["ACGTT", "ACGTT"] && set.labels == [1, 0])
  }

  @Test func aLineWithoutEndIsRefused() {
    #expect(throws: InputError.self) {
      try read("seq,label\n" + String(repeating: "A", count: LineReader.longestLine + 100))
    }
  }

  @Test func controlCharactersInFileNames() {
    #expect(InputError(file: "a\nb", "is empty").description == "a\\nb: is empty")
  }
}
