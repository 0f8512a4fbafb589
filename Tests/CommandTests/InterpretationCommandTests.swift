import Foundation
import MotifKit
import Testing

/// filters, redundancy, prune and explain, on the toy network that looks for GAT.
@Suite struct InterpretationCommandTests {
  private func withToys(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try Model(ToyData.model()).write(to: "\(motifkit.folder)/toy.safetensors")
      try motifkit.write(ToyData.table, to: "toy.csv")
      try motifkit.write(ToyData.fasta, to: "toy.fa")
      try body(motifkit)
    }
  }

  /// Above half of 3 lie GAT, GAT and GAC; 13 hits in 15 windows, 8 of them with any.
  @Test func filtersOfTheToy() throws {
    try withToys { motifkit in
      let result = try motifkit("filters", "toy.safetensors", "toy.csv", "--out", "out/filters")
      #expect(result.status == 0 && result.errors.isEmpty)
      let lines = result.output.split(separator: "\n")
      #expect(
        lines[0]
          == "half-max: 1 of 1 filters have a motif, 0 match one of FOXO1 (E ≤ 0.05, 5 bits or more)")
      // Its match means nothing, so it is given no name.
      #expect(lines[1].hasPrefix("  filter0    GAT   5.08 bits  no match"))
      #expect(lines[2].hasPrefix("null distribution: ") && lines[2].contains("synthetic"))
      let table = try motifkit.read("out/filters/filters.tsv").split(separator: "\n")
      #expect(
        table[0]
          == "filter\tconsensus\tinformation_content\tsites\tmaximum\tmean\tfraction_active\tdead\tduplicate_of"
          + "\tbest_match\tp\tE\tq\toffset\toverlap\torientation\tauroc\tenrichment_p\tenrichment_q\tcentral_p"
          + "\tcentral_width\tcentral_hits\thits\trule\tbest_match_name")
      #expect(table[1].hasPrefix("filter0\tGAT\t5.08\t3\t3.000\t0.8667\t0.5333\t\t\t\t0.889\t"))
      // GAT twice beats both negatives; TTTTT (AAA) scores as CCCCC (GGG) does and less than GACCC.
      let cells = table[1].split(separator: "\t", omittingEmptySubsequences: false)
      #expect(cells[16] == "0.7500" && cells[23] == "half-max")
      let motifs = try MotifFile.read(path: "\(motifkit.folder)/out/filters/filters.meme")
      #expect(motifs.motifs.map(\.identifier) == ["filter0"] && motifs.motifs[0].sites == 3)
      let third = Float(2) / 3
      #expect(abs(Float(motifs.motifs[0].frequencies[2, 3]) - third) < 1e-5)
      // 3 A, 10 C, 3 G, 9 T and one each.
      #expect(abs(motifs.background![1] - 11.0 / 29) < 1e-4)
      #expect(
        try motifkit.files().filter { $0.hasPrefix("out/") }
          == [
            "out/filters/filters.meme", "out/filters/filters.tsv", "out/filters/heatmap.png",
            "out/filters/logos/filter0.png", "out/filters/run.json",
          ])
      let again = try motifkit("filters", "toy.safetensors", "toy.csv", "--out", "again", "--threads", "1")
      #expect(again.output == result.output)
      #expect(try motifkit.bytes("again/filters.meme") == motifkit.bytes("out/filters/filters.meme"))
    }
  }

  @Test func allRulesSideBySide() throws {
    try withToys { motifkit in
      let result = try motifkit(
        "filters", "toy.safetensors", "toy.fa", "--out", "out", "--rule", "all", "--database", "foxo1",
        "--format",
        "json")
      #expect(result.status == 0)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let rows = try #require(object["filters"] as? [[String: Any]])
      #expect(rows.map { $0["rule"] as? String } == FilterMotifRule.all.map(\.name))
      // No labels.
      #expect(rows.allSatisfy { $0["auroc"] is NSNull && $0["central_p"] is NSNull })
      let rules = try motifkit.read("out/rules.tsv").split(separator: "\n")
      #expect(
        rules.count == 2 && rules[0].hasPrefix("filter\tconsensus_half-max\tinformation_content_half-max\t"))
      #expect(rules[1].hasPrefix("filter0\tGAY\t"))
      #expect(try motifkit.files().contains("out/rules.png") && motifkit.files().contains("out/rules.svg"))
      // Basset wants ten sites.
      #expect(rows.map { $0["consensus"] as? String } == ["GAY", "", "GAY", "GAT", "GAT"])
      for rule in FilterMotifRule.all {
        #expect(try motifkit.files().contains("out/filters.\(rule.name).meme"))
      }
    }
  }

  /// Three filters hold GATTACA, each elsewhere and one on the other strand; a fourth holds something else, a fifth nothing.
  @Test func clustersOfFilters() throws {
    try withProgram { motifkit in
      let words = ["GATTACANN", "NNGATTACA", "NTGTAATCN", "CCTCCTCCT", "NNNNNNNNN"]
      var network = Network(input: .dna(length: 20)) {
        Convolution1D(filters: 5, kernelSize: 9, activation: .relu)
        GlobalMaxPooling1D()
        Dense(1)
      }
      for (filter, word) in words.enumerated() {
        for (position, code) in Nucleotide.codes(word)!.enumerated() {
          for base in 0..<4 {
            network.parameters[(position * 4 + base) * 5 + filter] = Int(code) == base ? 1 : 0
          }
        }
      }
      try Model(network).write(to: "\(motifkit.folder)/net.safetensors")
      try motifkit.write(ToyData.training(count: 40), to: "train.tsv")
      let result = try motifkit(
        "filters", "net.safetensors", "train.tsv", "--out", "out", "--rule", "exact-p", "--clusters")
      #expect(result.status == 0 && result.errors.isEmpty)
      let rows = try motifkit.read("out/clusters.tsv").split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false)
      }
      #expect(
        rows[0].joined(separator: " ")
          == "cluster filters members consensus information_content best_match p auroc best_match_name")
      #expect(rows.count == 3 && rows[1][..<2] == ["cluster1", "3"] && rows[2][..<2] == ["cluster2", "1"])
      // Where GATTACA, or TGTAATC, begins in the merged motif.
      let consensus = String(rows[1][3])
      let members = rows[1][2].split(separator: ",").map { $0.split(separator: ":") }
      #expect(members.map { $0[0] } == ["filter0", "filter1", "filter2"])
      #expect(members[0][2] == members[1][2] && members[0][2] != members[2][2])
      let shown = members[0][2] == "+" ? "GATTACA" : "TGTAATC"
      #expect(consensus.contains(shown))
      let place = consensus.distance(
        from: consensus.startIndex, to: consensus.firstRange(of: shown)!.lowerBound)
      let inside = members[0][2] == "+" ? [0, 2, 1] : [2, 0, 1]
      #expect(members.map { Int($0[1])! } == inside.map { place - $0 })
      #expect(rows[2][3] == "CCTCCTCCT")
      // GATTACA stands in the middle of the positives.
      #expect(rows[1][7] == "1.0000")
      let merged = try MotifFile.read(path: "\(motifkit.folder)/out/clusters.meme").motifs
      #expect(merged.map(\.identifier) == ["cluster1", "cluster2"])
      let tree = try motifkit.read("out/clusters.nwk")
      #expect(
        (0..<4).allSatisfy { tree.contains("filter\($0):") } && !tree.contains("filter4")
          && tree.hasSuffix(";\n"))
      #expect(
        try motifkit.files().contains("out/clusters.png") && motifkit.files().contains("out/clusters.svg"))
      // Nothing with five bits.
      let none = try motifkit(
        "filters", "net.safetensors", "train.tsv", "--out", "none", "--rule", "top-100000", "--clusters")
      #expect(none.status == 0)
    }
  }

  /// From training to the pictures of its epochs, for the second convolution too.
  @Test func historyOfFilters() throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 60), to: "train.tsv")
      try motifkit.write(
        """
        {"layers": [{"type": "convolution1D", "filters": 3, "kernelSize": 5, "activation": "relu"},
        {"type": "maxPooling1D", "size": 2}, {"type": "convolution1D", "filters": 2, "kernelSize": 3, "activation":
        "relu"}, {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
        """, to: "net.json")
      let train = ["train", "--network", "net.json", "--train", "train.tsv", "--out", "net.safetensors"]
      #expect(try motifkit.run(train + ["--epochs", "4", "--save-weights", "each-epoch"]).status == 0)
      // What a longer run left behind is passed over.
      #expect(try motifkit.run(train + ["--epochs", "3", "--save-weights", "each-epoch"]).status == 0)
      let result = try motifkit("filters", "net.safetensors", "train.tsv", "--out", "out", "--history")
      #expect(result.status == 0 && result.errors.isEmpty)
      let history = try motifkit.read("out/history.tsv").split(separator: "\n")
      #expect(
        history[0]
          == "epoch\tfilter\tconsensus\tinformation_content\tsites\tbest_match\tp\tauroc\tbest_match_name")
      #expect(
        history.dropFirst().map { $0.prefix(9) }
          == (0...3).flatMap { e in (0..<3).map { "\(e)\tfilter\($0)" } })
      // The last epoch is the model.
      let table = try motifkit.read("out/filters.tsv").split(separator: "\n").dropFirst()
      for (row, last) in zip(table, history.suffix(3)) {
        let (row, last) = (
          row.split(separator: "\t", omittingEmptySubsequences: false),
          last.split(separator: "\t", omittingEmptySubsequences: false)
        )
        #expect([0, 1, 2, 3, 9, 10, 16, 24].map { row[$0] } == Array(last.dropFirst()))
      }
      let deeper = try motifkit(
        "filters", "net.safetensors", "train.tsv", "--out", "deep", "--history", "--layer", "conv1d_1",
        "--rule", "all")
      #expect(deeper.status == 0)
      #expect(try motifkit.read("deep/history.tsv").split(separator: "\n").count == 1 + 4 * 2)
      // 5 + 1 for the pooling + 2 · 2 bases.
      let motifs = try MotifFile.read(path: "\(motifkit.folder)/deep/filters.half-max.meme").motifs
      #expect(motifs.allSatisfy { $0.width == 10 } && !motifs.isEmpty)
      let files = try motifkit.files().filter { $0.hasPrefix("deep/") }
      #expect(
        files == [
          "deep/filters.basset.meme", "deep/filters.half-max.meme", "deep/filters.top-100.meme",
          "deep/filters.tsv",
          "deep/history.png", "deep/history.svg", "deep/history.tsv", "deep/logos/filter0.png",
          "deep/logos/filter1.png", "deep/rules.png", "deep/rules.svg", "deep/rules.tsv", "deep/run.json",
        ])
      try motifkit.write("", to: "net.safetensors.epochs/epoch-0002.safetensors")
      let damaged = try motifkit("filters", "net.safetensors", "train.tsv", "--out", "bad", "--history")
      #expect(damaged.status == 2 && damaged.errors.contains("epoch-0002.safetensors"))
      #expect(try !motifkit.files().contains { $0.hasPrefix("bad") })
    }
  }

  @Test func redundancyOfTheToy() throws {
    try withToys { motifkit in
      let result = try motifkit("redundancy", "toy.safetensors", "toy.csv", "--out", "out")
      #expect(
        result
          == .init(
            status: 0,
            output: """
              filters                           1
              never fire on these sequences     0
              cannot fire on any DNA            0
              fire on any DNA everywhere        0
              removable without any change      0
              clusters of filters               1
              duplicates of another filter      0

              """, errors: ""))
      #expect(
        try motifkit.read("out/redundancy.tsv").split(separator: "\n")[1]
          == "filter0\t\t\t\t3.000\t0.8667\t0.5333\t0.8000\t0\t\t\t\t\t")
      #expect(
        try motifkit.files().filter { $0.hasPrefix("out/") }
          == [
            "out/activations.png", "out/activations.svg", "out/correlation.tsv",
            "out/redundancy.tsv", "out/run.json", "out/weights.png", "out/weights.svg",
          ])
    }
  }

  /// Dead filters go, and every output stays.
  @Test func losslessPruning() throws {
    try withToys { motifkit in
      let same = try motifkit("prune", "toy.safetensors", "toy.fa", "--lossless", "--out", "same.safetensors")
      #expect(
        same
          == .init(
            status: 0,
            output:
              "no filter removed\nparameters: 15 before, 15 after\nevery output is equal to the last bit\n",
            errors: ""))
      var network = Network(architecture: try Preset.v2.architecture(length: 20), seed: 1)
      for filter in [3, 20, 63] {
        network.parameters[network.architecture.tensor(0, .bias)!.offset + filter] = -50
      }
      try Model(network, metadata: Model.Metadata(name: "dead"))
        .write(to: "\(motifkit.folder)/dead.safetensors")
      try motifkit.write(ToyData.training(count: 40), to: "train.tsv")
      let result = try motifkit(
        "prune", "dead.safetensors", "train.tsv", "--lossless", "--out", "less.safetensors")
      #expect(result.status == 0)
      #expect(result.output.hasPrefix("conv1d: 3 filters removed\n"))
      #expect(result.output.hasSuffix("every output is equal to the last bit\n"))
      let smaller = try Model(contentsOf: "\(motifkit.folder)/less.safetensors")
      #expect(smaller.network.architecture.shapes[0].channels == 61 && smaller.metadata.name == "dead")
      for command in ["predict"] {
        #expect(
          try motifkit(command, "less.safetensors", "train.tsv").output
            == motifkit(command, "dead.safetensors", "train.tsv").output)
      }
    }
  }

  @Test func pruningAndTrainingOn() throws {
    try withProgram { motifkit in
      let network = Network(input: .dna(length: 20), seed: 2) {
        Convolution1D(filters: 8, kernelSize: 7, activation: .relu)
        GlobalMaxPooling1D()
        Dense(1)
      }
      try Model(network).write(to: "\(motifkit.folder)/net.safetensors")
      try motifkit.write(ToyData.training(count: 200), to: "train.tsv")
      let arguments = [
        "prune", "net.safetensors", "train.tsv", "--keep", "25%", "--epochs", "2", "--out",
        "small.safetensors",
      ]
      let result = try motifkit.run(arguments + ["--format", "json"])
      #expect(result.status == 0)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      #expect((object["removed"] as? [String: [Int]])?["conv1d"]?.count == 6)
      #expect((object["after"] as? [String: Any])?["filters"] as? [Int] == [2])
      #expect(object["parametersAfter"] as? Int == 2 * 28 + 2 + 2 + 1)
      let bytes = try motifkit.bytes("small.safetensors")
      #expect(try motifkit.run(arguments + ["--threads", "1"]).status == 0)
      #expect(try motifkit.bytes("small.safetensors") == bytes)
      let text = try motifkit.run(arguments).output.split(separator: "\n")
      #expect(text[0] == "conv1d: 6 filters removed" && text.count == 5)
      #expect(text[4].hasPrefix("trained on  2"))
      let fewest = try motifkit(
        "prune", "net.safetensors", "train.tsv", "--target-drop", "1", "--curve", "curve", "--epochs", "1",
        "--out",
        "fewest.safetensors")
      #expect(fewest.status == 0)
      #expect(
        try String(decoding: motifkit.bytes("curve/pruning.tsv"), as: UTF8.self).hasPrefix(
          "filters\tparameters\taccuracy_pruned\taccuracy\tchosen\n8\t"))
      #expect(
        try motifkit.files().filter { $0.hasPrefix("curve/") }
          == ["curve/pruning.png", "curve/pruning.svg", "curve/pruning.tsv", "curve/run.json"])
      let one = try Model(contentsOf: "\(motifkit.folder)/fewest.safetensors")
      #expect(one.network.architecture.shapes[0].channels == 1)
      for (arguments, reason) in [
        (["--curve", "c"], "--curve is for --target-drop"),
        (["--target-drop", "0.1", "--keep", "2"], "give --keep or --target-drop, not both"),
        (
          ["--lossless", "--keep", "2"],
          "--keep does nothing with --lossless, which removes what changes no output"
        ),
      ] {
        let refused = try motifkit.run(["prune", "net.safetensors", "train.tsv", "--out", "x"] + arguments)
        #expect(refused.status == 2 && refused.errors.contains(reason))
      }
    }
  }

  /// The gradient of the toy is its winning window; the site is where GAT stands.
  @Test func explainTheToy() throws {
    try withToys { motifkit in
      try motifkit.write(
        "set\tindex\tlabel\tstart\tstrand\ntest\t0\t1\t1\t+\ntest\t1\t0\t\t\ntest\t2\t0\t\t\n",
        to: "truth.tsv")
      try MotifFile(motifs: [
        Motif(
          identifier: "GAT",
          frequencies: FrequencyMatrix(rows: [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]))
      ])
      .write(to: "\(motifkit.folder)/gat.meme")
      let result = try motifkit(
        "explain", "toy.safetensors", "toy.fa", "--method", "input-x-gradient,hires-cam", "--out", "x.npz",
        "--truth", "truth.tsv", "--motif", "gat.meme", "--figures", "pictures")
      #expect(
        result
          == .init(
            status: 0,
            output: """
              3 sequences explained
              method                 share in site  (chance)   AUROC
              input-x-gradient          1.0000        0.6000    1.0000
              hires-cam                 1.0000        0.6000    0.6667

              """, errors: ""))
      let bytes = try motifkit.bytes("x.npz")
      #expect(Array(bytes[..<4]) == [0x50, 0x4b, 3, 4])
      let text = String(decoding: bytes, as: UTF8.self)
      for name in [
        "sequences.npy", "attributions_input_x_gradient.npy", "cam_hires_cam.npy", "units_hires_cam.npy",
      ] {
        #expect(text.contains(name))
      }
      #expect(try motifkit.files().contains("pictures/input-x-gradient-letters.svg"))
      #expect(try motifkit.files().contains("pictures/hires-cam-map.png"))
      let one = try motifkit(
        "explain", "toy.safetensors", "toy.fa", "--method", "gradient", "--out", "one.npz")
      #expect(one == .init(status: 0, output: "3 sequences explained\n", errors: ""))
      #expect(String(decoding: try motifkit.bytes("one.npz"), as: UTF8.self).contains("attributions.npy"))
    }
  }

  @Test(arguments: [
    (
      "filters toy.safetensors toy.csv --out bad --rule best",
      "no rule is called 'best'; there are half-max, basset, top-N (such as top-100), exact-p and softmax"
    ),
    (
      "filters toy.safetensors toy.csv --out bad --layer conv1d_1",
      "the network has no convolution 'conv1d_1'; it has conv1d"
    ),
    (
      "filters toy.safetensors toy.csv --out bad --history",
      "toy.safetensors.epochs: no such folder; motifkit train --save-weights each-epoch makes it"
    ),
    (
      "filters toy.safetensors nothing.csv --out bad",
      "nothing.csv: cannot be read: no such file or directory"
    ),
    (
      "explain toy.safetensors toy.fa --method saliency --out bad",
      "no method is called 'saliency'; there are gradient, input-x-gradient, integrated-gradients, deepshap, mutagenesis, smoothgrad, guided-backpropagation, expected-gradients, occlusion, masking, deletion, insertion, exact-integrated-gradients, grad-cam, hires-cam, grad-cam++, layer-cam, cam, score-cam, ablation-cam"
    ),
    (
      "redundancy toy.safetensors toy.csv --out bad --layer conv1d_1",
      "the network has no convolution 'conv1d_1'; it has conv1d"
    ),
    (
      "prune toy.safetensors toy.csv --out bad --keep 0",
      "--keep 0: expected a number of filters or a share such as 0.5 (see motifkit prune --help)"
    ),
    (
      "prune toy.safetensors toy.fa --out bad",
      "toy.fa: has no labels; expected a table with a column label or Bound (0 or 1)"
    ),
    (
      "explain toy.safetensors long.fa --method gradient --out bad",
      "long.fa: line 1: the sequence has 6 bases where 5 are expected"
    ),
  ]) func badUse(_ arguments: String, _ reason: String) throws {
    try withToys { motifkit in
      try motifkit.write(">long\nACGTAC\n", to: "long.fa")
      let before = try motifkit.files()
      let result = try motifkit.run(arguments.split(separator: " ").map(String.init))
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.errors == "motifkit: \(reason)\n")
      #expect(try motifkit.files() == before)
    }
  }
}
