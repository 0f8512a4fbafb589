import Evaluation
import Foundation
import NeuralNetworks
import Runtime
import Statistics

/// What a search found: what the program prints.
public struct SearchDigest: Encodable, Sendable {
  /// Number of the winner.
  public let best: Int
  /// What repeats the winner's training.
  public let command: String
  /// The winner on sequences that the search never saw.
  public let test: ObjectiveMetrics
  /// The winner (first) against its network as given (second) on the same sequences.
  public let againstGiven: NetworkComparison?
  /// As in `trials.tsv`.
  public let trials: Table
  let head: String
  let testText: String

  enum CodingKeys: CodingKey { case best, command, test, againstGiven, trials }

  /// For people: the best trials, and the winner's measure.
  public var text: String {
    let columns = trials.columns
    let varied = Set(SearchSpace.Parameter.allCases.map(\.column))
    // What is the same for all says nothing.
    let shown = columns.indices.filter { column in
      if ["validation_auprc", "problem"].contains(columns[column]) { return false }
      return !varied.contains(columns[column]) || Set(trials.rows.map { $0[column].text }).count > 1
    }
    let top = Table(
      "", columns: shown.map { columns[$0].replacingOccurrences(of: "validation_", with: "") },
      rows: trials.rows.prefix(8).map { row in
        shown.map { column in
          if case .number(let value, _) = row[column] { return .number(value, decimals: 4) }
          return row[column]
        }
      })
    let more = trials.rows.count > 8 ? "…\n" : ""
    return
      "\(head)\n\n\(top.text)\(more)\n\(testText)\nThe same network on all sequences, the held-out ones too:\n  \(command)\n"
  }
}

extension SearchReport {
  /// - Parameters:
  ///   - folder: where the report is written.
  ///   - data: the words of the command line that name the training data, and those of training that no trial changes.
  public func digest(folder: String, data: String) -> SearchDigest {
    let metric = search.plan.metric.name
    let rungs = search.rungs.map { "\($0.trials) for \($0.epochs)" }
    let how = search.plan.strategy == .random ? "" : " chosen by \(search.plan.strategy.rawValue)"
    let head =
      "\(search.trials.count) trials\(how), trained \(Words.list(rungs)) epochs, judged by validation \(metric), mean of"
      + " \(search.folds) folds of \(Words.count(counts.search)) sequences"
    func four(_ value: Double) -> Table.Cell { .number(value, decimals: 4) }
    let metrics = outcome.metrics
    var test =
      "Trial \(search.best.number), trained on all of them and measured once on \(Words.count(counts.test)) sequences"
      + " that the search never saw:\n"
      + Table(
        "", columns: ["metric", "value", "95 % interval"],
        rows: metrics.objective.metrics.compactMap { metric in
          metrics.value(metric).map { value in
            let interval = metrics.estimate(metric).map { "\(four($0.low).text) to \(four($0.high).text)" }
            return [.text(metric.name), four(value), .text(interval ?? "")]
          }
        }
      ).text
    if let comparison = outcome.comparison {
      test += Significance(comparison: comparison).text(
        model: "trial \(search.best.number)", against: "\(search.best.network) as given")
    } else if search.best.isGiven {
      test += "\nNo trial was better than \(search.best.network) as given.\n"
    }
    return SearchDigest(
      best: search.best.number, command: command(folder, data), test: metrics,
      againstGiven: outcome.comparison, trials: trialTable, head: head, testText: test)
  }

  private func command(_ folder: String, _ data: String) -> String {
    let options = search.best.options
    var words = "motifkit train --network \(folder)/best.json \(data) --out model.safetensors"
    words += " --epochs \(options.epochs) --batch-size \(options.batchSize)"
    words += " --learning-rate \(Self.short(options.learningRate))"
    if options.weightDecay > 0 { words += " --weight-decay \(Self.short(options.weightDecay))" }
    return words
  }
}
