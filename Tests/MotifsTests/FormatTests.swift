import Foundation
import Motifs
import Runtime
import Sequences
import TestSupport
import Testing

private func parse(_ text: String) throws -> MotifFile {
  try MotifFile.parse(Array(text.utf8), file: "dir/name.txt")
}

private let jaspar = """
  >MA0002.3\tRunx1
  A  [ 123 57 0 ]
  C  [ 1072   0 75]
  G  [149 7 1872 ]
  T  [ 656 1936 53 ]
  >X.1
  A [ 4 0 ]
  C [16 0.5 ]
  G [ 0 20 ]
  T [ 0 0 ]

  """

private let transfac = """
  VV  made for a test
  XX
  //
  AC  M1
  XX
  ID  V$ONE_01
  XX
  NA  One
  DE  first line
  DE  second line
  XX
  P0      A      C      G      T
  01      1      2      2      0      S
  02      2.5    1      2      0      R
  XX
  //
  AC  M2
  P0      T      G      C      A
  01      0.25   0.5    0.25   0.0      S
  XX
  //

  """

private let homer = """
  >AATTGG\tname(Zf)/cell/Homer\t6.5\t-1234.5\t0\t31.3,16.5\tT:12.0(1%)
  0.7\t0.1\t0.1\t0.1
  0.001\t0.001\t0.997\t0.001
  >CC\tother\t1e0
  0.25\t0.25\t0.25\t0.25

  """

private let pcm = """
  >FIRST.A
  10.5\t20\t30\t39.5
  0\t50.125\t49.875\t0
  50\t0\t0\t50
  >SECOND.B
  1\t2\t3\t4

  """

private let uniprobe = """
  Protein: Foxa9\tSeed k-mer: GTAAACA
  A:\t0.25\t0.1\t0.5
  C:\t0.25\t0.2\t0.5
  G:\t0.25\t0.3\t0.0
  T:\t0.25\t0.4\t0.0

  Other
  A:\t1.0
  C:\t0.0
  G:\t0.0
  T:\t0.0

  """

@Suite struct FormatTests {
  @Test func jasparWithLetters() throws {
    let file = try parse(jaspar)
    #expect(file.format == .jaspar)
    #expect(file.motifs.map(\.identifier) == ["MA0002.3", "X.1"])
    #expect(file.motifs.map(\.name) == ["Runx1", nil])
    #expect(file.motifs[0].counts?.rows == [[123, 1072, 149, 656], [57, 0, 7, 1936], [0, 75, 1872, 53]])
    #expect(file.motifs[0].sites == 2000)
    #expect(file.motifs[0].frequencies[1, 3] == 1936.0 / 2000)
  }

  @Test func jasparBareRows() throws {
    let bare = try parse(
      jaspar.split(separator: "\n").map { line in
        line.hasPrefix(">") ? String(line) : String(line.filter { !"ACGT[]".contains($0) })
      }.joined(separator: "\n"))
    #expect(bare.format == .jasparRaw)
    #expect(try bare.motifs == parse(jaspar).motifs)
  }

  @Test func transfacTagsAndColumns() throws {
    let file = try parse(transfac)
    #expect(file.format == .transfac)
    let first = file.motifs[0]
    #expect(first.identifier == "M1")
    #expect(first.name == "V$ONE_01")
    #expect(first.attributes == ["NA": "One", "DE": "first line\nsecond line"])
    #expect(first.counts?.rows == [[1, 2, 2, 0], [2.5, 1, 2, 0]])
    #expect(file.motifs[1].counts == nil)
    #expect(file.motifs[1].frequencies.rows == [[0, 0.25, 0.5, 0.25]])
  }

  @Test("matrices of the kind that names them in DE and has no P0 line") func transfacOfStamp() throws {
    let file = try parse("DE\tone\n0\t1\t2\t3\t4\tT\n1\t4\t3\t2\t1\tA\nXX\nDE\ttwo\n0\t9\t0\t0\t1\tA\nXX\n")
    #expect(file.motifs.map(\.identifier) == ["one", "two"])
    #expect(file.motifs[1].counts?.rows == [[9, 0, 0, 1]])
  }

  @Test func homerHeader() throws {
    let file = try parse(homer)
    #expect(file.format == .homer)
    let first = file.motifs[0]
    #expect(first.identifier == "name(Zf)/cell/Homer")
    #expect(first.name == "AATTGG")
    #expect(first.thresholds == [ScoreThreshold(score: 6.5)])
    #expect(first.frequencies.rows[1] == [0.001, 0.001, 0.997, 0.001])
    #expect(file.motifs[1].thresholds == [ScoreThreshold(score: 1)])
  }

  @Test func hocomocoCounts() throws {
    let file = try parse("# a comment\n" + pcm)
    #expect(file.format == .hocomocoPCM)
    #expect(file.motifs[0].counts?.rows[1] == [0, 50.125, 49.875, 0])
    #expect(file.motifs[0].sites == 100)
    #expect(file.motifs[1].width == 1)
  }

  @Test("weights are those of the smoothed counts") func hocomocoWeights() throws {
    var counts = try parse(pcm)
    counts.format = .hocomocoPWM
    let weights = try parse(counts.text)
    #expect(weights.format == .hocomocoPWM)
    // 100 sites: pseudocount ln 100, spread over the bases.
    let pseudocount = 4.605170185988092
    let expected = (50.125 + pseudocount / 4) / (100 + pseudocount)
    #expect(abs(weights.motifs[0].frequencies[1, 1] - expected) < 1e-15)
    let score = try #require(weights.motifs[0].scores?[1, 1])
    #expect(abs(score - log(expected / 0.25)) < 1e-15)
    // The same odds in bits are told apart.
    let bits = try parse(">B\n1\t-1\t-1\t0.0\n-20 -20 -20 2\n")
    #expect(abs(bits.motifs[0].frequencies[0, 0] - 0.5) < 1e-6)
    #expect(refusal(">B\n1\t-1\t-1\t5\n")?.reason.contains("no log-odds") == true)
  }

  @Test func hocomocoThresholds() throws {
    var file = try parse(pcm)
    let table = "P-values\t0.001\t0.0005\t0.0001\nFIRST.A\t3.5\t4.25\t6\nABSENT\t1\t2\t3\n"
    try file.addThresholds(Array(table.utf8), file: "t.txt")
    #expect(
      file.motifs[0].thresholds == [
        ScoreThreshold(score: 3.5, pValue: 0.001), ScoreThreshold(score: 4.25, pValue: 0.0005),
        ScoreThreshold(score: 6, pValue: 0.0001),
      ])
    #expect(file.motifs[1].thresholds.isEmpty)
    for (bad, line) in [("P-values\t2\n", 1), ("P-values\t0.1\nX\t1\t2\n", 2), ("P-values\t0.1\nX\tx\n", 2)] {
      let error = #expect(throws: InputError.self) {
        try file.addThresholds(Array(bad.utf8), file: "t.txt")
      }
      #expect(error?.file == "t.txt")
      #expect(error?.line == line)
    }
  }

  @Test func uniprobeNames() throws {
    let file = try parse(uniprobe)
    #expect(file.format == .uniprobe)
    #expect(file.motifs.map(\.identifier) == ["Foxa9", "Other"])
    #expect(
      file.motifs[0].frequencies.rows == [
        [0.25, 0.25, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0, 0],
      ])
  }

  @Test(
    "plain matrices lie either way",
    arguments: [
      "10 0 0 0\n0 5 5 0\n", "10 0\n0 5\n0 5\n0 0\n", "A C G T\n10 0 0 0\n0 5 5 0\n",
      "Pos\tT\tG\tC\tA\n1\t0\t0\t0\t10\n2\t0\t5\t5\t0\n",
    ])
  func plain(text: String) throws {
    let file = try parse(text)
    #expect(file.format == .plain)
    #expect(file.motifs[0].identifier == "name")
    #expect(file.motifs[0].counts?.rows == [[10, 0, 0, 0], [0, 5, 5, 0]])
  }

  @Test("a square matrix lies the way in which its positions agree in their sums")
  func square() throws {
    let rows = "1 2 3 4\n4 3 2 1\n10 0 0 0\n0 0 10 0\n"
    #expect(try parse(rows).motifs[0].counts?.row(2) == [10, 0, 0, 0])
    let columns = "1 4 10 0\n2 3 0 0\n3 2 0 10\n4 1 0 0\n"
    #expect(try parse(columns).motifs[0].counts?.row(2) == [10, 0, 0, 0])
    // Another matrix of the file decides, whatever the sums say.
    #expect(try parse(columns + "\n1 2 3 4\n").motifs[0].counts?.row(2) == [3, 2, 0, 10])
  }

  @Test("no-break spaces are blanks", arguments: [jaspar, transfac, pcm])
  func noBreakSpaces(_ text: String) throws {
    for blank in ["\u{A0}", "\u{2007}", "\u{202F}"] {
      let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.contains(">") || $0.contains("DE") ? String($0) : String($0).replacing(" ", with: blank)
      }
      #expect(try parse(rows.joined(separator: "\n")).motifs == parse(text).motifs)
    }
  }

  @Test("a row of decimal commas is refused where it stands")
  func rowsOfDecimalCommas() throws {
    let reason = "'0,7' has a decimal comma; numbers have a point"
    for (line, text) in [
      (2, ">x\n0,7\t0,1\t0,1\t0,1\n"), (2, ">x\nA [ 0,7 0,1 0,1 ]\n"),
      (3, "MEME version 4\nletter-probability matrix: w= 1\n0,7 0,1 0,1 0,1\n"),
      (1, "0,7 0,1 0,1 0,1\n"), (3, "ID x\nP0 A C G T\n01 0,7 0,1 0,1 0,1 A\n"),
    ] {
      #expect(throws: InputError(file: "dir/name.txt", line: line, reason)) { try parse(text) }
    }
  }

  @Test("what each format writes, it reads back whole", arguments: MotifFormat.allCases)
  func roundTrip(format: MotifFormat) throws {
    for text in [jaspar, transfac, homer, pcm, uniprobe] {
      var file = try parse(text)
      let original = file.motifs
      file.format = format
      let once = try parse(file.text)
      #expect(once.format == format)
      #expect(once.motifs.map(\.identifier) == original.map { $0.identifier })
      #expect(once.motifs.map(\.width) == original.map(\.width))
      // The second writing adds nothing to the first and loses no digit of it.
      #expect(try parse(once.text) == once)
      #expect(once.text == file.text || format == .hocomocoPWM || format == .homer)
      guard format != .hocomocoPWM else { continue }
      #expect(once.motifs.map(\.frequencies) == original.map(\.frequencies))
      if format != .meme, format != .homer { #expect(once.motifs.map(\.counts) == original.map(\.counts)) }
    }
  }

  @Test(
    "each format in its own writing keeps everything", arguments: [jaspar, transfac, homer, pcm, uniprobe])
  func sameFormat(text: String) throws {
    let file = try parse(text)
    #expect(try parse(file.text) == file)
  }

  @Test(
    "what is refused, and where",
    arguments: [
      ("", nil, "is empty"), ("\n# only a comment\n", nil, "is empty"),
      ("hello world\n", 1, "no motif format"), ("\n<?xml version='1.0'?>\n", 2, "is XML or HTML"),
      ("PK\u{3}\u{4}\u{0}\u{0}", 1, "looks like a ZIP archive"),
      (">a\nACGTTG\n>b\nACGTTC\n", 1, "looks like sequences (FASTA); a motif file is expected"),
      (">a b\n0.1 0.2 0.3 0.4\n>c\nACGTTG\n", 4, "'ACGTTG' is no row of numbers"),
      ("##fileformat=VCFv4.2\nchr1\t9\t.\tA\tC\n", 2, "looks like variants (VCF)"),
      ("\u{7B}\"a\": 1}", 1, "looks like JSON"),
      (">X\nA [ 1 2 ]\nC [ 1 2 ]\nG [ 1 2 ]\n", 1, "3 rows follow"),
      (">X\nA [ 1 2 ]\nC [ 1 2 ]\nG [ 1 ]\nT [ 1 2 ]\n", 4, "1 numbers where the rows above have 2"),
      (">X\nA [ 1 2 ]\nC [ 1 2 ]\nC [ 1 2 ]\nT [ 1 2 ]\n", 4, "a second row for C"),
      (">X\nA [ 1 2 ]\nC [ 1 x ]\nG [ 1 2 ]\nT [ 1 2 ]\n", 3, "'x' is no number"),
      (">\nA [ 1 ]\nC [ 1 ]\nG [ 1 ]\nT [ 1 ]\n", 1, "'>' without a name"),
      (">X\nA [ 1 ]\nC [ 1 ]\nG [ 1 ]\nT [ 1 ]\n\n1 2 3\n", 7, "a row without a base's letter"),
      (">X\nA [ 0 ]\nC [ 0 ]\nG [ 0 ]\nT [ 0 ]\n", nil, "no motif: 1 of 1 motifs (X) has no matrix"),
      (">X\nA [ 0.5 ]\nC [ 0.5 ]\nG [ 0.5 ]\nT [ 0 ]\n", 1, "position 1 sum to 1.5, not to 1"),
      (">X\nA [ -1 2 ]\nC [ 1 2 ]\nG [ 1 2 ]\nT [ 1 2 ]\n", 1, "-1.0 is neither"),
      (">X\n", nil, "has no matrix"),
      (">X\n1 2 3 4\n1 2 3\n1 2 3 4\n", 3, "3 numbers where one for each"),
      (">C\tname\t1.0\n0.5 0.5 0.2 0\n1 0 0 -1\n", 3, "-1.0 is neither"),
      (">C\tname\t1.0\n0.5 0.5 0 0\n0.5 0.5 0.5 0\n", 3, "position 2 sum to 1.5"),
      ("AC  M1\nP0  A C G\n01 1 2 3\n", 2, "does not name the columns"),
      ("AC  M1\nP0  A C G T\n01 1 2 3\n", 3, "3 numbers where"),
      ("AC  M1\nP0  A C G T\n01 1 2 3 x\n", 3, "'x' is no number"),
      ("AC  M1\nP0  A C G T\n//\n", nil, "(M1) has no matrix"),
      ("AC  M1\nP0  A C G T\n01 1 2 3 4\n03 1 2 3 4\n", 4, "position 3 where 2 is expected"),
      ("AC  M1\nhello there\n", 2, "no two-letter tag"), ("AC  M1\n//\n", nil, "holds no motif"),
      ("A: 1 2\nC: 1 2\nG: 1 2\n", 1, "3 rows follow"),
      ("0.5 0.5 0.5 0.5\n0.25 0.25 0.25 0.25\n", 1, "position 1 sum to 2"),
      ("1 2 3 4\n1 2 3 4 5\n", 2, "5 numbers where one for each"),
      ("1 2 3 4\nsome text\n", 2, "no row of numbers"),
    ] as [(String, Int?, String)])
  func refused(text: String, line: Int?, reason: String) throws {
    let error = try #require(refusal(text), "accepted")
    #expect(error.reason.contains(reason), "\(error)")
    #expect(error.line == line, "\(error)")
  }

  @Test func filesOnDisk() throws {
    try withTemporaryDirectory { folder in
      let file = MotifFile(motifs: [.foxo1], background: .uniform)
      try file.write(to: folder + "/x.meme")
      let read = try MotifFile.read(path: folder + "/x.meme")
      #expect(read.motifs[0].frequencies == Motif.foxo1.frequencies)
      #expect(try Motif.read(path: folder + "/x.meme") == read.motifs)
      let gzip = Process()
      gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      gzip.arguments = ["gzip", "-k", folder + "/x.meme"]
      try gzip.run()
      gzip.waitUntilExit()
      #expect(try Motif.read(path: folder + "/x.meme.gz") == read.motifs)
      let error = #expect(throws: InputError.self) { try MotifFile.read(path: folder + "/absent.meme") }
      #expect(error?.file == folder + "/absent.meme")
    }
  }
}
