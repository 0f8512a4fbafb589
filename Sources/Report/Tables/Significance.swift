import Evaluation
import Runtime
import Statistics

/// What evaluation says of chance: p-values of a model, and of its difference from another.
public struct Significance: Encodable, Sendable {
  public let permutationTest: PermutationTest?
  public let comparison: NetworkComparison?

  public init(permutationTest: PermutationTest? = nil, comparison: NetworkComparison? = nil) {
    (self.permutationTest, self.comparison) = (permutationTest, comparison)
  }

  /// For people; empty if there is nothing to say.
  ///
  /// - Parameters:
  ///   - model: name of the model.
  ///   - against: name of the other.
  public func text(model: String, against: String?) -> String {
    var text = ""
    if let test = permutationTest {
      text +=
        "\n\(Words.count(test.permutations)) permutations of the labels\n"
        + Table(
          "", columns: ["metric", "p"],
          rows: [
            [.text("accuracy"), .pValue(test.accuracy)], [.text("auroc"), .pValue(test.auroc)],
          ]
        ).text
    }
    if let comparison, let against {
      func row(_ name: String, _ test: String, _ difference: PairedComparison.Difference) -> [Table.Cell] {
        func four(_ value: Double) -> Table.Cell { .number(value, decimals: 4) }
        let interval = difference.difference
        return [
          .text(name), four(difference.first), four(difference.second), four(interval.value),
          .text("\(four(interval.low).text) to \(four(interval.high).text)"), .pValue(difference.pValue),
          .text(test),
        ]
      }
      var table = Table(
        "", columns: ["metric", "first", "second", "difference", "95 % interval", "p", "test"])
      if let binary = comparison.binary {
        table.append(row("accuracy", "McNemar, exact", binary.accuracy))
        if let auroc = binary.auroc { table.append(row("auroc", "DeLong", auroc)) }
      } else if let loss = comparison.loss {
        table.append(row("loss", "paired t", loss))
      }
      text += "\n\(model) (first) against \(against) (second)\n\(table.text)"
      if let binary = comparison.binary {
        text +=
          "\(binary.onlyFirstRight) sequences only the first answers right,"
          + " \(binary.onlySecondRight) only the second\n"
      }
    }
    return text
  }
}
