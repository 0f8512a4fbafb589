import Foundation
import MotifKit
import Runtime
import Testing

/// Networks that give a profile and its sum, on windows of a genome with signals.
@Suite struct ProfileCommandTests {
  /// Cuts that pile up over each window's middle.
  private func writeSignals(_ motifkit: Program) throws {
    let genome = try Genome(path: motifkit.folder + "/genome.fa")
    var track = SignalTrack(chromosomes: genome.chromosomes)
    for (number, name) in ToyGenome.chromosomes.enumerated() {
      for peak in 0..<ToyGenome.peaksOfChromosome {
        let start = 300 + 150 * peak - 20
        let cuts = (0..<40).map { Float(20 - abs($0 - 20) + (peak + number) % 3) }
        track.add(cuts, at: GenomicLocation(chromosome: name, start: start, end: start + 40))
      }
    }
    for name in ["cuts.bw", "others.bw"] { try track.write(to: motifkit.folder + "/" + name) }
  }

  private struct Answer: Decodable {
    struct Output: Decodable {
      struct Estimate: Decodable { var value: Double }
      var name: String
      var metrics: [String: Estimate]
    }
    var outputs: [Output]
  }

  @Test func trainedMeasuredAndPruned() throws {
    try ToyGenome.withFiles { motifkit in
      try writeSignals(motifkit)
      func options(_ signal: String) -> [String] {
        ToyGenome.windows + ["--signal", signal, "--signal-profile", "--quiet"]
      }
      let training =
        ["train", "--network", "bpnet", "--train", "peaks.narrowPeak", "--loss", "multinomial"]
        + options("cuts.bw") + ["--epochs", "1", "--batch-size", "16", "--out", "model.safetensors"]
      let trained = try motifkit.run(training + ["--checkpoint-every", "1", "--resume"])
      #expect(trained.status == 0 && trained.errors.isEmpty, "\(trained.errors)")
      var answers: [String] = []
      for signal in ["cuts.bw", "others.bw"] {
        let result = try motifkit.run(
          ["evaluate", "model.safetensors", "peaks.narrowPeak", "--format", "json"] + options(signal))
        #expect(result.status == 0, "\(result.errors)")
        answers.append(result.output)
      }
      // Signals of another name stand for those that were learned.
      #expect(answers[0] == answers[1])
      let answer = try JSONDecoder().decode(Answer.self, from: Data(answers[0].utf8))
      #expect(answer.outputs.map(\.name) == ["profile", "cuts.sum"])
      #expect(answer.outputs[0].metrics.keys.sorted() == ["jensen_shannon", "pearson"])
      #expect(answer.outputs[1].metrics.keys.sorted() == ["mean_squared_error", "pearson", "spearman"])
      let pruned = try motifkit.run(
        [
          "prune", "model.safetensors", "peaks.narrowPeak", "--keep", "8", "--epochs", "1", "--out",
          "small.safetensors",
        ]
          + options("cuts.bw"))
      #expect(pruned.status == 0 && pruned.output.contains("conv1d_9: 56 filters removed"), "\(pruned)")
      let missing = try motifkit.run(
        ["evaluate", "model.safetensors", "peaks.narrowPeak", "--signal", "cuts.bw"] + ToyGenome.windows)
      #expect(missing.status == 2 && missing.errors.contains("no column cuts.1"), "\(missing.errors)")
    }
  }

  @Test(arguments: ["crossval", "search"]) func notComparedByTwoLosses(_ command: String) throws {
    try ToyGenome.withFiles { motifkit in
      try writeSignals(motifkit)
      let result = try motifkit.run(
        [
          command, "--network", "bpnet", "--train", "peaks.narrowPeak", "--loss", "multinomial", "--out",
          "folder",
        ]
          + ToyGenome.windows + ["--signal", "cuts.bw", "--signal-profile", "--quiet"]
          + (command == "crossval" ? ["--folds", "2"] : []))
      #expect(
        result.status == 2 && result.errors.contains("bpnet: learns a profile and its sum"),
        "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: motifkit.folder + "/folder"))
    }
  }
}
