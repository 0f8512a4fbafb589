import Foundation
import MotifKit
import Testing

@Suite struct StabilityCommandTests {
  @Test func whatComesBack() throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 600), to: "train.tsv")
      let options = [
        "--train", "train.tsv", "--network", "net.json", "--seeds", "3", "--epochs", "20", "--batch-size",
        "32",
        "--learning-rate", "0.01",
      ]
      try motifkit.write(
        """
        {"layers": [{"type": "convolution1D", "filters": 6, "kernelSize": 7, "activation": "relu"},
        {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
        """, to: "net.json")
      let result = try motifkit.run(["stability"] + options + ["--out", "out"])
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      #expect(result.output.hasPrefix("3 seeds"))
      #expect(
        try motifkit.files().filter { $0.hasPrefix("out/") }
          == [
            "out/attributions.tsv", "out/run.json", "out/seeds.tsv", "out/stability.meme",
            "out/stability.png",
            "out/stability.svg", "out/stability.tsv",
          ])
      let rows = try motifkit.read("out/stability.tsv").split(separator: "\n")
      // GATTACA comes back in every seed.
      #expect(rows[1].hasPrefix("cluster1\t3\t1.0000\t"))
      #expect(try motifkit.read("out/seeds.tsv").split(separator: "\n").count == 4)
      #expect(try motifkit.read("out/attributions.tsv").split(separator: "\n").count == 4)
      let again = try motifkit.run(
        ["stability"] + options + ["--out", "again", "--threads", "1", "--format", "json"])
      #expect(again.status == 0)
      #expect(try motifkit.bytes("again/stability.tsv") == motifkit.bytes("out/stability.tsv"))
      #expect(try motifkit.bytes("again/attributions.tsv") == motifkit.bytes("out/attributions.tsv"))
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any])
      #expect((object["seeds"] as? [Any])?.count == 3)
    }
  }

  @Test(arguments: [["--seeds", "1"], ["--database", "no.meme"], ["--rule", "best"]])
  func badInput(arguments: [String]) throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 60), to: "train.tsv")
      let result = try motifkit.run(
        ["stability", "--network", "v1", "--train", "train.tsv", "--out", "out"] + arguments)
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.errors.split(separator: "\n").count == 1)
      #expect(try motifkit.files() == ["train.tsv"])
    }
  }
}
