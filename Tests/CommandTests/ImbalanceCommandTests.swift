import Foundation
import Testing

/// Rare positives, from their simulation to the calls of a model whose threshold was chosen.
@Suite struct ImbalanceCommandTests {
  private static func withRareSites(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      let simulated = try motifkit(
        "simulate", "--out", "data", "--count", "600", "--length", "30", "--class-ratio", "5", "--quiet")
      #expect(simulated.status == 0, "\(simulated.errors)")
      try body(motifkit)
    }
  }

  private static func train(_ motifkit: Program, _ options: String) throws -> Program.Result {
    try motifkit.run(
      [
        "train", "--network", "v1", "--train", "data/FOXO1_train.csv", "--test", "data/FOXO1_test.csv",
        "--out", "m",
        "--epochs", "4", "--batch-size", "16", "--learning-rate", "0.01", "--quiet",
      ] + options.split(separator: " ").map(String.init))
  }

  @Test func ratioOfClasses() throws {
    try Self.withRareSites { motifkit in
      for part in ["train", "test"] {
        let rows = try motifkit.read("data/FOXO1_\(part).csv").split(whereSeparator: \.isNewline).dropFirst()
        #expect(rows.count == 300)
        #expect(rows.count { $0.split(separator: ",").last == "1" } == 50)
      }
      let truth = try motifkit.read("data/truth.tsv").split(separator: "\n")
      #expect(truth.count { $0.split(separator: "\t")[2] == "1" } == 100)
    }
  }

  @Test(arguments: ["1000", "0", "-1", "nan"]) func impossibleRatio(_ ratio: String) throws {
    try withProgram { motifkit in
      let result = try motifkit("simulate", "--out", "data", "--count", "100", "--class-ratio", ratio)
      #expect(result.status == 2 && result.errors.hasPrefix("motifkit: class ratio"), "\(result.errors)")
      #expect(try motifkit.files().isEmpty)
    }
  }

  @Test func trainingPrintsAUROC() throws {
    try Self.withRareSites { motifkit in
      let rows = try Self.train(motifkit, "").output.split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(
        rows.map { String($0[0]) } == [
          "loss", "accuracy", "auroc", "validation_loss", "validation_accuracy", "validation_auroc",
        ])
      let evaluated = try motifkit("evaluate", "m", "data/FOXO1_test.csv").output
      let auroc = try #require(evaluated.firstMatch(of: /auroc +([0-9.]+)/))
      #expect(abs(try #require(Double(rows[5][1])) - (try #require(Double(auroc.1)))) < 1e-4)
    }
  }

  @Test(arguments: [
    "--balance up", "--balance down", "--balance batches", "--loss focal", "--focal-gamma 0.5",
  ])
  func otherTrainingGivesAnotherModel(_ options: String) throws {
    try Self.withRareSites { motifkit in
      #expect(try Self.train(motifkit, "").status == 0)
      let plain = try motifkit.bytes("m")
      let result = try Self.train(motifkit, options)
      #expect(result.status == 0, "\(result.errors)")
      let one = try motifkit.bytes("m")
      #expect(one != plain)
      #expect(try Self.train(motifkit, options + " --threads 1").status == 0)
      #expect(try motifkit.bytes("m") == one)
    }
  }

  @Test func thresholdIsStoredAndUsed() throws {
    try Self.withRareSites { motifkit in
      let trained = try Self.train(motifkit, "--threshold f1")
      let threshold = try #require(
        trained.output.firstMatch(of: /threshold\t([0-9.]+)/).flatMap { Double($0.1) }, "\(trained)")
      let evaluated = try motifkit("evaluate", "m", "data/FOXO1_test.csv", "--format", "json").output
      let json = try #require(
        JSONSerialization.jsonObject(with: Data(evaluated.utf8)) as? [String: Any])
      #expect(abs(try #require(json["threshold"] as? Double) - threshold) < 1e-6)
      let f1 = try #require((json["f1"] as? [String: Double])?["value"])
      // By hand from the calls of predict.
      let predicted = try motifkit("predict", "m", "data/FOXO1_test.csv").output
      let rows = predicted.split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(rows[0].last == "call")
      let labels = try motifkit.read("data/FOXO1_test.csv").split(whereSeparator: \.isNewline).dropFirst().map
      {
        $0.split(separator: ",").last == "1"
      }
      let calls = rows.dropFirst().map { $0.last == "1" }
      let right = zip(calls, labels).count { $0 && $1 }
      let expected = 2 * Double(right) / Double(calls.count { $0 } + labels.count { $0 })
      #expect(abs(f1 - expected) < 1e-6)
      // No other threshold has a larger F1, and a given one comes before the model's.
      for other in ["0.5", "0.2", "0.8"] {
        let text = try motifkit("evaluate", "m", "data/FOXO1_test.csv", "--threshold", other).output
        let value = try #require(text.firstMatch(of: /f1 +([0-9.]+)/).flatMap { Double($0.1) })
        #expect(value <= expected + 1e-4 && text.contains("threshold         \(other)000\n"))
      }
    }
  }

  @Test(arguments: [
    ("--threshold f1", "--threshold is chosen on the sequences of --test"),
    ("--focal-gamma -1", "gamma of the focal loss must be from 0 to 100, not -1.0"),
    ("--balance sideways", "The value 'sideways' is invalid for '--balance <balance>'"),
  ]) func refusals(_ options: String, _ reason: String) throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 40), to: "train.tsv")
      let result = try motifkit.run(
        ["train", "--network", "v1", "--train", "train.tsv", "--out", "m"]
          + options.split(separator: " ").map(String.init))
      #expect(result.status == 2 && result.errors.contains(reason), "\(result.errors)")
    }
  }
}
