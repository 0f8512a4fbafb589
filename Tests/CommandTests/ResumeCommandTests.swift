import Foundation
import MotifKit
import Runtime
import Testing

/// `motifkit train` killed at any moment and resumed ends with the same bytes as one that never was.
@Suite struct ResumeCommandTests {
  /// What an interruption could disturb: minibatch statistics, dropout, and an exercise's network in small.
  private static let networks = [
    """
    {"layers": [
      {"type": "convolution1D", "filters": 8, "kernelSize": 7}, {"type": "batchNormalization"},
      {"type": "activation", "function": "relu"}, {"type": "dropout", "rate": 0.2},
      {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
    """,
    """
    {"layers": [
      {"type": "convolution1D", "filters": 16, "kernelSize": 12, "activation": "relu"},
      {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
    """,
  ]

  private func arguments(_ out: String, _ more: String...) -> [String] {
    [
      "train", "--network", "small.json", "--train", "train.tsv", "--test", "test.tsv", "--out", out,
      "--history", "\(out).tsv", "--epochs", "4", "--batch-size", "25", "--learning-rate", "0.01",
      "--schedule",
      "cosine", "--warm-up", "10", "--early-stopping", "4", "--reverse-complement", "--shift", "2",
      "--save-weights", "each-epoch", "--quiet",
    ] + more
  }

  @Test(arguments: networks.indices) func killedAtRandomMoments(_ index: Int) throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 200), to: "train.tsv")
      try motifkit.write(ToyData.training(count: 50), to: "test.tsv")
      try motifkit.write(Self.networks[index], to: "small.json")
      let start = ContinuousClock.now
      let whole = try motifkit.run(arguments("whole", "--checkpoint-every", "1-steps"))
      #expect(whole.status == 0 && whole.errors == "")
      let duration = (ContinuousClock.now - start) / .seconds(1)
      #expect(!FileManager.default.fileExists(atPath: "\(motifkit.folder)/whole.checkpoint"))

      var random = CounterRandom(seed: 1, purpose: .sampling, index: index)
      var (kills, finished, attempts) = (0, 0, 0)
      while kills < 25 || finished < 1 {
        attempts += 1
        try #require(attempts < 300, "\(kills) kills and \(finished) finished runs only")
        let interval = ["1", "1-steps", "3-steps", "20-steps"][random.below(4)]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Program.path))
        process.arguments = arguments("cut", "--checkpoint-every", interval, "--resume")
        process.currentDirectoryURL = URL(fileURLWithPath: motifkit.folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // After the kills, one run may end in peace.
        if kills < 25 {
          usleep(UInt32(1e6 * duration * random.uniform()))
          kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal {
          kills += 1
          continue
        }
        try #require(process.terminationStatus == 0)
        finished += 1
        for file in ["", ".tsv", ".epochs/epoch-0000.safetensors", ".epochs/epoch-0003.safetensors"] {
          #expect(try motifkit.bytes("cut\(file)") == motifkit.bytes("whole\(file)"), "\(file)")
        }
        for file in ["cut", "cut.tsv", "cut.epochs"] {
          try FileManager.default.removeItem(atPath: "\(motifkit.folder)/\(file)")
        }
      }
    }
  }

  @Test func checkpointsOfOtherRuns() throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 100), to: "train.tsv")
      try motifkit.write(ToyData.training(count: 40), to: "test.tsv")
      try motifkit.write(Self.networks[0], to: "small.json")
      try motifkit.write("not a checkpoint", to: "model.checkpoint")
      let result = try motifkit.run(arguments("model", "--resume"))
      #expect(result.status == 2 && result.output == "")
      #expect(result.errors.hasPrefix("motifkit: model.checkpoint: is not a model or a checkpoint"))
    }
  }

  @Test(arguments: [
    ("--optimizer lion", "The value 'lion' is invalid for '--optimizer <optimizer>'"),
    ("--momentum 0.9", "--momentum is for sgd and rmsprop"),
    ("--optimizer sgd --momentum 1", "momentum must be at least 0 and below 1, not 1.0"),
    ("--checkpoint-every 0", "The value '0' is invalid for '--checkpoint-every <epochs>'"),
    ("--weight-decay=-1", "weight decay must be 0 or more and below 1 / learning rate, not -1.0"),
    ("--early-stopping 0", "early stopping needs a patience of 1 epoch or more"),
    ("--batch-size 0", "the batch size must be from 1 to 16777216, not 0"),
  ]) func impossibleOptions(_ options: String, _ reason: String) throws {
    try withProgram { motifkit in
      let result = try motifkit.run(
        ["train", "--network", "v1", "--train", "x", "--out", "y"]
          + options.split(separator: " ").map(String.init))
      #expect(result.status == 2 && result.errors.contains(reason), "\(result.errors)")
    }
  }
}
