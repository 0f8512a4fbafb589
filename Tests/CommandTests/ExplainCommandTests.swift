import Foundation
import MotifKit
import Testing

/// Means, several outputs, rules and pairs of explain, and sites of grade, on the toy network that looks for GAT.
@Suite struct ExplainCommandTests {
  private func withToys(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try Model(ToyData.model()).write(to: "\(motifkit.folder)/toy.safetensors")
      try motifkit.write(ToyData.fasta, to: "toy.fa")
      try body(motifkit)
    }
  }

  private func array(_ motifkit: Program, _ file: String, _ name: String) throws -> (
    shape: [Int], floats: [Float]
  ) {
    let array = try #require(try NPZFile.read(path: "\(motifkit.folder)/\(file)")[name], "\(name)")
    return (array.shape, try #require(array.floats))
  }

  /// Of the network and of one whose logit is three times as large: twice the values, and their spread.
  @Test func severalModels() throws {
    try withToys { motifkit in
      var network = try ToyData.model()
      for place in network.parameters.indices.suffix(2) { network.parameters[place] *= 3 }
      try Model(network).write(to: "\(motifkit.folder)/three.safetensors")
      for (models, file) in [("toy.safetensors", "a.npz"), ("toy.safetensors,three.safetensors", "b.npz")] {
        let result = try motifkit(
          "explain", models, "toy.fa", "--method", "input-x-gradient", "--out", file)
        #expect(result == .init(status: 0, output: "3 sequences explained\n", errors: ""))
      }
      let one = try array(motifkit, "a.npz", "attributions").floats
      #expect(try array(motifkit, "b.npz", "attributions").floats == one.map { 2 * $0 })
      let spreads = try array(motifkit, "b.npz", "spreads")
      // Of 1 and 3 times 2, at the three bases of GAT.
      #expect(spreads.shape == [3, 5])
      #expect(spreads.floats[..<5].map { ($0 * 100).rounded() } == [0, 283, 283, 283, 0])
      let other = try motifkit(
        "explain", "toy.safetensors,missing", "toy.fa", "--method", "gradient", "--out", "c.npz")
      #expect(other.status == 2 && other.errors.contains("missing"))
    }
  }

  /// The toy reads one strand, so the site read backwards has no values; shifted, it has the same.
  @Test func strandsAndShifts() throws {
    try withToys { motifkit in
      try motifkit.write(">full\nCGATC\n", to: "one.fa")
      for (options, file) in [([], "a"), (["--both-strands"], "b"), (["--shifts", "1"], "c")] {
        let result = try motifkit.run(
          ["explain", "toy.safetensors", "one.fa", "--method", "mutagenesis", "--out", "\(file).npz"]
            + options)
        #expect(result.status == 0, "\(result.errors)")
      }
      let plain = try array(motifkit, "a.npz", "attributions").floats
      let shifted = try array(motifkit, "c.npz", "attributions").floats
      #expect(zip(plain, shifted).allSatisfy { abs($0 - $1) < 1e-5 })
      let both = try array(motifkit, "b.npz", "attributions").floats
      #expect(both != plain && both.contains { $0 != 0 })
    }
  }

  @Test func outputsByName() throws {
    try withProgram { motifkit in
      try motifkit.write(TargetCommandTests.table(40), to: "train.csv")
      try motifkit.write(TargetCommandTests.network, to: "n.json")
      let trained = try motifkit(
        "train", "--network", "n.json", "--train", "train.csv", "--labels", "has_a,has_b", "--out", "m",
        "--epochs", "1", "--quiet")
      #expect(trained.status == 0, "\(trained.errors)")
      let arguments = ["explain", "m", "train.csv", "--limit", "3", "--method", "input-x-gradient"]
      for (target, file) in [("all", "all.npz"), ("has_b", "b.npz"), ("has_b,has_a", "two.npz")] {
        let result = try motifkit.run(
          arguments + ["--target", target, "--out", file, "--figures", "figures"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      }
      let second = try array(motifkit, "b.npz", "attributions")
      for file in ["all.npz", "two.npz"] {
        #expect(try array(motifkit, file, "attributions_has_b").floats == second.floats)
        #expect(try array(motifkit, file, "attributions_has_a").floats != second.floats)
      }
      #expect(try motifkit.files().contains("figures/input-x-gradient-has_b-letters.svg"))
      for target in ["has_c", "has_a,has_a", ","] {
        let wrong = try motifkit.run(arguments + ["--target", target, "--out", "bad.npz"])
        #expect(wrong.status == 2 && !wrong.errors.isEmpty)
      }
      #expect(try !motifkit.files().contains("bad.npz"))
    }
  }

  /// The unit in the middle sees the middle three bases, and wants GAT there, whatever the sequence.
  @Test func unitOfALayer() throws {
    try withToys { motifkit in
      let layer = try ToyData.model().architecture.names[0]
      let arguments = ["explain", "toy.safetensors", "toy.fa", "--method", "gradient"]
      let result = try motifkit.run(arguments + ["--unit", "\(layer):0", "--out", "u.npz"])
      #expect(result == .init(status: 0, output: "3 sequences explained\n", errors: ""))
      let values = try array(motifkit, "u.npz", "attributions")
      #expect(values.shape == [3, 4, 5])
      for sequence in 0..<3 {
        let columns = (0..<5).map { position in
          (0..<4).map { values.floats[20 * sequence + 5 * $0 + position] }
        }
        #expect([0, 4].allSatisfy { columns[$0].allSatisfy { $0 == 0 } })
        for (position, base) in [2, 0, 3].enumerated() {
          let column = columns[position + 1]
          #expect(column[base] > 0 && column.max() == column[base])
        }
      }
      for (options, word) in [
        (["--unit", "\(layer):7"], "no unit 7"), (["--unit", "none:0"], "expected a layer and a filter"),
        (["--unit", "\(layer):0", "--target", "a"], "takes the place of an output"),
      ] {
        let wrong = try motifkit.run(arguments + options + ["--out", "bad.npz"])
        #expect(wrong.status == 2 && wrong.errors.contains(word))
      }
    }
  }

  /// logit = 2 · matches − 4: changing two bases of GAT costs as much as changing each, until the other windows' one match counts.
  @Test func pairsOfBases() throws {
    try withToys { motifkit in
      let result = try motifkit(
        "explain", "toy.safetensors", "toy.fa", "--method", "mutagenesis", "--pairs", "--out", "p.npz",
        "--figures", "pictures")
      #expect(result == .init(status: 0, output: "3 sequences explained\n", errors: ""))
      let maps = try array(motifkit, "p.npz", "dependencies")
      #expect(maps.shape == [3, 5, 5])
      for sequence in 0..<3 {
        for i in 0..<5 {
          #expect(maps.floats[sequence * 25 + 6 * i] == 0)
          for j in 0..<5 {
            #expect(maps.floats[sequence * 25 + 5 * i + j] == maps.floats[sequence * 25 + 5 * j + i])
          }
        }
      }
      // CCCCC: either change of GAT's letters adds one match, two may add two.
      #expect(maps.floats[50...].contains { $0 != 0 })
      #expect(try motifkit.files().contains("pictures/dependencies-3.svg"))
      let mean = try motifkit(
        "explain", "toy.safetensors", "toy.fa", "--method", "gradient", "--pairs", "--both-strands", "--out",
        "bad.npz")
      #expect(mean.status == 2)
    }
  }

  @Test func rulesAndReferences() throws {
    try withToys { motifkit in
      for (index, references) in ["frequencies", "0.25,0.25,0.25,0.25", "zeros"].enumerated() {
        for rule in ["rescale", "reveal-cancel"] {
          let result = try motifkit(
            "explain", "toy.safetensors", "toy.fa", "--method", "deepshap", "--rule", rule, "--references",
            references, "--out", "\(index)-\(rule).npz")
          #expect(result == .init(status: 0, output: "3 sequences explained\n", errors: ""))
          let residuals = try array(motifkit, "\(index)-\(rule).npz", "residuals").floats
          #expect(residuals.count == 3 && residuals.allSatisfy { abs($0) < 1e-5 })
        }
      }
      for options in [
        ["--method", "gradient", "--rule", "rescale"],
        ["--method", "deepshap", "--references", "0.5,0.5,0.5,0.5"],
        ["--method", "deepshap", "--rule", "other"],
        ["--method", "deepshap", "--references", "frequencies", "--save-references", "r.fa"],
      ] {
        let wrong = try motifkit.run(
          ["explain", "toy.safetensors", "toy.fa", "--out", "bad.npz"] + options)
        #expect(wrong.status == 2 && !wrong.errors.isEmpty, "\(options)")
      }
      #expect(try !motifkit.files().contains("r.fa"))
    }
  }

  /// The same sites as BED, as places in the genome, as hits and as the truth get the same grades.
  @Test func gradeByOwnSites() throws {
    try withProgram { motifkit in
      try Model(ToyData.model(length: 20)).write(to: "\(motifkit.folder)/toy.safetensors")
      let sequences = ["CCGATCCCGGTTAACCGTAC", "TTACCGTTGATCCAGGCTAA", "GGCCTTAAGGCCTTAAGGCC"]
      func fasta(_ name: (Int) -> String) -> String {
        sequences.indices.map { ">\(name($0))\n\(sequences[$0])\n" }.joined()
      }
      try motifkit.write(fasta { "s\($0)" }, to: "plain.fa")
      try motifkit.write(fasta { "chr1:\(1000 + 100 * $0)-\(1020 + 100 * $0)" }, to: "places.fa")
      try motifkit.write("s0\t2\t5\tx\t0\t+\ns1\t8\t11\tx\t0\t+\n", to: "sites.bed")
      try motifkit.write("chr1\t1002\t1005\nchr1\t1108\t1111\nchr2\t5\t9\n", to: "places.bed")
      try motifkit.write(
        "motif_id\tmotif_alt_id\tsequence_name\tstart\tstop\tstrand\tscore\tp-value\tq-value\tmatched_sequence\n"
          + "GAT\t\ts0\t3\t5\t+\t9\t1e-4\t\tGAT\nGAT\t\ts1\t9\t11\t+\t9\t1e-4\t\tGAT\n", to: "hits.tsv")
      let runs = [("plain.fa", "sites.bed"), ("places.fa", "places.bed"), ("plain.fa", "hits.tsv")]
      for (index, (file, sites)) in runs.enumerated() {
        let result = try motifkit(
          "grade", "toy.safetensors", file, "--sites", sites, "--out", "g\(index)", "--quiet")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasSuffix("2 sequences with a site\n"))
        #expect(try motifkit.bytes("g\(index)/grade.tsv") == motifkit.bytes("g0/grade.tsv"))
      }
      let grades = rows(try motifkit.read("g0/grade.tsv"))
      let mutagenesis = try #require(grades.first { $0["method"] == "mutagenesis" })
      #expect(try mutagenesis.number("auroc") > 0.9 && mutagenesis["information"] == "")
      // Only what draws has another seed.
      #expect(mutagenesis["seeds"] == "" && grades.first { $0["method"] == "deepshap" }?["seeds"] != "")
      let agreement = rows(try motifkit.read("g0/agreement.tsv"))
      #expect(agreement.map { $0["method"] } == grades.map { $0["method"] })
      for row in agreement { #expect(try row.number(row["method"] ?? "") == 1) }
      #expect(try motifkit.files().contains("g0/agreement.svg"))
      try motifkit.write("other\t2\t5\n", to: "none.bed")
      try motifkit.write("motif_id\tstart\n", to: "bad.tsv")
      for (sites, words) in [
        ("none.bed", "no site in any"), ("bad.tsv", "sequence_name"), ("no.bed", "no.bed"),
      ] {
        let wrong = try motifkit("grade", "toy.safetensors", "plain.fa", "--sites", sites, "--out", "bad")
        #expect(wrong.status == 2 && wrong.errors.contains(words), "\(wrong.errors)")
      }
      #expect(try !motifkit.files().contains { $0.hasPrefix("bad/") })
    }
  }
}
