import Foundation
import Motifs
import Runtime
import TestSupport
import Testing

private func parse(_ text: String) throws -> MotifFile {
  try MotifFile.parse(Array(text.utf8), file: "dir/stem.txt")
}

@Suite("Layouts of motif files") struct MotifLayoutTests {
  static let matrix = [[0.5, 0.25, 0.125, 0.125], [0, 0, 1, 0]]

  /// (what, text, identifier, name, format)
  static let layouts: [(String, String, String, String?, MotifFormat)] = [
    (
      "CIS-BP's bulk table",
      "TF\tT1\nTF Name\tHNF4A\nGene\tE1\nMotif\tM1_2.00\nFamily\tNR\nSpecies\tHomo\nPos\tA\tC\tG\tT\n"
        + "1\t0.5\t0.25\t0.125\t0.125\n2\t0\t0\t1\t0\n\n\n", "M1_2.00", "HNF4A", .cisbp
    ),
    (
      "CISBP-RNA",
      "RBP\tT1\nRBP Name\tA1\nMotif\tM2\nPos\tA\tC\tG\tU\n1\t0.5\t0.25\t0.125\t0.125\n2\t0\t0\t1\t0\n",
      "M2", "A1", .cisbp
    ),
    (
      "a member of CIS-BP's archive", "Pos\tA\tC\tG\tU\n1\t0.5\t0.25\t0.125\t0.125\n2\t0\t0\t1\t0\n", "stem",
      nil, .plain
    ),
    (
      "UniPROBE's full page",
      "Protein: Foxa9\tSeed k-mer: GTAAACA\tEnrichment Score: 0.49\nEnrichment score matrix\n\nA:\t0.1\t-0.2\nC:\t0.1\t-0.2\n"
        + "G:\t0.1\t0.4\nT:\t-0.3\t0\n\nEnergy matrix for enoLOGOS\n\nPO\t1\t2\nA:\t-1\t2\nC:\t1\t2\nG:\t1\t-4\nT:\t1\t2\n\n"
        + "Probability matrix\n\nA:\t0.5\t0\nC:\t0.25\t0\nG:\t0.125\t1\nT:\t0.125\t0\n", "Foxa9", nil,
      .uniprobe
    ),
    (
      "four labelled rows without a header", "A | 0.5 0\nC | 0.25 0\nG | 0.125 1\nT | 0.125 0\n", "stem", nil,
      .uniprobe
    ),
    (
      "RSAT's tab",
      "; convert-matrix\n; more\na\t|\t0.5\t0\nc\t|\t0.25\t0\ng\t|\t0.125\t1\nt\t|\t0.125\t0\n//\n", "stem",
      nil,
      .uniprobe
    ),
    (
      "a blank after >", "> M1 Foo bar\nA [0.5 0]\nC [0.25 0]\nG [0.125 1]\nT [0.125 0]\n", "M1", "Foo bar",
      .jaspar
    ),
    (
      "JASPAR with empty lines", ">M1 Foo\n\nA [0.5 0]\n\nC [0.25 0]\nG [0.125 1]\n \nT [0.125 0]\n\n\n",
      "M1",
      "Foo", .jaspar
    ),
    (
      "MEME with more blanks",
      "MEME  version 4\nALPHABET = ACGT\nMOTIF\tM1  Foo\nletter-probability  matrix: w= 2\n0.5 0.25 0.125 0.125\n0 0 1 0\n",
      "M1", "Foo", .meme
    ),
    ("four bare rows", "0.5 0\n0.25 0\n0.125 1\n0.125 0\n", "stem", nil, .plain),
    ("a line of words above bare rows", "UW.1\tatg\n0.5 0.25 0.125 0.125\n0 0 1 0\n", "UW.1", "atg", .plain),
    (
      "HOMER with blanks", ">NG AP-1(bZIP)/Homer 6.0 -17.5 0\n0.5 0.25 0.125 0.125\n0 0 1 0\n",
      "AP-1(bZIP)/Homer", "NG",
      .homer
    ),
    (
      "TRANSFAC of SwissRegulon",
      "//\nNA  AHR\nPO A C G T cons inf\n01 0.5 0.25 0.125 0.125 N 0.2\n02 0 0 1 0 G 2.0\n//\n", "AHR", nil,
      .transfac
    ),
    (
      "lines that are no tags behind a TRANSFAC matrix",
      "AC  M1\nXX\nNA  x\ty\nXX\nPO A C G U\n1 0.5 0.25 0.125 0.125\n2 0 0 1 0\nXX\nCC  b\nmatrix.nb 7\n3 9 9 9 9\n//\n",
      "M1",
      "x y", .transfac
    ),
    (
      "MEME without w=, comments and blanks between rows",
      "MEME version 5\nALPHABET \"RNA\" RNA-LIKE\nA\nC\nG\nU\nEND ALPHABET\nMOTIF a b c\nletter-probability matrix:\n\n"
        + " 0.5 0.25 0.125 0.125\n# x\n\n0 0 1 0\nURL http://x\n", "a", "b c", .meme
    ),
    (
      "lines that end in returns",
      "MEME version 4\r\rMOTIF a\rletter-probability matrix: w= 2\r0.5 .25 .125 .125\r0 0 1 0\r",
      "a", nil, .meme
    ),
    (
      "the XML of MEME",
      "<?xml version='1.0'?>\n<!DOCTYPE MEME[\n<!ELEMENT MEME (motifs?)> <!-- isn't > over -->\n<!ATTLIST a b (c) 'd>'>\n]>\n<MEME version=\"5\">"
        + "<alphabet name=\"DNA\" like=\"dna\"><letter id=\"x1\" symbol=\"A\" complement=\"T\"/><letter id=\"N\" symbol=\"N\" "
        + "equals=\"ACGT\"/></alphabet><strands>both</strands><motifs><motif id=\"motif_1\" name=\"N&lt;G\" alt=\"MEME-1\" sites=\"7\" "
        + "e_value=\"1e-3\"><scores><alphabet_matrix><alphabet_array><value letter_id=\"x1\">-9</value></alphabet_array>"
        + "</alphabet_matrix></scores><probabilities><alphabet_matrix>" + xml([0.5, 0.25, 0.125, 0.125])
        + xml([0, 0, 1, 0])
        + "</alphabet_matrix></probabilities></motif></motifs></MEME>", "N<G", "MEME-1", .meme
    ),
    (
      "the XML of DREME",
      "<dreme version=\"5\"><model><background A=\"0.3\" C=\"0.2\" G=\"0.2\" T=\"0.3\"/></model><motifs><motif id=\"m01\" alt=\"DREME-1\" "
        + "seq=\"NG\" length=\"2\" nsites=\"7\" evalue=\"1e-3\">\n<pos A=\"0.5\" C=\"0.25\" G=\"0.125\" T=\"0.125\"/>\n"
        + "<pos i=\"2\" A=\"0\" C=\"0\" G=\"1\" T=\"0\"/><match seq=\"AG\"/></motif></motifs></dreme>", "NG",
      "DREME-1", .meme
    ),
    (
      "the XML of STREME",
      "<STREME version=\"5\"><model><strands>forward</strands><background_frequencies><alphabet_array>"
        + "<value letter_id=\"A\">0.3</value><value letter_id=\"C\">0.2</value><value letter_id=\"G\">0.2</value>"
        + "<value letter_id=\"T\">0.3</value></alphabet_array></background_frequencies></model><motifs>"
        + "<motif id=\"1-NG\" alt=\"STREME-1\" width=\"2\" nsites=\"7\" test_evalue=\"1e-3\"><pos A=\"0.5\" C=\"0.25\" G=\"0.125\" U=\"0.125\"/>"
        + "<pos A=\"0\" C=\"0\" G=\"1\" T=\"0\"/></motif></motifs></STREME>", "1-NG", "STREME-1", .meme
    ),
  ]

  private static func xml(_ row: [Double]) -> String {
    "<alphabet_array>"
      + zip(["x1", "C", "G", "T"], row).map { "<value letter_id=\"\($0)\">\($1)</value>" }.joined()
      + "</alphabet_array>"
  }

  @Test("are told apart and read", arguments: layouts.indices) func read(_ index: Int) throws {
    let (_, text, identifier, name, format) = Self.layouts[index]
    let file = try parse(text)
    #expect(file.format == format)
    #expect(file.motifs.map(\.frequencies.rows) == [Self.matrix])
    #expect(file.motifs.map(\.identifier) == [identifier])
    #expect(file.motifs.map(\.name) == [name])
    #expect(file.warnings.isEmpty)
    if text.contains("<") {
      #expect(file.motifs[0].sites == 7 && file.motifs[0].eValue == 1e-3)
      #expect(file.bothStrands != text.contains("forward"))
      #expect((file.background == nil) == !text.contains("0.3"))
    }
    // Whatever it came from, every format writes it and reads it back.
    for other in MotifFormat.allCases where other != .hocomocoPWM {
      var copy = file
      copy.format = other
      #expect(try parse(copy.text).motifs.map(\.frequencies.rows) == [Self.matrix], "\(other)")
    }
  }

  @Test("counts and frequencies beside each other are told apart motif by motif")
  func mixed() throws {
    let file = try parse(
      ">NG\tone\t5\n0.5\t0.25\t0.125\t0.125\n0\t0\t1\t0\n>NG\ttwo\t5\n4\t2\t1\t1\n0\t0\t8\t0\n>A\tthree\n1 0 0 0\n"
    )
    #expect(file.format == .homer)
    #expect(file.motifs.map { $0.counts != nil } == [false, true, false])
    #expect(file.motifs[0].frequencies == file.motifs[1].frequencies)
    #expect(file.motifs.map(\.thresholds.count) == [1, 1, 0])
  }

  @Test("a row of 0.8 among rows of one is normalized with a word; most rows must sum to one")
  func farOff() throws {
    let file = try parse(
      ">a\n0.5 0.5 0 0\n0.4 0.4 0 0\n1 0 0 0\n0 0 0 0\n1 0 0 0\n>b\n1 0 0 0\n0 0 0.5 0.5\n")
    #expect(file.motifs[0].frequencies.rows[1] == [0.5, 0.5, 0, 0])
    #expect(file.motifs[0].frequencies.rows[3] == [0.25, 0.25, 0.25, 0.25])
    #expect(
      file.warnings == ["1 of 2 motifs (a) has rows that do not sum to 1 within 0.01; they are normalized"])
    let error = #expect(throws: InputError.self) { try parse(">a\n0.4 0.4 0 0\n1 0 0 0\n") }
    #expect(error?.line == 2 && error?.reason.contains("sum to 0.8") == true)
  }

  @Test("motifs without a matrix are passed over in every format, and counted")
  func empty() throws {
    let texts = [
      "MEME version 4\nMOTIF a\nMOTIF b\nletter-probability matrix: w= 1\n1 0 0 0\nMOTIF c\nletter-probability matrix: w= 0\nURL x\n",
      ">a\n>b\nA [1]\nC [0]\nG [0]\nT [0]\n>c\n", ">a\n>b\n1\n0\n0\n0\n>c\n",
      ">a\n\n>b\n1 0 0 0\n\n>c\n0 0 0 0\n",
      ">A\ta\t1\n>A\tb\t1\n1 0 0 0\n>A\tc\t1\n", ">a\n>b\nA 1 0 0 0\n>c\n",
      "AC a\nP0 A C G T\n//\nAC b\nP0 A C G T\n1 1 0 0 0\n//\nAC c\nP0 A C G T\n1 0 0 0 0\n//\n",
      "Protein: a\n\nProtein: b\nA: 1\nC: 0\nG: 0\nT: 0\n\nProtein: c\n",
      "Motif\ta\nPos\tA\tC\tG\tT\n\nMotif\tb\nPos\tA\tC\tG\tT\n1\t1\t0\t0\t0\n\nMotif\tc\nPos\tA\tC\tG\tT\n",
      "# a\nA C G T\n\n# b\nA C G T\n1 0 0 0\n\n# c\nA C G T\n",
    ]
    for text in texts {
      let file = try parse(text)
      #expect(file.motifs.map(\.identifier) == ["b"], "\(text)")
      #expect(file.motifs.map(\.url) == [nil])
      #expect(file.warnings == ["2 of 3 motifs (a, …) have no matrix and are passed over"], "\(text)")
    }
  }

  @Test("a file read from disk carries its warnings")
  func warningsOfFiles() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/x.pcm"
      try ">a\n9 0 0 0\n>b\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(
        try MotifFile.read(path: path).warnings == ["1 of 2 motifs (b) has no matrix and is passed over"])
    }
  }

  @Test("names hold no tabs, line ends or control characters")
  func names() throws {
    let file = try parse(">NG\tone\u{1}\u{2} two\t5\n1 0 0 0\n0 0 1 0\n")
    #expect(file.motifs[0].identifier == "one two")
    let jaspar = try parse(">M1\tFoo\tbar \u{7}baz\nA [1]\nC [0]\nG [0]\nT [0]\n")
    #expect(jaspar.motifs[0].name == "Foo bar baz")
  }

  @Test("lines, matrices and files have bounds")
  func bounds() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/long.txt"
      try (">" + String(repeating: "x", count: 1 << 20) + "\n1 0 0 0\n").write(
        toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: InputError.self) { try MotifFile.read(path: path) }
      #expect(error?.line == 1 && error?.reason.contains("more than 1 MB") == true)
    }
    let rows = String(repeating: "1 0 0 0\n", count: 10_001)
    let wide = "1 " + String(repeating: "0 ", count: 10_001) + "\n"
    for text in [
      ">x\n" + rows, "MEME version 4\nMOTIF x\nletter-probability matrix:\n" + rows,
      ">x\n" + String(repeating: wide, count: 4),
    ] {
      let error = #expect(throws: InputError.self) { try parse(text) }
      #expect(error?.reason.contains("10000") == true && error?.line != nil, "\(String(describing: error))")
    }
  }
}
