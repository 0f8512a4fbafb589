import Foundation
import MotifKit
import Testing

@Suite struct MotifCommandTests {
  /// Two motifs, one of them with rows of 0.97, and one without a matrix.
  static let meme = """
    MEME version 4

    MOTIF one first
    letter-probability matrix: alength= 4 w= 4 nsites= 20
    0.25 0.25 0.25 0.25
    0.97 0 0 0
    0 0 0.97 0
    0 0 0 1
    MOTIF none
    MOTIF two
    letter-probability matrix: alength= 4
    0 1 0 0
    1 0 0 0

    """
  static let warnings = """
    motifkit: warning: in.meme: 1 of 3 motifs (none) has no matrix and is passed over
    motifkit: warning: in.meme: 1 of 3 motifs (one) has rows that do not sum to 1 within 0.01; they are normalized

    """

  @Test func tableOfMotifs() throws {
    try withProgram { motifkit in
      try motifkit.write(Self.meme, to: "in.meme")
      let result = try motifkit.run(["motifs", "in.meme"])
      #expect(result.errors == Self.warnings)
      #expect(
        result.output == """
          motif\tname\twidth\tinformation_content\tsites\tconsensus\tgc\tcounts
          one\tfirst\t4\t6.00\t20\tNAGT\t0.375\tno
          two\t\t2\t4.00\t\tCA\t0.500\tno

          """)
      let strict = try motifkit.run(["motifs", "in.meme", "--strict"])
      #expect(strict.status == 2 && strict.output.isEmpty)
      #expect(strict.errors == "motifkit: in.meme: 1 of 3 motifs (none) has no matrix and is passed over\n")
    }
  }

  @Test func convertsTrimsAndTurns() throws {
    try withProgram { motifkit in
      try motifkit.write(Self.meme, to: "in.meme")
      try motifkit.write("Pos\tA\tC\tG\tT\n", to: "M1_2.00.txt")
      let arguments = ["motifs", "in.meme", "M1_2.00.txt", "--only", "first", "--quiet"]
      let turned = try motifkit.run(arguments + ["--trim", "0.5", "--reverse-complement", "--to", "jaspar"])
      #expect(
        turned
          == .init(
            status: 0, output: ">one\tfirst\nA  [ 1 0 0 ]\nC  [ 0 1 0 ]\nG  [ 0 0 0 ]\nT  [ 0 0 1 ]\n",
            errors: ""))
      for format in MotifFormat.allCases where format != .hocomocoPWM {
        #expect(
          try motifkit.run(["motifs", "in.meme", "-q", "--to", format.rawValue, "--out", "x.txt"]).status == 0
        )
        let again = try motifkit.run(["motifs", "x.txt", "-q", "--only", "two", "--to", "pcm"])
        #expect(again.output.hasSuffix("0\t1\t0\t0\n1\t0\t0\t0\n"), "\(format)")
      }
      let figures = try motifkit.run(arguments + ["--figures", "logos"])
      #expect(figures.status == 0)
      #expect(try motifkit.read("logos/one.svg").contains("<svg"))
      let missing = try motifkit.run(["motifs", "in.meme", "-q", "--only", "three"])
      #expect(missing.status == 2 && missing.errors == "motifkit: in.meme: no motif is called three\n")
    }
  }

  @Test func clusters() throws {
    try withProgram { motifkit in
      // FOXO1 forward, the same on its other strand, and something else.
      _ = try motifkit.run(["motifs", "foxo1", "--to", "pcm", "--out", "a.pcm"])
      _ = try motifkit.run(["motifs", "foxo1", "--reverse-complement", "--to", "pcm", "--out", "b.pcm"])
      let text =
        try motifkit.read("a.pcm")
        + motifkit.read("b.pcm").replacingOccurrences(of: ">FOXO1_HUMAN", with: ">turned")
      try motifkit.write(
        text + ">other\n20 0 0 0\n0 0 20 0\n0 0 20 0\n20 0 0 0\n0 0 0 20\n0 0 20 0\n", to: "in.pcm")
      let result = try motifkit.run(["cluster", "in.pcm", "--out", "out"])
      #expect(
        result == .init(status: 0, output: "3 motifs in 2 clusters, 1 of them of one motif\n", errors: ""))
      let members = try motifkit.read("out/members.tsv").split(separator: "\n").dropFirst().map {
        $0.split(separator: "\t", omittingEmptySubsequences: false)
      }
      #expect(members.count == 3)
      let foxo1 = members.filter { !$0[0].hasPrefix("other") }
      #expect(Set(foxo1.map { $0[2] }).count == 1 && Set(foxo1.map { $0[4] }) == ["+", "-"])
      #expect(try Motif.read(path: motifkit.folder + "/out/clusters.meme").count == 2)
      for file in ["clusters.tsv", "clusters.nwk", "clusters.png", "tree.png", "tree.svg", "run.json"] {
        #expect(try motifkit.files().contains("out/" + file), "\(file)")
      }
      let page = try motifkit.read("out/index.html")
      #expect(page.contains("Logo of FOXO1_HUMAN.H11MO.0.A over ") && page.contains("motifkit cluster"))
      #expect(page.components(separatedBy: "Logo of ").count - 1 == 2 + 3)
    }
  }

  @Test func enriched() throws {
    try withProgram { motifkit in
      var random = UInt64(7)
      func bases(_ count: Int) -> String {
        String(
          (0..<count).map { _ in
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Array("ACGT")[Int(random >> 62)]
          })
      }
      let positives = (0..<60).map { ">p\($0)\n\(bases(24))TAGGATG\(bases(24))\n" }.joined()
      let negatives = (0..<60).map { ">n\($0)\n\(bases(55))\n" }.joined()
      try motifkit.write(positives, to: "p.fa")
      try motifkit.write(negatives, to: "n.fa")
      try motifkit.write(
        ">planted\nA [0 9 0 0 9 0 0]\nC [0 0 0 0 0 0 0]\nG [0 0 9 9 0 0 9]\nT [9 0 0 0 0 9 0]\n>other\nA [9 0 0 0 9]\nC [0 9 0 0 0]\nG [0 0 0 9 0]\nT [0 0 9 0 0]\n",
        to: "m.jaspar")
      let result = try motifkit.run(["enrich", "m.jaspar", "p.fa", "n.fa", "--out", "out", "--spacing", "2"])
      #expect(
        result.status == 0 && result.output.hasPrefix("1 of 2 motifs tell 60 positives from 60 negatives"))
      let table = try motifkit.read("out/enrichment.tsv").split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      #expect(table.count == 3)
      let best = Dictionary(uniqueKeysWithValues: zip(table[0], table[1]))
      #expect(best["motif"] == "planted" && best["positives"] == "60" && best["best_start"] == "25")
      #expect(
        Double(best["E"]!)! < 1e-10 && Double(best["central_E"]!)! < 1e-10 && Double(best["auroc"]!)! > 0.95)
      #expect(try motifkit.read("out/index.html").contains("Logo of planted"))
      #expect(try motifkit.read("out/spacing.tsv").hasPrefix("primary\tsecondary\tside\tstrand\tgap\tcount"))
      // The same for any number of threads, and from shuffles where there are no negatives.
      _ = try motifkit.run([
        "enrich", "m.jaspar", "p.fa", "n.fa", "--out", "one", "--spacing", "2", "--threads", "1",
      ])
      #expect(try motifkit.read("one/enrichment.tsv") == motifkit.read("out/enrichment.tsv"))
      let shuffled = try motifkit.run(["enrich", "m.jaspar", "p.fa", "--out", "shuffled", "--format", "json"])
      #expect(shuffled.status == 0 && shuffled.output.contains("\"negatives\" : 60"))
    }
  }

  @Test func bestHits() throws {
    try withProgram { motifkit in
      try motifkit.write(ScanCommandTests.motif, to: "tata.jaspar")
      try motifkit.write(ScanCommandTests.fasta, to: "in.fa")
      let arguments = ["scan", "tata.jaspar", "in.fa", "--pseudocount", "0", "--best", "--single-strand"]
      let expected =
        ScanCommandTests.header + """
          M1\tTBP\tfirst\t3\t6\t+\t5.28771\t0.00390625\t\tTATA
          M1\tTBP\tsecond\t3\t6\t+\t2.96578\t0.0507812\t\tTATC

          """
      #expect(try motifkit.run(arguments).output == expected)
      let passing = try motifkit.run(arguments + ["--p-value", "0.01"])
      #expect(passing.output.split(separator: "\n").count == 2)
    }
  }
}
