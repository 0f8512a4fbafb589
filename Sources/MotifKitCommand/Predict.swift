import ArgumentParser
import MotifKit

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give each sequence its probability.",
    discussion: """
      Prints a table of name, probability and logit.

      EXAMPLE:
        motifkit predict v2.safetensors peaks.fa > predictions.tsv
      """)

  private struct Prediction: Encodable {
    var name: String
    var probability: Float
    var logit: Float
  }

  private struct Predictions: Encodable { var predictions: [Prediction] }

  /// Sequences that are read at a time.
  private static let chunkSize = 1 << 16

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  func run() throws {
    let network = try Network(contentsOf: model)
    let reader = try SequenceReader(path: file)
    let progress = ProgressBar("Predicting", total: 0, unit: "sequences", common)
    var all: [Prediction] = []
    var done = 0
    var isFirst = true
    while let chunk = try reader.next(Self.chunkSize, length: network.architecture.input.length) {
      let predictions = predictions(network, chunk, from: done)
      done += chunk.count
      progress.update(done)
      if output.isJSON {
        all += predictions
        continue
      }
      if isFirst { try StandardOutput.write("name\tprobability\tlogit\n") }
      isFirst = false
      for row in predictions { try StandardOutput.write("\(row.name)\t\(row.probability)\t\(row.logit)\n") }
    }
    if output.isJSON { try StandardOutput.write(json: Predictions(predictions: all)) }
  }

  private func predictions(_ network: Network, _ chunk: SequenceSet, from first: Int) -> [Prediction] {
    network.logits(chunk).enumerated().map { index, logit in
      Prediction(
        name: chunk.names.isEmpty ? "seq\(first + index + 1)" : chunk.names[index],
        probability: Float(Activation.sigmoid.value(Double(logit))), logit: logit)
    }
  }
}

extension SequenceReader {
  /// Up to `count` more sequences, all of `length`; `nil` at the end of the file.
  fileprivate func next(_ count: Int, length: Int) throws -> SequenceSet? {
    var chunk = SequenceSet()
    while chunk.count < count, let record = try next() {
      guard record.codes.count == length else {
        throw InputError(
          file: file, line: line,
          "the sequence has \(record.codes.count) bases, but the network takes \(length)")
      }
      chunk.append(record.codes, name: record.name)
    }
    return chunk.count > 0 ? chunk : nil
  }
}
