import Foundation
import MotifKit
import Testing

/// Commands that divide sequences by chromosome.
@Suite struct ChromosomeCommandTests {
  @Test func trainAndEvaluateOnOtherChromosomes() throws {
    try ToyGenome.withFiles { motifkit in
      let trained = try motifkit.trainToy()
      #expect(trained.status == 0, "\(trained.errors)")
      #expect(
        trained.errors.hasSuffix(
          "96 sequences on 4 chromosomes to train on, 24 sequences on 1 chromosome to validate on, 24 sequences on 1"
            + " chromosome to test on\n"))
      #expect(trained.output.contains("validation_loss"))
      let provenance = try Model(contentsOf: motifkit.folder + "/model.safetensors").metadata.provenance
      #expect(provenance?.chromosomes == ["chr3", "chr4", "chr5", "chr6"])

      // The same in chrombpnet's JSON gives the same network.
      try motifkit.write(
        #"{"train": ["chr3", "chr4", "chr5", "chr6"], "valid": ["chr2"], "test": ["chr1"]}"#, to: "fold.json")
      let folds = try motifkit.run(
        ["train", "--network", "small.json", "--positives", "peaks.narrowPeak", "--negatives", "gc"]
          + ToyGenome.windows + ToyGenome.training + [
            "--folds-json", "fold.json", "--out", "other.safetensors",
          ])
      #expect(folds.output == trained.output)
      #expect(
        try Model(contentsOf: motifkit.folder + "/other.safetensors").network.parameters
          == Model(contentsOf: motifkit.folder + "/model.safetensors").network.parameters)

      func evaluate(_ arguments: String...) throws -> Program.Result {
        try motifkit.run(
          ["evaluate", "model.safetensors", "peaks.narrowPeak", "--genome", "genome.fa"] + arguments)
      }
      // The model says how long windows are.
      let held = try evaluate("--folds-json", "fold.json")
      #expect(
        held.status == 0 && held.errors.hasSuffix("24 of 144 sequences lie on chr1\n"), "\(held.errors)")
      let all = try evaluate()
      #expect(
        all.errors.hasSuffix(
          "96 of 144 sequences lie on chromosomes that the model was trained on; --test-chromosomes measures it on others\n"
        ))
      #expect(held.output != all.output)
    }
  }

  @Test func foldsByChromosome() throws {
    try ToyGenome.withFiles { motifkit in
      let start =
        ["crossval", "--network", "small.json", "--positives", "peaks.narrowPeak", "--negatives", "gc"]
        + ToyGenome.windows + ToyGenome.training + ["--out", "out"]
      /// The chromosomes that each fold holds out.
      func folds() throws -> [String: Set<String>] {
        var folds: [String: Set<String>] = [:]
        for row in try motifkit.table("out/predictions.tsv").dropFirst() {
          folds[row[2], default: []].insert(String(row[0].prefix { $0 != ":" }))
        }
        return folds
      }
      let drawn = try motifkit.run(start + ["--folds", "3"])
      #expect(
        drawn.status == 0 && drawn.errors.hasSuffix("144 sequences on 6 chromosomes\n"), "\(drawn.errors)")
      #expect(try folds().values.flatMap { $0 }.sorted() == ToyGenome.chromosomes)

      for fold in 0..<3 {
        let (test, valid) = ([2 * fold + 1, 2 * fold + 2], [(2 * fold + 2) % 6 + 1])
        let train = (1...6).filter { !test.contains($0) && !valid.contains($0) }
        let parts = [("train", train), ("valid", valid), ("test", test)].map { part, numbers in
          "\"\(part)\": [\(numbers.map { "\"chr\($0)\"" }.joined(separator: ", "))]"
        }
        try motifkit.write("{\(parts.joined(separator: ", "))}", to: "\(fold).json")
      }
      try motifkit.write("chr1\t0\t1\n", to: "blacklist.bed")
      let named = try motifkit.run(
        start + ["--folds-json", "0.json,1.json,2.json", "--blacklist", "blacklist.bed"])
      #expect(named.status == 0, "\(named.errors)")
      #expect(
        try motifkit.inputs("out/run.json") == [
          "peaks.narrowPeak", "0.json", "1.json", "2.json", "small.json", "genome.fa", "blacklist.bed",
        ])
      #expect(try folds() == ["1": ["chr1", "chr2"], "2": ["chr3", "chr4"], "3": ["chr5", "chr6"]])
      let twice = try motifkit.run(start + ["--folds-json", "0.json,0.json"])
      #expect(
        twice.status == 2 && twice.errors.contains("is held out by folds 1 and 2"), "\(twice.errors)")

      let kept = try motifkit.run(start + ["--folds", "2", "--test-chromosomes", "chr1,chr2"])
      #expect(kept.status == 0 && kept.errors.hasSuffix("96 sequences on 4 chromosomes\n"), "\(kept.errors)")
      #expect(try folds().values.flatMap { $0 }.sorted() == ["chr3", "chr4", "chr5", "chr6"])
    }
  }

  /// Before sequences are read, and how well negatives match is nothing that `--strict` refuses.
  @Test func badSplits() throws {
    try ToyGenome.withFiles { motifkit in
      let train =
        ["train", "--network", "small.json", "--positives", "peaks.narrowPeak", "--negatives", "gc"]
        + ToyGenome.windows + ToyGenome.training + ["--strict", "--out", "model.safetensors"]
      for (json, reason) in [
        (
          "[1]",
          #"is no split; expected {"train": […], "valid": […], "test": […]} with names of chromosomes"#
        ),
        (
          #"{"train": ["chr1"], "valid": ["chr1"], "test": []}"#,
          "the chromosome chr1 stands in the split twice"
        ),
        (String(repeating: " ", count: 17 << 20), "has more than 16 MB"),
      ] {
        try motifkit.write(json, to: "fold.json")
        let result = try motifkit.run(train + ["--folds-json", "fold.json"])
        #expect(result.status == 2 && result.errors == "motifkit: fold.json: \(reason)\n", "\(result.errors)")
      }
      let both = try motifkit.run(
        train + ["--test-chromosomes", "chr1", "--validation-chromosomes", "chr2,chr1"])
      #expect(
        both.errors == "motifkit: the chromosome chr1 stands in the split twice\n", "\(both.errors)")
      let fine = try motifkit.run(train + ["--test-chromosomes", "chr1"])
      #expect(
        fine.status == 0
          && fine.errors.hasPrefix("genome.fa: 72 negatives for 72 positives; KS distance of GC content"),
        "\(fine.errors)")
    }
  }

  @Test func searchKeepsChromosomesForTheWinner() throws {
    try ToyGenome.withFiles { motifkit in
      let result = try motifkit.run(
        ["search", "--network", "small.json", "--positives", "peaks.narrowPeak", "--negatives", "gc"]
          + ToyGenome.windows + [
            "--epochs", "2", "--trials", "2", "--folds", "2", "--test-chromosomes", "chr1",
          ]
          + ["--out", "out", "--format", "json"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("120 sequences on 5 chromosomes to train on, 24 sequences on 1"))
      #expect(result.errors.hasSuffix("120 sequences on 5 chromosomes\n"))
    }
  }

  /// The whole study of peaks: what it divides, what it says of composition and of known motifs.
  @Test func study() throws {
    try ToyGenome.withFiles { motifkit in
      let result = try motifkit.run(
        [
          "run", "peaks.narrowPeak", "--genome", "genome.fa", "--window", ToyGenome.window, "--negatives",
          "gc",
        ]
          + ["--networks", "small.json", "--database", "known.jaspar", "--epochs", "3", "--out", "study"]
          + ["--test-chromosomes", "chr1,chr2", "--validation-chromosomes", "chr3"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        try motifkit.inputs("study/run.json").sorted() == [
          "genome.fa", "known.jaspar", "peaks.narrowPeak", "small.json",
        ])
      #expect(
        result.output.contains("enriched in positives : negatives: GATTACA (100 % : "), "\(result.output)")
      #expect(result.output.contains("dinucleotides alone: AUROC 0."))
      func chromosomes(_ set: String) throws -> Set<String> {
        Set(
          try motifkit.table("study/data/\(set).tsv").dropFirst().map { String($0[0].prefix { $0 != ":" }) })
      }
      #expect(try chromosomes("test") == ["chr1", "chr2"] && chromosomes("validation") == ["chr3"])
      #expect(try chromosomes("train") == ["chr4", "chr5", "chr6"])
      let enrichment = try motifkit.table("study/tables/enrichment.tsv")
      #expect(enrichment.count == 2 && enrichment[1][..<3] == ["M1", "GATTACA", "GATTACA"])
      let distance = try #require(enrichment[0].firstIndex(of: "median_distance"))
      // The site's middle is half a base beside the window's.
      #expect(enrichment[1][distance] == "0.5")
      let composition = try motifkit.table("study/tables/composition.tsv")
      #expect(composition.count == 18 && composition[1][0] == "G and C" && composition[17][0] == "TT")
      #expect(abs(composition[2...].reduce(0) { $0 + Double($1[1])! } - 1) < 0.002)
      let page = try motifkit.read("study/index.html")
      #expect(page.contains("Which known motifs are there?") && page.contains("chr1 and chr2 are held out"))
      #expect(!page.contains("planted") && !page.contains("Best possible"))
    }
  }

  @Test func optionsThatDoNotGoTogether() throws {
    try ToyGenome.withFiles { motifkit in
      #expect(try motifkit.trainToy().status == 0)
      func error(_ arguments: String...) throws -> String {
        let result = try motifkit.run(arguments)
        #expect(result.status == 2 && result.output.isEmpty)
        return result.errors
      }
      #expect(
        try error(
          "evaluate", "model.safetensors", "peaks.narrowPeak", "--genome", "genome.fa", "--test-chromosomes",
          "7"
        ).hasSuffix(
          "motifkit: peaks.narrowPeak: no sequence lies on the chromosomes for test (7); there are chr1, chr2, chr3, chr4, chr5,"
            + " chr6\n"))
      #expect(
        try error("run", "--test-chromosomes", "chr1").contains("chromosomes need FILES or --positives"))
      #expect(
        try error(
          "evaluate", "model.safetensors", "peaks.narrowPeak", "--folds-json", "a.json", "--test-chromosomes",
          "chr1"
        ).contains("leave out --test- and --validation-chromosomes"))
      try motifkit.write(
        "seq,label\n" + String(repeating: "A", count: 40) + ",1\n" + String(repeating: "C", count: 40)
          + ",0\n", to: "plain.csv")
      #expect(
        try error("evaluate", "model.safetensors", "plain.csv", "--test-chromosomes", "chr1")
          .contains("has no chromosome in its name"))
    }
  }
}
