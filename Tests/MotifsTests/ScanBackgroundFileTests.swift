import Motifs
import Runtime
import Sequences
import TestSupport
import Testing

@Suite("Background files") struct ScanBackgroundFileTests {
  func read(_ text: String) throws -> BackgroundModel {
    try withTemporaryDirectory { folder in
      try AtomicFile.write(text, to: folder + "/bg")
      do {
        return try BackgroundModel(contentsOf: folder + "/bg")
      } catch let error as InputError { throw InputError(line: error.line, error.reason) }
    }
  }

  @Test func orders() throws {
    let bases = "# order 0\nA 0.3\nC 0.2\r\ng\t2e-1 # comment\nT 0.3\n"
    #expect(try read(bases) == BackgroundModel(Background([0.3, 0.2, 0.2, 0.3])))
    let pairs = (0..<16).map {
      "\(["A", "C", "G", "T"][$0 / 4])\(["A", "C", "G", "T"][$0 % 4]) 0.0\($0 + 10)"
    }
    #expect(
      try read(bases + pairs.joined(separator: "\n") + "\nAAA 0.01\n")
        == BackgroundModel(dinucleotides: (0..<16).map { Double("0.0\($0 + 10)")! }))
  }

  @Test(arguments: [
    ("A 0.3\nC 0.2\nG 0.2\n", nil, "gives 3 of the 4 bases"),
    ("", nil, "gives 0 of the 4 bases"),
    ("A 0.3\nA 0.2\n", 2, "A is given twice"),
    ("A 0\n", 1, "expected a word of A C G T and a frequency above 0, as in \"A 0.29\""),
    ("A 0.3 0.2\n", 1, "expected a word of A C G T and a frequency above 0, as in \"A 0.29\""),
    ("# x\nN 0.3\n", 2, "\"N\" is no word of A C G T"),
  ])
  func refusals(text: String, line: Int?, reason: String) {
    #expect(throws: InputError(line: line, reason)) { try read(text) }
  }
}
