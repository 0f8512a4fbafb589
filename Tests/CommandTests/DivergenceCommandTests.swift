import Foundation
import Testing

/// Training that diverges ends with status 2 and leaves no model and no history.
@Suite struct DivergenceCommandTests {
  @Test(arguments: [
    ("--learning-rate 1e300", "epoch 1, batch 1; conv1d.kernel holds values that are not numbers"),
    (
      "--learning-rate 1e30 --optimizer sgd --momentum 0.9",
      "epoch 1, batch 2; the output of dense is too large"
    ),
  ]) func endsCleanly(_ options: String, _ place: String) throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 100), to: "train.tsv")
      let result = try motifkit.run(
        [
          "train", "--network", "v1", "--train", "train.tsv", "--out", "model", "--history", "history.tsv",
          "--figure", "curves.svg", "--batch-size", "20", "--quiet",
        ] + options.split(separator: " ").map(String.init))
      #expect(
        result
          == Program.Result(
            status: 2, output: "",
            errors: "motifkit: the loss is no longer a number in \(place): lower the learning rate\n"))
      #expect(try motifkit.files() == ["train.tsv"])
    }
  }
}
