import Foundation
import MotifKit
import Testing

@Suite struct ScanCommandTests {
  /// Five of eight sites have the base of TATA; each other base has one. Without pseudocount the weights are
  /// log₂ 2.5 = 1.32193 and log₂ 0.5 = −1.
  static let motif = """
    >M1 TBP
    A [1 5 1 5]
    C [1 1 1 1]
    G [1 1 1 1]
    T [5 1 5 1]

    """
  static let fasta = ">first one\nccTATAgg\n>second\nNNTATCCCC\n"
  static let header =
    "motif_id\tmotif_alt_id\tsequence_name\tstart\tstop\tstrand\tscore\tp-value\tq-value\tmatched_sequence\n"

  func withFiles(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try motifkit.write(Self.motif, to: "tata.jaspar")
      try motifkit.write(Self.fasta, to: "in.fa")
      try body(motifkit)
    }
  }

  @Test func printsFimosColumns() throws {
    try withFiles { motifkit in
      let expected = Program.Result(
        status: 0,
        output: Self.header + """
          M1\tTBP\tfirst\t3\t6\t+\t5.28771\t0.00390625\t0.0351562\tTATA
          M1\tTBP\tfirst\t3\t6\t-\t5.28771\t0.00390625\t0.0351562\tTATA

          """, errors: "2 hits of 1 of 1 motifs in 17 bases of 2 sequences\n")
      let arguments = ["scan", "tata.jaspar", "in.fa", "--p-value", "0.01", "--pseudocount", "0"]
      #expect(try motifkit.run(arguments) == expected)
      #expect(try motifkit.run(arguments + ["--threads", "1"]) == expected)
      // The same from standard input, into a file.
      let written = try motifkit.run(
        [
          "scan", "tata.jaspar", "-", "--p-value", "0.01", "--pseudocount", "0", "--out", "hits.tsv",
          "--quiet",
        ],
        input: Self.fasta)
      #expect(written == .init(status: 0, output: "", errors: ""))
      #expect(try motifkit.read("hits.tsv") == expected.output)
    }
  }

  @Test func scoresBackgroundsAndFormats() throws {
    try withFiles { motifkit in
      let bed = try motifkit(
        "scan", "tata.jaspar", "in.fa", "--score", "2.9", "--pseudocount", "0", "--single-strand",
        "--format", "bed", "-q")
      #expect(bed.output == "first\t2\t6\tM1\t24\t+\nsecond\t2\t6\tM1\t13\t+\n")
      // Weights are log-odds against the background: A and T 0.4 give log₂(0.625 / 0.4) = 0.643856 a base.
      try motifkit.write("# bases\nA 0.4\nC 0.1\nG 0.1\nT 0.4\nAA 0.2\n", to: "pairs.txt")
      for background in ["0.4,0.1,0.1,0.4", "4,1,1,4"] {
        let given = try motifkit(
          "scan", "tata.jaspar", "in.fa", "--score", "2.5", "--pseudocount", "0",
          "--background", background, "--no-q-values", "-q", "--single-strand")
        #expect(given.output == Self.header + "M1\tTBP\tfirst\t3\t6\t+\t2.57542\t0.0256\t\tTATA\n")
      }
      let broken = try motifkit("scan", "tata.jaspar", "in.fa", "--background", "pairs.txt")
      #expect(
        broken
          == .init(status: 2, output: "", errors: "motifkit: pairs.txt: gives 1 of the 16 pairs of bases\n"))
      for background in ["input", "input-markov"] {
        let result = try motifkit(
          "scan", "foxo1", "in.fa", "--background", background, "--p-value", "1", "--format", "json", "-q")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(object?["bases"] as? Int == 17 && (object?["hits"] as? [Any])?.count == 0)
      }
    }
  }

  @Test func saysWhenAMotifCannotHit() throws {
    try withFiles { motifkit in
      let result = try motifkit("scan", "tata.jaspar", "in.fa")
      #expect(
        result
          == .init(
            status: 0, output: Self.header,
            errors:
              "1 of 1 motifs cannot be hits: their best words are more common than the p-value asked for\n"
              + "0 hits of 0 of 1 motifs in 17 bases of 2 sequences\n"))
    }
  }

  @Test(arguments: [
    (["--p-value", "0"], "--p-value 0.0: expected a number above 0, at most 1"),
    (["--p-value", "0.1", "--score", "3"], "give --p-value or --score, not both"),
    (["--score", "inf"], "--score inf: expected a finite number"),
    (["--step", "0"], "--step 0.0: expected a number above 0"),
    (["--background", "1,2,3"], "--background 1,2,3: expected four numbers above 0 for A,C,G,T"),
    (["--background", "motifs"], "tata.jaspar: gives no background"),
    (["--background", "nowhere"], "nowhere: cannot be read: no such file or directory"),
    (["--mode", "lite", "--score", "3"], "--mode lite knows p-values under the uniform background only"),
    (["--out", "nowhere/x.tsv"], "nowhere/x.tsv: cannot be written: there is no folder nowhere"),
  ])
  func badUsage(options: [String], message: String) throws {
    try withFiles { motifkit in
      let result = try motifkit.run(["scan", "tata.jaspar", "in.fa"] + options)
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.errors.hasPrefix("motifkit: \(message)") && result.errors.count { $0.isNewline } == 1)
      #expect(try motifkit.files() == ["in.fa", "tata.jaspar"])
    }
  }

  @Test func badSequenceLeavesNoFile() throws {
    try withFiles { motifkit in
      try motifkit.write(">a\nACGT\nAC!T\n", to: "bad.fa")
      let result = try motifkit("scan", "foxo1", "bad.fa", "--out", "hits.tsv")
      #expect(result.status == 2 && result.errors.hasPrefix("motifkit: bad.fa: line 3: "))
      #expect(try motifkit.files() == ["bad.fa", "in.fa", "tata.jaspar"])
    }
  }

  @Test func aClosedPipeIsQuiet() throws {
    try withFiles { motifkit in
      let result = try motifkit.run(
        ["scan", "tata.jaspar", "in.fa", "--p-value", "1", "-q"], output: .closedPipe)
      #expect(result == .init(status: 0, output: "", errors: ""))
    }
  }
}
