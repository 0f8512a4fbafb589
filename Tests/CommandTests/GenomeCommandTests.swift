import Foundation
import MotifKit
import Testing

@Suite struct GenomeCommandTests {
  /// GAT at 9 of chr1, which the toy network looks for; chr2 has none.
  static let genome = ">chr1\nCCCCCCCCCGATCCCCCCCC\n>chr2\nCACACACACACACACACACANNNNNNNNNN\n"
  static let vcf = """
    ##fileformat=VCFv4.2
    ##contig=<ID=chr1,length=20>
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
    chr1\t11\trs1\tA\tC,<DEL>\t.\t.\t.
    chr1\t11\trs2\tC\tA\t.\t.\t.
    chr1\t11\t.\tG\tC\t.\t.\t.
    chr1\t12\tins\tT\tTGAT\t.\t.\t.
    chr1\t2\tend\tC\tA\t.\t.\t.

    """

  private func withFiles(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try motifkit.write(Self.genome, to: "genome.fa")
      try motifkit.write(Self.vcf, to: "in.vcf")
      try Model(ToyData.model()).write(to: motifkit.folder + "/model.safetensors")
      try body(motifkit)
    }
  }

  @Test func cutsWindows() throws {
    try withFiles { motifkit in
      try motifkit.write("track name=x\nchr1\t8\t12\tp\nchr1\t0\t2\tq\nchr2\t16\t25\tr\n", to: "peaks.bed")
      let fasta = try motifkit(
        "extract", "peaks.bed", "--genome", "genome.fa", "--window", "6", "--both-strands", "--out", "out.fa")
      #expect(fasta.status == 0 && fasta.output.isEmpty)
      #expect(
        fasta.errors
          == "windows of 1 of 3 intervals; left out: 1 beyond a chromosome's end, 1 with too many unknown bases\n"
      )
      #expect(try motifkit.read("out.fa") == ">chr1:7-13(+)\nCCGATC\n>chr1:7-13(-)\nGATCGG\n")
      let table = try motifkit(
        "extract", "peaks.bed", "--genome", "genome.fa", "--window", "3", "--max-n", "0.01", "--negatives",
        "tangermeme", "--out", "out.tsv", "-q")
      #expect(table == .init(status: 0, output: "", errors: ""))
      let lines = try motifkit.read("out.tsv").split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(lines[0] == ["name", "sequence", "label"] && lines[1] == ["chr1:9-12", "GAT", "1"])
      #expect(lines.dropFirst().contains { $0[2] == "0" })
      // What the table says of windows is a table that can be learned from, and names carry coordinates.
      let evaluated = try motifkit("evaluate", "model.safetensors", "out.tsv")
      #expect(evaluated.status == 2 && evaluated.errors.contains("5"))
    }
  }

  /// As from a file, though standard input can be read once only; blanks set columns apart too.
  @Test(arguments: ["\t", " "]) func intervalsOfStandardInput(separator: String) throws {
    try withFiles { motifkit in
      let bed = "chr1 8 12 p\nchr1 4 9 q\n".replacingOccurrences(of: " ", with: separator)
      try motifkit.write(bed, to: "peaks.bed")
      func predict(_ file: String) throws -> Program.Result {
        try motifkit(
          "predict", "model.safetensors", file, "--genome", "genome.fa", "--window", "5", input: bed)
      }
      let expected = try predict("peaks.bed")
      #expect(expected.status == 0 && expected.output.contains("chr1:8-13"))
      #expect(try predict("-") == expected)
    }
  }

  @Test("signal is for what learns or measures it") func signalWithoutMeaning() throws {
    try withFiles { motifkit in
      try motifkit.write("chr1\t8\t12\tp\n", to: "peaks.bed")
      let windows = ["--genome", "genome.fa", "--window", "5"]
      for command in [
        ["scan", "foxo1", "peaks.bed"], ["predict", "model.safetensors", "peaks.bed"],
        ["shuffle", "peaks.bed"], ["run", "peaks.bed", "--out", "study"],
      ] {
        let result = try motifkit.run(command + windows + ["--signal", "a.bw"])
        #expect(
          result.status == 2
            && result.errors.hasPrefix("motifkit: unknown option '--signal' (see motifkit \(command[0])"),
          "\(result.errors)")
      }
      let evaluate = ["evaluate", "model.safetensors", "peaks.bed"]
      for signal in [",", "a.bw,"] {
        #expect(
          try motifkit.run(evaluate + windows + ["--signal", signal]).errors.hasPrefix(
            "motifkit: --signal \(signal): a file has no name"))
      }
      #expect(
        try motifkit.run(evaluate + ["--signal", "a.bw"]).errors.hasPrefix(
          "motifkit: --signal needs --genome"))
    }
  }

  @Test("signal of fewer chromosomes or of another assembly is said") func strangeSignal() throws {
    try withFiles { motifkit in
      try motifkit.write("chr1\t8\t12\tp\nchr2\t8\t12\tq\n", to: "peaks.bed")
      try motifkit.write(">chr1\n\(String(repeating: "A", count: 90))\n", to: "other.fa")
      var track = SignalTrack(chromosomes: try Genome(path: motifkit.folder + "/other.fa").chromosomes)
      track.add(2, at: GenomicLocation(chromosome: "chr1", start: 0, end: 90))
      try track.write(to: motifkit.folder + "/one.bw")
      let extract = [
        "extract", "peaks.bed", "--genome", "genome.fa", "--window", "4", "--signal", "one.bw", "--out",
        "out.tsv",
      ]
      let result = try motifkit.run(extract)
      #expect(result.status == 0)
      #expect(
        result.errors.contains(
          "one.bw: chr1 has 90 bases, in genome.fa 20: it may be of another assembly\n"))
      #expect(result.errors.contains("one.bw: has no chr2; the signal of 1 window there is 0\n"))
      #expect(try motifkit.read("out.tsv").hasSuffix("\t8.0\nchr2:8-12\tCACA\t0.0\n"))
      let strict = try motifkit.run(extract + ["--strict"])
      #expect(strict.status == 2 && strict.errors.hasPrefix("motifkit: one.bw: "))
    }
  }

  @Test("a blacklist that names chromosomes in another way is refused") func foreignBlacklist() throws {
    try withFiles { motifkit in
      try motifkit.write("chr1\t8\t12\tp\n", to: "peaks.bed")
      try motifkit.write("1\t0\t5\n", to: "list.bed")
      let result = try motifkit(
        "extract", "peaks.bed", "--genome", "genome.fa", "--window", "4", "--blacklist", "list.bed", "--out",
        "out.fa")
      #expect(result.status == 2)
      #expect(
        result.errors
          == "motifkit: list.bed: there is no chromosome 1 in genome.fa, which calls it chr1; the names must be the same\n"
      )
    }
  }

  @Test func saysWhatIsWrong() throws {
    try withFiles { motifkit in
      try motifkit.write("1\t8\t12\n", to: "peaks.bed")
      func errors(_ arguments: String...) throws -> String {
        let result = try motifkit.run(["extract"] + arguments)
        #expect(result.status == 2 && result.output.isEmpty)
        return result.errors
      }
      #expect(
        try errors("peaks.bed", "--genome", "genome.fa", "--window", "6", "--out", "a.fa")
          == "motifkit: peaks.bed: line 1: there is no chromosome 1 in genome.fa, which calls it chr1; the names must be the same\n"
      )
      #expect(try errors("peaks.bed", "--window", "6", "--out", "a.fa").contains("--genome"))
      #expect(
        try errors("peaks.bed", "--blacklist", "peaks.bed", "--out", "a.fa").contains("need --genome"))
      #expect(
        try errors(
          "peaks.bed", "--genome", "genome.fa", "--window", "6", "--negatives", "gkmsvm", "--out", "a.fa"
        ).contains("FASTA has no labels"))
      #expect(try motifkit.files().contains("a.fa") == false)
    }
  }

  /// The toy network answers twice the letters of GAT in the window, less 4. The insertion is cut at the end of the window of
  /// five: GATGA has GAT (2), its reverse complement TCATC two letters of it (0).
  @Test func effectsOfVariants() throws {
    try withFiles { motifkit in
      let result = try motifkit(
        "variants", "model.safetensors", "in.vcf", "--genome", "genome.fa", "--out", "out.tsv")
      #expect(result.status == 0)
      #expect(
        result.errors
          == "3 variants of 5 records, 1 record with reference and alternative swapped; left out: 1 record whose"
          + " alleles are not the genome's, 1 allele without a sequence, 1 variant beyond a chromosome's end\n"
      )
      #expect(
        try motifkit.read("out.tsv") == """
          chrom\tpos\tid\tref\talt\tswapped\treference\talternative\teffect
          chr1\t11\trs1\tA\tC\tno\t2.0\t0.0\t-2.0
          chr1\t11\trs2\tA\tC\tyes\t2.0\t0.0\t-2.0
          chr1\t12\tins\tT\tTGAT\tno\t2.0\t1.0\t-1.0

          """)
      let two = try motifkit(
        "variants", "model.safetensors,model.safetensors", "in.vcf", "--genome", "genome.fa", "--effect",
        "probability", "--out", "two.tsv", "-q")
      #expect(two.status == 0, "\(two.errors)")
      let rows = try motifkit.read("two.tsv").split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(rows[0].suffix(4) == ["reference", "alternative", "effect", "spread"])
      // σ(0) − σ(2)
      #expect(rows[1][8].hasPrefix("-0.380797") && Float(rows[1][9])! < 1e-6)
    }
  }

  /// A point for an allele is none, as are symbols; where nothing is left to score nothing is written.
  @Test func missingAlleles() throws {
    try withFiles { motifkit in
      let header = Self.vcf.split(separator: "\n").prefix(3).joined(separator: "\n")
      let absent = ["chr1\t11\trs1\t.\tC", "chr1\t11\trs1\tA\t.", "chr1\t11\trs1\tA\t*,<DEL>"]
      for record in absent {
        try motifkit.write("\(header)\n\(record)\t.\t.\t.\n", to: "in.vcf")
        for out in ["out.tsv", "out.vcf"] {
          let result = try motifkit(
            "variants", "model.safetensors", "in.vcf", "--genome", "genome.fa", "--out", out, "--figures",
            "figures")
          #expect(
            result.status == 2
              && result.errors.hasPrefix("motifkit: in.vcf: has no variant to score: 0 variants of 1 record"),
            "\(result.errors)")
        }
      }
      #expect(try !motifkit.files().contains { $0.hasPrefix("out") || $0.hasPrefix("figures") })
    }
  }

  /// The middle of each sequence, and where it lies in the genome; on the other strand counted from the other end.
  @Test func middlesOfSequences() throws {
    try withFiles { motifkit in
      let whole = ["AGATG", "TTGATGAC", "CCATCGAGA"], middles = ["AGATG", "TGATG", "ATCGA"]
      let names = [("a", "a"), ("p::chr1:10-18(+)", "p::chr1:11-16(+)"), ("chr1:10-19(-)", "chr1:12-17(-)")]
      func fasta(_ names: [String], _ texts: [String]) -> String {
        zip(names, texts).map { ">\($0)\n\($1)\n" }.joined()
      }
      try motifkit.write(fasta(names.map(\.0), whole), to: "whole.fa")
      try motifkit.write(fasta(names.map(\.1), middles), to: "middles.fa")
      let cut = try motifkit("predict", "model.safetensors", "whole.fa", "--length", "5")
      let expected = try motifkit("predict", "model.safetensors", "middles.fa")
      #expect(cut.status == 0 && cut == expected && cut.output.contains("chr1:12-17(-)"), "\(cut)")
      let short = try motifkit("scan", "foxo1", "whole.fa", "--length", "6")
      #expect(
        short.status == 2
          && short.errors
            == "motifkit: whole.fa: line 1: the sequence has 5 bases, fewer than the 6 of --length\n"
      )
      try motifkit.write("chr1\t8\t12\n", to: "peaks.bed")
      let peaks = try motifkit(
        "predict", "model.safetensors", "peaks.bed", "--genome", "genome.fa", "--length", "5")
      #expect(peaks.status == 2 && peaks.errors.contains("--length is for sequences"))
    }
  }

  @Test func annotatedVariants() throws {
    try withFiles { motifkit in
      try motifkit.write(">M1 GAT\nA [0 9 0]\nC [0 0 0]\nG [9 0 0]\nT [0 0 9]\n", to: "gat.jaspar")
      let result = try motifkit(
        "variants", "model.safetensors", "in.vcf", "--genome", "genome.fa", "--motifs", "gat.jaspar",
        "--p-value",
        "0.02", "--out", "out.vcf", "-q")
      #expect(result == .init(status: 0, output: "", errors: ""))
      let lines = try motifkit.read("out.vcf").split(separator: "\n")
      #expect(
        lines.contains(
          "##INFO=<ID=MOTIFKIT,Number=.,Type=String,Description=\"Effect of each alternative allele (logit):"
            + " allele|effect|made|broken\">"))
      let records = lines.filter { !$0.hasPrefix("#") }
      #expect(
        records.map { String($0.split(separator: "\t")[7]) } == [
          "MOTIFKIT=C|-2.0|.|M1", "MOTIFKIT=C|-2.0|.|M1", ".", "MOTIFKIT=TGAT|-1.0|.|.", ".",
        ])
    }
  }

  /// Every other A stands alone between Ts, TTATT or TTACC: with C instead, one of the two strands loses a letter of GAT, an
  /// effect of −1, where the variant in GAT has −2.
  @Test func effectsAgainstOtherPlaces() throws {
    try withProgram { motifkit in
      let chromosome =
        String(repeating: "TTTTTA", count: 10) + "CCCGATCCC" + String(repeating: "TTTTTA", count: 10)
      try motifkit.write(">chr1\n\(chromosome)\n", to: "genome.fa")
      let record = "chr1\t65\trs1\tA\tC\t.\t.\t.\nchr1\t12\trs2\tA\tC\t.\t.\t.\n"
      let header = Self.vcf.split(separator: "\n").prefix(3).joined(separator: "\n")
        .replacingOccurrences(of: "length=20", with: "length=\(chromosome.utf8.count)")
      try motifkit.write(header + "\n" + record, to: "in.vcf")
      try Model(ToyData.model()).write(to: motifkit.folder + "/model.safetensors")
      let arguments = [
        "variants", "model.safetensors", "in.vcf", "--genome", "genome.fa", "--null", "99", "-q",
      ]
      #expect(try motifkit.run(arguments + ["--out", "out.tsv"]) == .init(status: 0, output: "", errors: ""))
      let rows = try motifkit.table("out.tsv")
      #expect(rows[0].suffix(2) == ["effect", "p_value"])
      #expect(rows[1][8] == "-2.0" && rows[2][8] == "-1.0")
      // rs2's null holds rs1's place at times; all others are as large as its own effect.
      let (first, second) = (try #require(Double(rows[1][9])), try #require(Double(rows[2][9])))
      #expect(first < 0.2 && first >= 0.01 && second == 1)
      #expect(try motifkit.run(arguments + ["--out", "again.tsv", "--threads", "1"]).status == 0)
      #expect(try motifkit.read("again.tsv") == motifkit.read("out.tsv"))
      // Where no other place has the base, that is said.
      try motifkit.write(Self.genome, to: "small.fa")
      let only = Self.vcf.split(separator: "\n").prefix(3) + ["chr1\t11\trs1\tA\tC\t.\t.\t."]
      try motifkit.write(only.joined(separator: "\n") + "\n", to: "in.vcf")
      let none = try motifkit.run(
        arguments.map { $0 == "genome.fa" ? "small.fa" : $0 } + ["--out", "none.tsv"])
      #expect(
        none.status == 2
          && none.errors == "motifkit: no other place near the variants has the bases that they change\n",
        "\(none.errors)")
      #expect(try !motifkit.files().contains("none.tsv"))
    }
  }

  @Test func picturesOfTheLargestEffects() throws {
    try withFiles { motifkit in
      let result = try motifkit(
        "variants", "model.safetensors", "in.vcf", "--genome", "genome.fa", "--out", "out.tsv", "--figures",
        "figures", "-q")
      #expect(result == .init(status: 0, output: "", errors: ""))
      let names = ["01-chr1-11-A-C", "02-chr1-11-A-C", "03-chr1-12-T-TGAT"]
      #expect(
        try motifkit.files().filter { $0.hasPrefix("figures/") }
          == names.flatMap { ["figures/\($0).png", "figures/\($0).svg"] })
      let picture = try motifkit.read("figures/03-chr1-12-T-TGAT.svg")
      #expect(picture.contains("Attributions of the bases around chr1:12:T&gt;TGAT"))
    }
  }

  @Test func hitsInGenomeCoordinates() throws {
    try withFiles { motifkit in
      try motifkit.write(">M1 GAT\nA [0 9 0]\nC [0 0 0]\nG [9 0 0]\nT [0 0 9]\n", to: "gat.jaspar")
      try motifkit.write("chr1\t8\t12\n", to: "peaks.bed")
      let expected = "chr1\t9\t12\tM1\t18\t+\nchr1\t10\t13\tM1\t18\t-\n"
      let arguments = ["--p-value", "0.02", "--format", "bed", "-q"]
      let whole = try motifkit.run(["scan", "gat.jaspar", "genome.fa"] + arguments)
      #expect(whole.output == expected && whole.status == 0, "\(whole.errors)")
      let peaks = try motifkit.run(
        ["scan", "gat.jaspar", "peaks.bed", "--genome", "genome.fa", "--window", "8"] + arguments)
      #expect(peaks.output == expected, "\(peaks.errors)")
      // Windows that were cut out and read on the other strand come back to the same places.
      try motifkit.write(">chr1:7-14(-)\nGGATCGG\n", to: "windows.fa")
      let names = try motifkit.run(["scan", "gat.jaspar", "windows.fa"] + arguments)
      #expect(Set(names.output.split(separator: "\n")) == Set(expected.split(separator: "\n")))
    }
  }
}
