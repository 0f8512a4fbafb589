import Arrays
import Foundation
import Testing

@Suite struct ImportCommandTests {
  /// A check that fails prints by how much, ends with status 1 and writes no model.
  @Test func failedChecks() throws {
    try TrainedToy.run { motifkit in
      let exported = try motifkit("export", "m", "--to", "onnx", "--out", "m.onnx")
      #expect(exported.status == 0, "\(exported.errors)")
      try NPZFile.write(
        [
          NamedArray(
            "x",
            TypedArray(
              .float32(Array(repeating: 0, count: 4 * TrainedToy.length)), shape: [1, TrainedToy.length, 4])),
          NamedArray("y", TypedArray(.float32([1000]), shape: [1, 1])),
        ], to: motifkit.folder + "/check.npz")
      let text = try motifkit("import", "m.onnx", "--check", "check.npz", "--out", "copy")
      #expect(text.status == 1 && text.errors.isEmpty, "\(text.errors)")
      #expect(text.output.contains("largest difference from check.npz: "))
      #expect(text.output.contains("not the same network, so copy is not written"))
      let json = try motifkit(
        "import", "m.onnx", "--check", "check.npz", "--out", "copy", "--format", "json", "--quiet")
      #expect(json.status == 1)
      let digest = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(try #require(digest?["difference"] as? Double) > 900)
      #expect(try !motifkit.files().contains("copy"))
    }
  }

  /// Weights with their layers beside them are a model for every command.
  @Test func weightsWithTheirLayers() throws {
    try TrainedToy.run { motifkit in
      let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("InterchangeTests/Golden/").path
      try "seq\n\(String(repeating: "ACGTT", count: 6))\n".write(
        toFile: motifkit.folder + "/thirty.tsv", atomically: true, encoding: .utf8)
      for file in ["parametrized.pth", "double.safetensors"] {
        let weights = golden + "/" + file
        let predicted = try motifkit(
          "predict", weights, "--architecture", golden + "/parametrized.json", "thirty.tsv")
        let alone = try motifkit("predict", weights, "thirty.tsv")
        #expect(alone.status == 2 && alone.errors.contains("architecture"))
        #expect(predicted.status == 0, "\(predicted.errors)")
      }
    }
  }
}
