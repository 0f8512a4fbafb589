import Foundation
import MotifKit
import Testing

/// audit and grade on sequences with FOXO1 in the middle.
@Suite struct AuditCommandTests {
  /// A network that looks for FOXO1 anywhere, and one that looks at the middle alone.
  private func withNetworks(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      _ = try motifkit("simulate", "--out", "data", "--count", "800", "--length", "60")
      let kernel = Motif.foxo1.weights().values.map(Float.init)
      let anywhere = try Architecture(
        input: .dna(length: 60),
        layers: [
          .convolution1D(Convolution1D(filters: 1, kernelSize: 12, activation: .relu)), .globalMaxPooling1D,
          .dense(Dense(1)),
        ])
      try Model(Network(architecture: anywhere, parameters: kernel + [0, 1, -6]))
        .write(to: "\(motifkit.folder)/anywhere.safetensors")
      let middle = try Architecture(input: .dna(length: 60), layers: [.flatten, .dense(Dense(1))])
      let margin = [Float](repeating: 0, count: 4 * 24)
      try Model(Network(architecture: middle, parameters: margin + kernel + margin + [-1]))
        .write(to: "\(motifkit.folder)/middle.safetensors")
      try body(motifkit)
    }
  }

  @Test func auditSaysYesAndNo() throws {
    try withNetworks { motifkit in
      let good = try motifkit("audit", "anywhere.safetensors", "data/FOXO1_test.csv")
      #expect(good.status == 0 && good.errors.isEmpty, "\(good.output)\(good.errors)")
      #expect(good.output.hasSuffix("nothing wrong found\n"))
      let bad = try motifkit(
        "audit", "middle.safetensors", "data/FOXO1_test.csv", "--train", "data/FOXO1_train.csv", "--out",
        "out",
        "--format", "json")
      #expect(bad.status == 1)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(bad.output.utf8)) as? [String: Any])
      #expect(object["passed"] as? Bool == false)
      let checks = try #require(object["checks"] as? [[String: Any]])
      let move = try #require(checks.first { $0["name"] as? String == "position.move" })
      #expect(move["verdict"] as? String == "no" && move["value"] as? Double ?? 0 > 0.1)
      #expect(checks.contains { $0["name"] as? String == "data.trained" && $0["value"] as? Double == 0 })
      #expect(
        try motifkit.files().filter { $0.hasPrefix("out/") }
          == ["out/audit.tsv", "out/position.png", "out/position.svg", "out/position.tsv", "out/run.json"])
      #expect(try motifkit.read("out/audit.tsv").hasPrefix("check\tvalue\tlow\thigh\tverdict\ttext\n"))
      let again = try motifkit(
        "audit", "middle.safetensors", "data/FOXO1_test.csv", "--out", "again", "--threads", "1")
      #expect(again.output.hasSuffix("not passed: position.move, position.place, position.ceiling\n"))
      #expect(try motifkit.bytes("out/position.tsv") == motifkit.bytes("again/position.tsv"))
    }
  }

  @Test func gradesEveryMethod() throws {
    try withNetworks { motifkit in
      let result = try motifkit(
        "grade", "anywhere.safetensors", "data/FOXO1_test.csv", "--truth", "data/truth.tsv", "--limit", "40",
        "--out", "out")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      let lines = result.output.split(separator: "\n")
      let methods = lines.dropFirst().dropLast().map { $0.prefix { $0 != " " } }
      #expect(
        lines[0].hasPrefix("method ") && methods.last == "chance" && Set(methods).count == methods.count)
      #expect(
        Set(methods).isSuperset(of: [
          "gradient", "integrated-gradients", "deepshap", "mutagenesis", "smoothgrad",
        ]))
      #expect(lines.last == "40 sequences with a site")
      #expect(
        try motifkit.files().filter { $0.hasPrefix("out/") }
          == [
            "out/agreement.png", "out/agreement.svg", "out/agreement.tsv", "out/grade.png", "out/grade.svg",
            "out/grade.tsv", "out/run.json",
          ])
      // The simulated test sequences are the same where the size is.
      let simulated = try motifkit(
        "grade", "anywhere.safetensors", "--limit", "5", "--format", "json", "--threads", "1")
      #expect(simulated.status == 0 && simulated.output.contains("\"sequences\" : 5"))
    }
  }

  @Test(arguments: [
    (["audit", "none.safetensors", "data/FOXO1_test.csv"], "none.safetensors"),
    (["audit", "middle.safetensors", "data/FOXO1_test.csv", "--shift", "0"], "--shift 0"),
    (["audit", "middle.safetensors", "data/FOXO1_test.csv", "--motif", "no.meme", "--out", "o"], "no.meme"),
    (["grade", "middle.safetensors", "data/FOXO1_test.csv"], "--truth"),
    (["grade", "middle.safetensors", "data/FOXO1_train.csv", "--truth", "data/no.tsv"], "no.tsv"),
  ]) func badInput(arguments: [String], word: String) throws {
    try withNetworks { motifkit in
      let before = try motifkit.files()
      let result = try motifkit.run(arguments)
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(word))
      #expect(try motifkit.files() == before)
    }
  }
}
