import Foundation
import MotifKit
import Runtime
import Testing

/// Networks that learn other columns of a user's table than `label`.
@Suite struct TargetCommandTests {
  static let network = """
    {"layers": [
      {"type": "convolution1D", "filters": 12, "kernelSize": 7, "activation": "relu"},
      {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 2}]}
    """

  /// Sequences with GATTACA, with CCGCCGC, with both, with none; every tenth cell of the first question is not known.
  static func table(_ count: Int, seed: UInt64 = 1) -> String {
    var text = "id,seq,has_a,has_b,kind,height,reads\n"
    for index in 0..<count {
      var random = CounterRandom(seed: seed, purpose: .simulation, index: index)
      var codes = (0..<30).map { _ in UInt8(random.below(4)) }
      let (a, b) = (index & 1, (index >> 1) & 1)
      if a == 1 { codes.replaceSubrange(3..<10, with: Nucleotide.codes("GATTACA")!) }
      if b == 1 { codes.replaceSubrange(16..<23, with: Nucleotide.codes("CCGCCGC")!) }
      let known = index % 10 == 9 ? "NA" : "\(a)"
      let kind = ["none", "acid", "base", "acid"][index % 4]
      text += "s\(index),\(Nucleotide.string(codes)),\(known),\(b),\(kind),\(2 * a - b).5,\(9 * a + 3 * b)\n"
    }
    return text
  }

  private func train(_ motifkit: Program, _ options: String, network: String = "n.json") throws
    -> Program.Result
  {
    try motifkit.write(Self.table(400), to: "train.csv")
    try motifkit.write(Self.table(200, seed: 2), to: "test.csv")
    try motifkit.write(Self.network, to: "n.json")
    return try motifkit.run(
      [
        "train", "--network", network, "--train", "train.csv", "--test", "test.csv", "--out", "m", "--epochs",
        "30",
        "--batch-size", "20", "--learning-rate", "0.01", "--quiet",
      ] + options.split(separator: " ").map(String.init))
  }

  /// The table after the loss: cells by column, for each output.
  private func evaluated(_ motifkit: Program) throws -> [String: [String: Double]] {
    let result = try motifkit("evaluate", "m", "test.csv")
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    let rows = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0.contains("\t") }.map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
    var table: [String: [String: Double]] = [:]
    for row in rows.dropFirst() {
      table[row[0]] = Dictionary(
        uniqueKeysWithValues: zip(rows[0], row).compactMap { name, cell in
          Double(cell).map { (name, $0) }
        })
    }
    return table
  }

  @Test func severalQuestions() throws {
    try withProgram { motifkit in
      let result = try train(motifkit, "--labels has_*")
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      let table = try evaluated(motifkit)
      #expect(table["has_a"]?["sequences"] == 180 && table["has_b"]?["sequences"] == 200)
      #expect(table["mean"]?["auroc"] ?? 0 > 0.95 && table["has_a"]?["accuracy"] ?? 0 > 0.9, "\(table)")
      let json = try motifkit("evaluate", "m", "test.csv", "--format", "json").output
      let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      let outputs = try #require(object["outputs"] as? [[String: Any]])
      #expect(outputs.map { $0["name"] as? String } == ["has_a", "has_b"])
      #expect(((outputs[1]["metrics"] as? [String: [String: Double]])?["auroc"]?["low"] ?? 0) > 0.9)
      let rows = try motifkit("predict", "m", "test.csv").output.split(separator: "\n")
      #expect(rows[0] == "name\thas_a\thas_b" && rows.count == 201 && rows[1].hasPrefix("s0\t0."))
    }
  }

  @Test func numbers() throws {
    try withProgram { motifkit in
      #expect(try train(motifkit, "--labels height,reads --loss mse").status == 0)
      let table = try evaluated(motifkit)
      #expect(table["height"]?["pearson"] ?? 0 > 0.9 && table["reads"]?["spearman"] ?? 0 > 0.8, "\(table)")
      #expect(table["mean"]?["mean_squared_error"] != nil)
    }
  }

  @Test func counts() throws {
    try withProgram { motifkit in
      #expect(try train(motifkit, "--labels reads --loss poisson", network: "v1").status == 0)
      #expect(try evaluated(motifkit)["reads"]?["pearson"] ?? 0 > 0.8)
      let rows = try motifkit("predict", "m", "test.csv").output.split(separator: "\n").dropFirst()
      #expect(rows.allSatisfy { Double($0.split(separator: "\t")[1])! >= 0 })
    }
  }

  @Test func classes() throws {
    try withProgram { motifkit in
      let result = try train(
        motifkit, "--labels kind --loss categorical --class-weight balanced", network: "v1")
      #expect(result.status == 0 && result.output.contains("validation_accuracy\t0.9"), "\(result)")
      let table = try evaluated(motifkit)
      #expect(table.keys.sorted() == ["acid", "base", "mean", "none"])
      #expect(table["mean"]?["auroc"] ?? 0 > 0.95, "\(table)")
      let rows = try motifkit("predict", "m", "test.csv").output.split(separator: "\n")
      #expect(rows[0] == "name\tacid\tbase\tnone")
      let shares = rows[1].split(separator: "\t").dropFirst().compactMap { Double($0) }
      #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
      let json = try motifkit("predict", "m", "test.csv", "--format", "json").output
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: [[String: Any]]]
      let first = try #require(object?["predictions"]?.first)
      #expect(first["name"] as? String == "s0")
      #expect((first["outputs"] as? [String: Double])?.keys.sorted() == ["acid", "base", "none"])
    }
  }

  @Test(arguments: [
    (
      "--labels height",
      "train.csv: line 3: column height holds 2.5; binary cross-entropy needs numbers from 0 to 1"
    ),
    (
      "--labels has_a,has_c",
      "train.csv: line 1: no column has_c; the table has id, seq, has_a, has_b, kind, height, reads"
    ),
    ("--labels x*", "train.csv: line 1: no column begins with x"),
    ("--labels has_a,has_*", "train.csv: line 1: a label column is named twice"),
    ("--labels seq,has_a", "train.csv: line 1: column seq holds the bases and no label"),
    (
      "--labels kind,has_a",
      "train.csv: line 2: column kind holds \"none\", expected a number, or NA for none"
    ),
    (
      "--loss mse",
      "train.csv: line 1: no column label or Bound; the table has id, seq, has_a, has_b, kind, height, reads"
    ),
    ("--labels has_a", "n.json: the network has 2 outputs, but there are 1 columns of labels"),
    ("--labels kind --loss categorical", "n.json: the network has 2 outputs, but there are 3 classes"),
    (
      "--labels height,reads --loss mse --class-weight balanced",
      "mean squared error has no classes to balance"
    ),
    (
      "--labels height,reads --loss poisson",
      "train.csv: line 4: column height holds -1.5; the Poisson loss needs counts"
    ),
  ]) func impossible(_ options: String, _ reason: String) throws {
    try withProgram { motifkit in
      let result = try train(motifkit, options)
      #expect(result == Program.Result(status: 2, output: "", errors: "motifkit: \(reason)\n"))
      #expect(try motifkit.files() == ["n.json", "test.csv", "train.csv"])
    }
  }

  /// What GATTACA does for one question it does not do for the other.
  @Test func explainsTheOutputThatIsNamed() throws {
    try withProgram { motifkit in
      #expect(try train(motifkit, "--labels has_a,has_b").status == 0)
      func explain(_ more: [String]) throws -> Program.Result {
        try motifkit.run(
          ["explain", "m", "test.csv", "--method", "input-x-gradient,grad-cam", "--out", "e.npz"] + more)
      }
      var files: [[UInt8]] = []
      for more in [[], ["--target", "has_a"], ["--target", "has_b"]] {
        #expect(try explain(more).status == 0)
        files.append(try motifkit.bytes("e.npz"))
      }
      #expect(files[0] == files[1] && files[1] != files[2])
      #expect(try explain(["--target", "x"]).errors == "motifkit: m: has no output x; it has has_a, has_b\n")
      let audit = try motifkit("audit", "m", "test.csv")
      #expect(
        audit.errors
          == "motifkit: m: was not trained on one column of yes and no, which an audit without --target needs; its outputs are has_a, has_b (binary cross-entropy)\n"
      )
      // The column of an output has its yes and no.
      func measured(_ target: String, _ file: String) throws -> String {
        let result = try motifkit("audit", "m", file, "--target", target, "--quiet")
        #expect(result.errors == "")
        return result.output
      }
      let rows = try motifkit.read("test.csv").split(separator: "\n").filter { !$0.contains(",NA,") }
        .joined(separator: "\n")
      try motifkit.write(rows, to: "known.csv")
      try motifkit.write(rows.replacing("has_a", with: "label"), to: "label.csv")
      #expect(try measured("has_a", "known.csv") == measured("has_a", "label.csv"))
      #expect(try measured("has_b", "known.csv") != measured("has_a", "known.csv"))
      #expect(try motifkit("prune", "m", "test.csv", "--lossless", "--out", "p").status == 0)
      #expect(
        try motifkit("evaluate", "p", "test.csv").output == motifkit("evaluate", "m", "test.csv").output)
    }
  }

  /// An audit of a class asks whether a sequence is of it, as a table with that for a label says.
  @Test func auditsAClass() throws {
    try withProgram { motifkit in
      #expect(try train(motifkit, "--labels kind --loss categorical", network: "v1").status == 0)
      func audit(_ file: String, _ target: String) throws -> Program.Result {
        try motifkit("audit", "m", file, "--target", target, "--motif", "none", "--quiet")
      }
      let asked = try audit("test.csv", "acid")
      #expect(asked.errors == "" && asked.output.contains("100 positives, 100 negatives"), "\(asked)")
      let lines = try motifkit.read("test.csv").split(separator: "\n")
      let labels = lines.dropFirst().map { line -> String in
        let cells = line.split(separator: ",")
        return "\(cells[1]),\(cells[4] == "acid" ? 1 : 0)"
      }
      try motifkit.write("seq,label\n" + labels.joined(separator: "\n") + "\n", to: "acid.csv")
      #expect(try audit("acid.csv", "acid") == asked)
      #expect(
        try audit("test.csv", "salt").errors == "motifkit: m: has no output salt; it has acid, base, none\n")
    }
  }

  @Test func otherFiles() throws {
    try withProgram { motifkit in
      #expect(try train(motifkit, "--labels kind --loss categorical", network: "v1").status == 0)
      try motifkit.write("seq,kind\n\(String(repeating: "A", count: 30)),salt\n", to: "other.csv")
      #expect(
        try motifkit("evaluate", "m", "other.csv").errors
          == "motifkit: other.csv: seq1 is of the class salt; the network knows acid, base, none\n")
      try motifkit.write(">a\n\(String(repeating: "A", count: 30))\n", to: "other.fa")
      #expect(
        try motifkit("evaluate", "m", "other.fa").errors
          == "motifkit: other.fa: is FASTA, which has no columns; expected a table with a column kind\n")
      #expect(try motifkit("predict", "m", "other.fa").output.hasPrefix("name\tacid\tbase\tnone\na\t"))
      let usage = try motifkit(
        "train", "--network", "v1", "--positives", "other.fa", "--loss", "mse", "--out", "x")
      #expect(usage.status == 2 && usage.errors.contains("--labels and --loss need --train"))
    }
  }
}
