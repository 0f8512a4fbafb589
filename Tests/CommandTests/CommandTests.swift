import Foundation
import MotifKit
import Testing

@Suite struct CommandTests {
  @Test func versionAndHelpAreNoErrors() throws {
    try withProgram { motifkit in
      #expect(try motifkit("--version") == .init(status: 0, output: "0.1.0\n", errors: ""))
      let help = try motifkit("--help")
      #expect(help.status == 0 && help.errors.isEmpty)
      let commands = help.output.components(separatedBy: "SUBCOMMANDS:").last!
        .split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("See '") }
        .compactMap { $0.split(separator: " ").first.map(String.init) }
      #expect(commands.count >= 6)
      for command in commands {
        let help = try motifkit(command, "--help")
        #expect(help.status == 0, "\(command)")
        #expect(help.output.contains("EXAMPLE"), "\(command) --help shows no example")
        // A line too wide for the terminal goes on without its indentation, and cannot be copied.
        let examples = help.output.components(separatedBy: "\nEXAMPLE").last!.components(
          separatedBy: "\nUSAGE")[0]
        let broken = examples.split(separator: "\n").dropFirst()
          .filter { !$0.hasPrefix("  ") && $0 != "where space.json is like" }
        #expect(broken.isEmpty, "\(command) --help breaks \(broken)")
      }
    }
  }

  @Test func simulateWritesTheExercisesFiles() throws {
    try withProgram { motifkit in
      let arguments = ["simulate", "--out", "data", "--count", "4", "--length", "14", "--seed", "3"]
      #expect(
        try motifkit.run(arguments)
          == .init(status: 0, output: "", errors: "2 training and 2 test sequences with FOXO1 in data\n"))
      #expect(try motifkit.files() == ["data/FOXO1_test.csv", "data/FOXO1_train.csv", "data/truth.tsv"])
      let test = try motifkit.read("data/FOXO1_test.csv").split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(test.count == 4 && test[3].isEmpty)
      #expect(test[0] == ",0,1,2,3,4,5,6,7,8,9,10,11,12,13,label")
      for (index, row) in test[1...2].enumerated() {
        let cells = row.split(separator: ",")
        #expect(cells.count == 16 && cells[0] == "\(index)")
        #expect(cells[1...14].allSatisfy { "0123".contains($0) && $0.count == 1 })
      }
      #expect(Set(test[1...2].map { $0.last }) == ["0", "1"])
      let truth = try motifkit.read("data/truth.tsv").split(separator: "\n")
      #expect(truth[0] == "set\tindex\tlabel\tstart\tstrand" && truth.count == 5)
      #expect(truth.filter { $0.hasSuffix("\t1\t1\t+") }.count == 2)

      let before = try motifkit.bytes("data/FOXO1_train.csv")
      #expect(try motifkit.run(arguments + ["--threads", "1", "--quiet"]).errors == "")
      #expect(try motifkit.bytes("data/FOXO1_train.csv") == before)
    }
  }

  @Test func summaryPrintsKerassTable() throws {
    try withProgram { motifkit in
      let expected = """
        Model: "sequential"
        ┌───────────────────────────────────────────┬──────────────────┬──────────────────┐
        │ Layer (type)                              │ Output Shape     │          Param # │
        ├───────────────────────────────────────────┼──────────────────┼──────────────────┤
        │ conv1d (Conv1D)                           │ (None, 89, 64)   │            3,136 │
        │ max_pooling1d (MaxPooling1D)              │ (None, 44, 64)   │                0 │
        │ dropout (Dropout)                         │ (None, 44, 64)   │                0 │
        │ conv1d_1 (Conv1D)                         │ (None, 39, 32)   │           12,320 │
        │ global_max_pooling1d (GlobalMaxPooling1D) │ (None, 32)       │                0 │
        │ dense (Dense)                             │ (None, 1)        │               33 │
        └───────────────────────────────────────────┴──────────────────┴──────────────────┘
         Total params: 15,489
         Trainable params: 15,489
         Non-trainable params: 0

        """
      #expect(try motifkit("summary", "v3") == .init(status: 0, output: expected, errors: ""))
      let json = try motifkit("summary", "v5", "--format", "json")
      let table = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(table?["totalParameters"] as? Int == 17_281)
    }
  }

  @Test func predictGivesProbabilityAndLogit() throws {
    try withProgram { motifkit in
      try Model(ToyData.model()).write(to: "\(motifkit.folder)/toy.safetensors")
      try motifkit.write(ToyData.fasta, to: "toy.fa")
      let expected = """
        name\tprobability\tlogit
        full\t0.8807971\t2.0
        part\t0.5\t0.0
        none\t0.01798621\t-4.0

        """
      #expect(
        try motifkit("predict", "toy.safetensors", "toy.fa")
          == .init(status: 0, output: expected, errors: ""))
      #expect(try motifkit("predict", "toy.safetensors", "-", input: ToyData.fasta).output == expected)
      let json = try motifkit("predict", "toy.safetensors", "toy.fa", "--format", "json")
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let rows = object?["predictions"] as? [[String: Any]]
      #expect(rows?.map { $0["name"] as? String } == ["full", "part", "none"])
      #expect(rows?.map { $0["logit"] as? Double } == [2, 0, -4])
    }
  }

  @Test func evaluateGivesIntervals() throws {
    try withProgram { motifkit in
      try Model(ToyData.model()).write(to: "\(motifkit.folder)/toy.safetensors")
      try motifkit.write(ToyData.table, to: "toy.csv")
      // Logits 2, 2, −4, 0, −2 with labels 1, 1, 0, 0, 1: four of five right, one of six pairs in wrong order.
      let text = try motifkit("evaluate", "toy.safetensors", "toy.csv")
      #expect(text.status == 0 && text.errors.isEmpty)
      let lines = text.output.split(separator: "\n")
      #expect(lines.count == 5)
      #expect(lines[2] == "accuracy  0.8000  0.3755 to 0.9638")
      #expect(lines[3].hasPrefix("auroc     0.8333  "))
      let json = try motifkit("evaluate", "toy.safetensors", "toy.csv", "--format", "json")
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      for key in ["loss", "accuracy", "auroc", "auprc"] {
        let estimate = try #require(object?[key] as? [String: Double])
        #expect(Set(estimate.keys) == ["value", "low", "high"])
        #expect(estimate["low"]! <= estimate["value"]! && estimate["value"]! <= estimate["high"]!)
      }
    }
  }

  /// The other toy says no to everything, so it is right on the two negatives and ranks all alike.
  @Test func evaluateTellsChanceFromSkill() throws {
    try withProgram { motifkit in
      let toy = try ToyData.model()
      try Model(toy).write(to: "\(motifkit.folder)/toy.safetensors")
      var other = toy
      other.parameters = [Float](repeating: 0, count: toy.parameters.count - 1) + [-1]
      try Model(other).write(to: "\(motifkit.folder)/no.safetensors")
      try motifkit.write(ToyData.table, to: "toy.csv")
      let arguments = [
        "evaluate", "toy.safetensors", "toy.csv", "--permutations", "199", "--against", "no.safetensors",
      ]
      let text = try motifkit.run(arguments)
      let lines = text.output.split(separator: "\n")
      #expect(text.status == 0 && lines.count == 14)
      #expect(lines[5] == "199 permutations of the labels")
      #expect(lines.last == "2 sequences only the first answers right, 0 only the second")
      let json = try motifkit.run(arguments + ["--format", "json", "--threads", "1"])
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(object?["auroc"] != nil)
      let test = try #require(object?["permutationTest"] as? [String: Double])
      // Two of the five scores are above 0; both are positives in 3 of 10 deals.
      #expect(test["permutations"] == 199 && abs(test["accuracy"]! - 0.3) < 0.15)
      let comparison = try #require(object?["comparison"] as? [String: Any])
      let accuracy = try #require(comparison["accuracy"] as? [String: Any])
      #expect(accuracy["pValue"] as? Double == 0.5 && accuracy["second"] as? Double == 0.4)
      #expect((comparison["auroc"] as? [String: Any])?["second"] as? Double == 0.5)
    }
  }

  @Test func shuffleKeepsDinucleotides() throws {
    try withProgram { motifkit in
      try motifkit.write(">a first\nACGTACATGCAACGT\n>b\nTTTTTT\n", to: "in.fa")
      let result = try motifkit("shuffle", "in.fa", "--seed", "4")
      let lines = result.output.split(separator: "\n")
      #expect(result.status == 0 && lines.count == 4)
      #expect(lines[0] == ">a" && lines[2] == ">b" && lines[3] == "TTTTTT")
      func pairs(_ text: Substring) -> [String] { zip(text, text.dropFirst()).map { "\($0)\($1)" }.sorted() }
      #expect(pairs(lines[1]) == pairs("ACGTACATGCAACGT"))
      #expect(try motifkit("shuffle", "in.fa", "--seed", "4", "--threads", "1").output == result.output)
    }
  }

  @Test func trainingDoesNotDependOnThreads() throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 300), to: "train.tsv")
      try motifkit.write(ToyData.training(count: 100), to: "test.tsv")
      try motifkit.write(
        """
        {"layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 7, "activation": "relu"},
          {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
        """, to: "small.json")
      func train(_ threads: Int, _ out: String) throws -> Program.Result {
        try motifkit(
          "train", "--network", "small.json", "--train", "train.tsv", "--test", "test.tsv", "--out",
          "\(out).safetensors", "--history", "\(out).tsv", "--epochs", "3", "--batch-size", "32",
          "--learning-rate", "0.02", "--threads", "\(threads)")
      }
      let one = try train(1, "one")
      #expect(one.status == 0 && one.errors.isEmpty)
      #expect(try train(2, "two") == one)
      #expect(try motifkit.bytes("one.safetensors") == motifkit.bytes("two.safetensors"))
      let history = try motifkit.read("one.tsv")
      #expect(try motifkit.read("two.tsv") == history)
      let rows = history.split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(rows[0] == ["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"])
      #expect(rows.map(\.count) == [5, 5, 5, 5] && rows.map { $0[0] } == ["epoch", "1", "2", "3"])
      #expect(one.output.split(separator: "\n").dropLast().last == "validation_accuracy\t\(rows[3][4])")
    }
  }
}
