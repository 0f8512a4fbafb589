import Foundation
import MotifKit
import Runtime
import Testing

/// Cross-validation, search, stability and pruning of networks that learn numbers or classes.
@Suite struct ObjectiveCommandTests {
  private enum Question: String, CaseIterable, Sendable {
    case numbers, classes

    var options: [String] {
      switch self {
      case .numbers: ["--labels", "height,reads", "--loss", "mse"]
      case .classes: ["--labels", "kind", "--loss", "categorical"]
      }
    }

    var metrics: [String] {
      switch self {
      case .numbers: ["loss", "pearson", "spearman"]
      case .classes: ["loss", "accuracy", "auroc", "auprc"]
      }
    }

    var outputs: [String] {
      switch self {
      case .numbers: ["height", "reads"]
      case .classes: ["acid", "base", "none"]
      }
    }
  }

  private func run(_ motifkit: Program, _ command: String, _ question: Question, _ more: String) throws
    -> Program.Result
  {
    try motifkit.write(TargetCommandTests.table(120), to: "train.csv")
    return try motifkit.run(
      [command, "--network", "v1", "--train", "train.csv", "--epochs", "4", "--learning-rate", "0.01"]
        + ["--batch-size", "16", "--quiet", "--out", "out"] + question.options
        + more.split(separator: " ").map(String.init))
  }

  /// Rows of a table by column.
  private func rows(_ motifkit: Program, _ path: String) throws -> [[String: String]] {
    let lines = try motifkit.read(path).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test(arguments: Question.allCases) private func crossValidation(_ question: Question) throws {
    try withProgram { motifkit in
      let result = try run(motifkit, "crossval", question, "--folds 3 --network v1,v2")
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      let summary = try rows(motifkit, "out/summary.tsv")
      #expect(summary.map { $0["metric"] } == question.metrics + question.metrics)
      let comparisons = try rows(motifkit, "out/comparison.tsv")
      #expect(comparisons.map { $0["metric"] } == question.metrics)
      #expect(
        comparisons.map { $0["pooled_test"] }
          == question.metrics.map { question == .classes && $0 == "accuracy" ? "McNemar" : "" })

      // What a fold is said to be is what its predictions are.
      let predictions = try rows(motifkit, "out/predictions.tsv")
      #expect(predictions.count == 120)
      for fold in try rows(motifkit, "out/metrics.tsv") {
        let held = predictions.filter { $0["fold"] == fold["fold"] }
        let network = try #require(fold["network"])
        func numbers(_ column: String) -> [Float] { held.map { Float($0[column] ?? "") ?? .nan } }
        switch question {
        case .numbers:
          let values = try question.outputs.map {
            try #require(Metrics.pearson(numbers("\(network):\($0)"), numbers($0))).value
          }
          let found = try #require(Double(fold["pearson"] ?? ""))
          #expect(abs(found - values.reduce(0, +) / 2) < 1e-3)
        case .classes:
          let right = held.indices.count { row in
            question.outputs.max { numbers("\(network):\($0)")[row] < numbers("\(network):\($1)")[row] }
              == held[row]["kind"]
          }
          let found = try #require(Double(fold["accuracy"] ?? ""))
          #expect(abs(found - Double(right) / Double(held.count)) < 1e-3)
        }
      }
    }
  }

  @Test(arguments: Question.allCases) private func search(_ question: Question) throws {
    try withProgram { motifkit in
      let result = try run(
        motifkit, "search", question, "--trials 3 --folds 2 --metric \(question.metrics.last!)")
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      #expect(try rows(motifkit, "out/test.tsv").map { $0["metric"] } == question.metrics)
      let trials = try rows(motifkit, "out/trials.tsv")
      #expect(trials.count == 3 && trials[0]["validation_\(question.metrics[1])"] != nil)
      let model = try Model(contentsOf: "\(motifkit.folder)/out/best.safetensors")
      #expect(model.objective?.outputs == question.outputs)
      let command = try #require(result.output.split(separator: "\n").last).split(separator: " ")
      #expect(try motifkit.run(command.dropFirst().map(String.init)).status == 0)
      let other = try run(motifkit, "search", question, "--trials 3 --metric mean_squared_error")
      #expect(other.status == 2 && other.errors.contains("mean_squared_error does not judge this objective"))
    }
  }

  @Test(arguments: Question.allCases) private func stability(_ question: Question) throws {
    try withProgram { motifkit in
      let result = try run(motifkit, "stability", question, "--seeds 2")
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      let seeds = try rows(motifkit, "out/seeds.tsv")
      #expect(seeds.count == 2 && seeds.allSatisfy { Double($0[question.metrics[1]] ?? "") != nil })
      #expect(result.output.contains(question.metrics[1]))
    }
  }

  @Test(arguments: Question.allCases) private func pruning(_ question: Question) throws {
    try withProgram { motifkit in
      try motifkit.write(TargetCommandTests.table(120), to: "train.csv")
      #expect(
        try motifkit.run(
          ["train", "--network", "v1", "--train", "train.csv", "--epochs", "2", "--out", "m"]
            + question.options
        ).status == 0)
      let result = try motifkit(
        "prune", "m", "train.csv", "--criterion", "influence", "--keep", "8", "--epochs", "1", "--out", "p")
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      let line = try #require(result.output.split(separator: "\n").last)
      #expect(line.hasPrefix("trained on") && line.contains("–") == (question == .numbers))
      let smaller = try Model(contentsOf: "\(motifkit.folder)/p")
      #expect(smaller.network.architecture.shapes[0].channels == 8)
      #expect(smaller.objective == (try Model(contentsOf: "\(motifkit.folder)/m").objective))
    }
  }

  /// The paired t-test of losses where there is no yes and no.
  @Test func evaluatesAgainstAnother() throws {
    try withProgram { motifkit in
      try motifkit.write(TargetCommandTests.table(120), to: "train.csv")
      for (name, epochs) in [("m", "1"), ("n", "12")] {
        #expect(
          try motifkit.run(
            ["train", "--network", "v1", "--train", "train.csv", "--epochs", epochs, "--out", name]
              + ["--learning-rate", "0.01"] + Question.numbers.options
          ).status == 0)
      }
      let result = try motifkit("evaluate", "m", "train.csv", "--against", "n")
      #expect(result.status == 0 && result.output.contains("paired t"), "\(result)")
      let json = try motifkit("evaluate", "m", "train.csv", "--against", "n", "--format", "json").output
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let loss = (object?["comparison"] as? [String: Any])?["loss"] as? [String: Any]
      #expect(loss?["first"] as? Double ?? 0 > loss?["second"] as? Double ?? 1)
      let refused = try motifkit("evaluate", "m", "train.csv", "--permutations", "9")
      #expect(refused.status == 2 && refused.errors.contains("which --permutations needs"))
    }
  }
}
