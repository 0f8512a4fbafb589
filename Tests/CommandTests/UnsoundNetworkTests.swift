import Foundation
import MotifKit
import Runtime
import Testing

/// A network whose outputs are no numbers is named in one line, with status 2, and nothing is written.
@Suite struct UnsoundNetworkTests {
  private static let commands = [
    "predict $ seqs.csv", "evaluate $ seqs.csv", "audit $ seqs.csv --out folder", "audit $ seqs.csv",
    "explain $ seqs.csv --method input-x-gradient --out out",
    "explain $ seqs.csv --method deepshap --out out",
    "prune $ seqs.csv --keep 2 --epochs 0 --out out", "prune $ seqs.csv --lossless --out out",
    "redundancy $ seqs.csv --out folder", "filters $ seqs.csv --out folder",
    "discover $ seqs.csv --out folder", "grade $ --limit 2",
    "grade $ seqs.csv --truth truth.tsv --limit 2 --out folder",
  ]

  /// Dense layers whose weights are near the largest of floats.
  @Test(arguments: commands.filter { !$0.hasPrefix("redundancy") && !$0.hasPrefix("filters") })
  func denseLayers(_ command: String) throws {
    try expectOneLine(command, try Self.file("overflowing-dense"))
  }

  /// 33 outputs that nobody has named.
  @Test(arguments: commands.filter { $0.hasPrefix("explain") || $0.contains("--lossless") })
  func softmax(_ command: String) throws {
    try expectOneLine(command, try Self.file("overflowing-softmax"))
  }

  @Test(arguments: commands) func convolution(_ command: String) throws {
    let network = try ToyData.model(length: 40)
    var parameters = network.parameters
    parameters[parameters.count - 2] = 3e38
    let unsound = Network(architecture: network.architecture, parameters: parameters)
    try withProgram { motifkit in
      try Model(unsound).write(to: motifkit.folder + "/m")
      try expectOneLine(command, motifkit.bytes("m"))
    }
  }

  private func expectOneLine(_ command: String, _ model: [UInt8]) throws {
    try withProgram { motifkit in
      try motifkit.write(model, to: "m")
      var table = "seq,label\n"
      var truth = "set\tindex\tlabel\tstart\tstrand\n"
      for index in 0..<20 {
        var random = CounterRandom(seed: 3, purpose: .simulation, index: index)
        table += Nucleotide.string((0..<40).map { _ in UInt8(random.below(4)) }) + ",\(index % 2)\n"
        truth += "test\t\(index)\t\(index % 2)\t\(index % 2 == 1 ? "10\t+" : "\t")\n"
      }
      try motifkit.write(table, to: "seqs.csv")
      try motifkit.write(truth, to: "truth.tsv")
      let arguments = command.replacingOccurrences(of: "$", with: "m").split(separator: " ").map(String.init)
      let result = try motifkit.run(arguments + ["--quiet"])
      #expect(result.status == 2 && result.output == "")
      #expect(
        result.errors.wholeMatch(
          of: /motifkit: m: what the network gives for \S+ is (nan|-?inf), not a number\n/)
          != nil, "\(result.errors)")
      #expect(try motifkit.files() == ["m", "seqs.csv", "truth.tsv"])
    }
  }

  private static func file(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: folder.appendingPathComponent("Cases/\(name).safetensors")))
  }
}
