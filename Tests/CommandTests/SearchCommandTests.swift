import Foundation
import MotifKit
import Testing

/// search on sequences of which half hold GATTACA.
@Suite struct SearchCommandTests {
  private func withData(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 120), to: "train.tsv")
      try motifkit.write(
        """
        {"layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 7, "activation": "relu"},
          {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
        """, to: "small.json")
      try motifkit.write(
        """
        {"filters": [2, 4, 8], "batchSize": [8, 16],
         "learningRate": {"min": 0.003, "max": 0.1, "scale": "log"}}
        """, to: "space.json")
      try motifkit.write("{\"filters\": [2],\n\"depth\": 3}", to: "bad.json")
      try body(motifkit)
    }
  }

  private let arguments = [
    "search", "--network", "small.json", "--train", "train.tsv", "--space", "space.json", "--trials", "6",
    "--epochs", "4", "--folds", "2", "--out", "out",
  ]

  @Test func wholeCommand() throws {
    try withData { motifkit in
      let text = try motifkit.run(arguments)
      #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
      #expect(text.output.hasPrefix("6 trials, trained 6 for 1 and "))
      #expect(text.output.contains("measured once on 24 sequences that the search never saw:"))
      let names = [
        "best.json", "best.safetensors", "run.json", "test.tsv", "trials.png", "trials.svg", "trials.tsv",
      ].map { "out/\($0)" }
      #expect(try motifkit.files().filter { $0.hasPrefix("out/") } == names)
      let trials = try motifkit.read("out/trials.tsv").split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false)
      }
      #expect(
        trials[0][..<4] == ["rank", "trial", "network", "given"]
          && trials.map(\.count) == [Int](repeating: 17, count: 7))
      #expect(trials.dropFirst().map { $0[0] } == (1...6).map { Substring("\($0)") })
      #expect(trials.dropFirst().count { $0[3] == "yes" } == 1)

      // The model is the winner's layers, and they can be trained again.
      let model = try Model(contentsOf: "\(motifkit.folder)/out/best.safetensors").network
      #expect(model.architecture.value(filters: trials[1][4]))
      let command = try #require(text.output.split(separator: "\n").last).split(separator: " ")
      #expect(command.first == "motifkit")
      #expect(try motifkit.run(command.dropFirst().map(String.init)).status == 0)

      let bytes = try names.map { try motifkit.bytes($0) }
      let json = try motifkit.run(arguments + ["--threads", "1", "--format", "json"])
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(object?["best"] as? Int == Int(trials[1][1]) && (object?["trials"] as? [Any])?.count == 6)
      for (name, before) in zip(names, bytes) where !name.contains("run.") && !name.contains("trials.") {
        #expect(try motifkit.bytes(name) == before, "\(name)")
      }
      #expect(try motifkit.bytes("out/trials.tsv") == bytes[6])
    }
  }

  @Test(arguments: ["tpe", "evolution"]) func otherStrategies(_ strategy: String) throws {
    try withData { motifkit in
      let text = try motifkit.run(arguments + ["--strategy", strategy])
      #expect(
        text.status == 0 && text.output.hasPrefix("6 trials chosen by \(strategy), trained 6 for 4 epochs"))
      #expect(try !motifkit.files().contains("out.journal"))
      let trials = try motifkit.bytes("out/trials.tsv")
      // Nothing to go on with: it begins anew.
      #expect(
        try motifkit.run(arguments + ["--strategy", strategy, "--resume", "--threads", "1"]).status == 0)
      #expect(try motifkit.bytes("out/trials.tsv") == trials)
    }
  }

  @Test func journalOfAnotherSearch() throws {
    try withData { motifkit in
      try motifkit.write("{\"journal\":\"motifkit search\",\"settings\":\"0\"}\n", to: "out.journal")
      let result = try motifkit.run(arguments + ["--resume"])
      #expect(
        result
          == Program.Result(
            status: 2, output: "",
            errors: "motifkit: out.journal: belongs to a search with other networks, options or data\n"))
      #expect(try !motifkit.files().contains { $0.hasPrefix("out/") })
    }
  }

  @Test("a file in the journal's place, and what another search left there") func placeOfTheJournal() throws {
    try withData { motifkit in
      try motifkit.write("mine\n", to: "out.journal")
      #expect(
        try motifkit.run(arguments)
          == .init(status: 2, output: "", errors: "motifkit: out.journal: is no journal of a search\n"))
      #expect(try motifkit.read("out.journal") == "mine\n")
      try motifkit.write("{\"journal\":\"motifkit search\",\"settings\":\"0\"}\n", to: "out.journal")
      let anew = try motifkit.run(arguments)
      #expect(
        anew.status == 0
          && anew.errors
            == "out.journal: was left by an interrupted search; this one begins anew, --resume would go on\n"
      )
      #expect(try !motifkit.files().contains("out.journal"))
    }
  }

  @Test("an interrupt says how to go on") func interrupt() throws {
    try withData { motifkit in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(Program.path))
      process.arguments = arguments + ["--trials", "2000", "--epochs", "100", "--halving", "1"]
      process.currentDirectoryURL = URL(fileURLWithPath: motifkit.folder)
      process.standardOutput = FileHandle.nullDevice
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      while !FileManager.default.fileExists(atPath: "\(motifkit.folder)/out.journal") { usleep(1000) }
      process.interrupt()
      process.waitUntilExit()
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(
        said == "motifkit: interrupted; the same command with --resume goes on from out.journal\n", "\(said)")
    }
  }

  @Test(arguments: [
    (
      "--strategy tpe --halving 3",
      "--halving is for --strategy random; the others train all trials to the end (see motifkit search --help)"
    ),
    (
      "--space bad.json",
      "bad.json: line 2: there is no parameter \"depth\"; expected filters, kernelSize, dropout, learningRate, batchSize, weightDecay"
    ),
    ("--network small.json,v1 --trials 1", "trials must be at least as many as networks, 2, not 1"),
    ("--space none.json", "none.json: cannot be read: no such file or directory"),
    ("--trials 0", "--trials 0: expected 1 to 10000 (see motifkit search --help)"),
    ("--folds 60", "train.tsv: 60 folds need at least as many sequences of each class; 48 have the label 0"),
    ("--test-share 1", "--test-share 1.0: expected a share between 0 and 1 (see motifkit search --help)"),
    (
      "--test-share 0.001",
      "train.tsv: 120 sequences are too few to hold out a share of 0.001 with both classes"
    ),
  ])
  func badInput(extra: String, line: String) throws {
    try withData { motifkit in
      let before = try motifkit.files()
      let result = try motifkit.run(arguments + extra.split(separator: " ").map(String.init))
      #expect(result == .init(status: 2, output: "", errors: "motifkit: \(line)\n"))
      #expect(try motifkit.files() == before)
    }
  }
}

extension Architecture {
  /// Whether the first convolution has this many filters.
  fileprivate func value(filters: Substring) -> Bool {
    if case .convolution1D(let layer) = layers[0].kind { "\(layer.filters)" == filters } else { false }
  }
}
