import Foundation
import MotifKit
import Testing

/// crossval on sequences of which half hold GATTACA.
@Suite struct CrossValidationCommandTests {
  private static let small = """
    {"layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 7, "activation": "relu"},
      {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
    """

  private func withData(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 120), to: "train.tsv")
      try motifkit.write(Self.small, to: "four.json")
      try motifkit.write(
        Self.small.replacingOccurrences(of: "\"filters\": 4", with: "\"filters\": 1"), to: "one.json")
      try motifkit.write(
        Self.small.replacingOccurrences(of: "\"units\": 1", with: "\"units\": 2"), to: "two.json")
      try body(motifkit)
    }
  }

  private let arguments = [
    "crossval", "--network", "four.json,one.json", "--folds", "4", "--train", "train.tsv", "--epochs", "3",
    "--batch-size", "16", "--learning-rate", "0.02", "--out", "out",
  ]

  @Test func wholeCommand() throws {
    try withData { motifkit in
      let text = try motifkit.run(arguments)
      #expect(text.status == 0 && text.errors.isEmpty)
      let lines = text.output.split(separator: "\n")
      #expect(lines[0] == "4 folds of 120 sequences, 60 of them positive")
      #expect(lines[1].hasPrefix("network  metric ") && lines[2].hasPrefix("four     loss "))
      #expect(lines[10].hasPrefix("pair ") && lines[12].hasPrefix("four - one  accuracy "))
      let names = [
        "comparison.tsv", "folds.tsv", "learning-curves.png", "learning-curves.svg", "metrics.png",
        "metrics.svg", "metrics.tsv", "predictions.tsv", "run.json", "summary.tsv",
      ].map { "out/\($0)" }
      #expect(try motifkit.files().filter { $0.hasPrefix("out/") } == names)
      func table(_ name: String) throws -> [[Substring]] {
        try motifkit.read("out/\(name).tsv").split(separator: "\n").map {
          $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
      }
      let folds = try table("folds")
      #expect(
        folds[0] == [
          "network", "fold", "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy",
        ])
      #expect(folds.count == 1 + 2 * 4 * 3 && folds[1][..<3] == ["four", "1", "1"])
      let predictions = try table("predictions")
      #expect(predictions[0] == ["name", "label", "fold", "four", "one"] && predictions.count == 121)
      // The last epoch's accuracy of fold 2 is what its logits say.
      let second = predictions.dropFirst().filter { $0[2] == "2" }
      let right = second.count { (Double($0[3])! > 0) == ($0[1] == "1") }
      let last = try #require(folds.first { $0[..<3] == ["four", "2", "3"] })
      #expect(second.count == 30 && abs(Double(last[6])! - Double(right) / 30) < 1e-6)
      let summary = try table("summary")
      #expect(summary.map(\.count) == [Int](repeating: 8, count: 9) && summary[3][..<2] == ["four", "auroc"])
      #expect(try table("comparison").count == 5)

      let bytes = try names.map { try motifkit.bytes($0) }
      let json = try motifkit.run(arguments + ["--threads", "1", "--format", "json"])
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(object?["folds"] as? Int == 4 && (object?["networks"] as? [Any])?.count == 8)
      for (name, before) in zip(names, bytes) where name.hasSuffix(".tsv") {
        #expect(try motifkit.bytes(name) == before, "\(name)")
      }
    }
  }

  @Test(arguments: [
    ("--folds 1", "--folds 1: expected 2 or more (see motifkit crossval --help)"),
    ("--folds 61", "train.tsv: 61 folds need at least as many sequences of each class; 60 have the label 0"),
    ("--network v9", "v9: is neither a file nor one of the networks \(NetworkNames.presets)"),
    ("--network v5", "network v5: layer 4 (conv1d): a window of 6 does not fit into 4 positions"),
    ("--network two.json", "two: the network has 2 outputs; one for yes or no is needed"),
    ("--network four.json,four.json", "--network four.json,four.json: four is there twice"),
    (
      "--early-stopping 2",
      "--early-stopping and --schedule plateau look at the sequences that a fold holds out; leave them out"
    ),
    (
      "--keep-together chromosomes",
      "train.tsv: sequence seq1 has no chromosome in its name; expected a name like chr1:1000-1100"
    ),
    ("--learning-rate 1e30", "four, fold 1: the loss is no longer a number"),
  ])
  func badInput(extra: String, line: String) throws {
    try withData { motifkit in
      let before = try motifkit.files()
      // The last value of an option counts.
      let result = try motifkit.run(arguments + extra.split(separator: " ").map(String.init))
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.errors.hasPrefix("motifkit: \(line)"), "\(result.errors)")
      #expect(result.errors.filter { $0 == "\n" }.count == 1)
      #expect(try motifkit.files() == before)
    }
  }
}

private enum NetworkNames {
  static let presets = Preset.allCases.map(\.rawValue).joined(separator: ", ")
}
