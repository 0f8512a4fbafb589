import Foundation
import MotifKit
import Testing

/// Results in the coordinates of a genome, and the other commands that take intervals.
@Suite struct TrackCommandTests {
  private func tracks(_ path: String, _ motifkit: Program) throws -> BigWig {
    try BigWig(path: motifkit.folder + "/" + path)
  }

  @Test func predictions() throws {
    try ToyGenome.withFiles { motifkit in
      #expect(try motifkit.trainToy().status == 0)
      let start = ["predict", "model.safetensors", "peaks.narrowPeak", "--genome", "genome.fa"]
      let table = try motifkit.run(start)
      let rows = table.output.split(separator: "\n").dropFirst().map {
        $0.split(separator: "\t").map(String.init)
      }
      #expect(rows.count == 72 && rows[0][0] == "chr1:280-320")
      let file = try motifkit.run(start + ["--out", "out.tsv"])
      #expect(file.status == 0 && file.output.isEmpty)
      #expect(try motifkit.read("out.tsv") == table.output)
      #expect(try motifkit.run(start + ["--out", "out.bed"]).status == 0)
      let bed = try motifkit.table("out.bed")
      #expect(bed.count == 72 && bed[0][..<4] == ["chr1", "280", "320", "chr1:280-320"])
      let probability = try #require(Float(rows[0][1]))
      #expect(bed[0][4] == "\(Int((1000 * probability).rounded()))" && bed[0][6] == rows[0][1])
      #expect(try motifkit.run(start + ["--out", "out.bw"]).status == 0)
      let values = try tracks("out.bw", motifkit).values(279..<321, of: "chr1")
      #expect(values == [0] + [Float](repeating: probability, count: 40) + [0])
      #expect(try motifkit.run(start + ["--out", "out.bedgraph"]).status == 0)
      #expect(try motifkit.table("out.bedgraph")[0] == ["chr1", "280", "320", rows[0][1]])
    }
  }

  @Test func contributions() throws {
    try ToyGenome.withFiles { motifkit in
      #expect(try motifkit.trainToy().status == 0)
      let start =
        [
          "explain", "model.safetensors", "peaks.narrowPeak", "--genome", "genome.fa", "--method",
          "mutagenesis",
        ]
      #expect(try motifkit.run(start + ["--out", "out.npz"]).status == 0)
      let track = try motifkit.run(start + ["--out", "out.bw"])
      #expect(track.status == 0 && track.output == "72 sequences explained\n", "\(track.errors)")
      let arrays = try NPZFile.read(path: motifkit.folder + "/out.npz")
      let scores = try #require(arrays["attributions"]?.floats)
      let oneHot = try #require(arrays["sequences"]?.floats)
      // Of the base that is there, in the first window.
      let expected = (0..<40).map { position in
        (0..<4).reduce(Float(0)) { $0 + scores[$1 * 40 + position] * oneHot[$1 * 40 + position] }
      }
      #expect(try tracks("out.bw", motifkit).values(280..<320, of: "chr1") == expected)
      let bed = try motifkit.run(start + ["--out", "out.bed"])
      #expect(bed.status == 2 && bed.errors.contains("a value for each base is no BED"))
    }
  }

  /// Each reads the windows of the intervals as it reads other sequences.
  @Test(arguments: [
    ["filters", "model.safetensors", "peaks.narrowPeak", "--out", "out"],
    ["redundancy", "model.safetensors", "peaks.narrowPeak", "--out", "out"],
    ["discover", "model.safetensors", "peaks.narrowPeak", "--out", "out"],
    ["audit", "model.safetensors", "peaks.narrowPeak", "--motif", "none", "--test-chromosomes", "chr1,chr2"],
    ["scan", "known.jaspar", "peaks.narrowPeak", "--out", "out.bed"],
  ])
  func intervalsForEveryCommand(arguments: [String]) throws {
    try ToyGenome.withFiles { motifkit in
      #expect(try motifkit.trainToy().status == 0)
      let window = arguments[0] == "scan" ? ["--window", "40"] : []
      let result = try motifkit.run(arguments + ["--genome", "genome.fa"] + window)
      // An audit may say no.
      #expect(result.status == 0 || (arguments[0] == "audit" && result.status == 1), "\(result.errors)")
      switch arguments[0] {
      case "scan":
        let sites = try motifkit.table("out.bed").filter { $0[3] == "M1" && $0[5] == "+" }
        #expect(sites.count >= 72 && sites[0][..<3] == ["chr1", "297", "304"])
      case "audit": #expect(result.errors.contains("48 of 144 sequences lie on chr1, chr2"))
      case "discover":
        for row in try motifkit.table("out/hits.bed") {
          #expect(row[0].hasPrefix("chr") && !row[0].contains(":"))
        }
      default: #expect(try motifkit.files().contains { $0.hasPrefix("out/") })
      }
      let without = try motifkit.run(arguments.map { $0 == "out" ? "other" : $0 })
      #expect(without.status == 2)
    }
  }

  @Test func tracksNeedAGenome() throws {
    try ToyGenome.withFiles { motifkit in
      #expect(try motifkit.trainToy().status == 0)
      #expect(
        try motifkit.run(
          ["extract", "peaks.narrowPeak", "--out", "peaks.fa"] + ToyGenome.windows
        ).status == 0)
      let predicted = try motifkit("predict", "model.safetensors", "peaks.fa", "--out", "out.bw")
      #expect(predicted.status == 2 && predicted.errors.contains("name it with --genome"))
      let scanned = try motifkit("scan", "known.jaspar", "peaks.fa", "--out", "out.bw")
      #expect(scanned.status == 2 && scanned.errors.contains("hits are written as BED"))
      #expect(try !motifkit.files().contains("out.bw"))
    }
  }
}
