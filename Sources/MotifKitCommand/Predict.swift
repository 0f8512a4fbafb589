import ArgumentParser
import MotifKit

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give each sequence its probability.",
    discussion: """
      Prints a table of name, probability and logit; for a model whose threshold was chosen (motifkit train --threshold) also \
      call, which is 1 for sequences above it.

      For a network that learned other columns (motifkit train --labels, --loss): of name and a column for each output, which are \
      probabilities, numbers or expected counts.

      EXAMPLE:
        motifkit predict v2.safetensors peaks.fa > predictions.tsv
      """)

  private struct Prediction: Encodable {
    var name: String
    /// As many as there are columns.
    var values: [Float]
    var columns: [String]
    /// Whether it is above the model's threshold.
    var call: Int?

    private enum Key: CodingKey { case name, probability, logit, outputs, call }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(name, forKey: .name)
      if columns == Self.binaryColumns {
        try container.encode(values[0], forKey: .probability)
        try container.encode(values[1], forKey: .logit)
        try container.encodeIfPresent(call, forKey: .call)
      } else {
        let outputs = Dictionary(zip(columns, values), uniquingKeysWith: { first, _ in first })
        try container.encode(outputs, forKey: .outputs)
      }
    }

    static let binaryColumns = ["probability", "logit"]
  }

  private struct Predictions: Encodable { var predictions: [Prediction] }

  /// Sequences that are read at a time.
  private static let chunkSize = 1 << 16

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var common: CommonOptions

  func run() throws {
    let model = try Model.read(model)
    let (network, objective) = (model.network, try model.knownObjective(file: self.model))
    let columns = objective == .binary ? Prediction.binaryColumns : objective.outputs
    let threshold = objective == .binary ? model.metadata.threshold : nil
    let reader = try SequenceReader(path: file)
    let progress = ProgressBar("Predicting", total: 0, unit: "sequences", common)
    var all: [Prediction] = []
    var done = 0
    var isFirst = true
    while let chunk = try reader.next(Self.chunkSize, length: network.architecture.input.length) {
      let predictions = try predictions(network, objective, chunk, columns, threshold, from: done)
      done += chunk.count
      progress.update(done)
      if output.isJSON {
        all += predictions
        continue
      }
      if isFirst {
        try StandardOutput.write(
          ("name\t" + columns.joined(separator: "\t")) + (threshold == nil ? "\n" : "\tcall\n"))
      }
      isFirst = false
      for row in predictions {
        let cells = row.values.map { "\($0)" }.joined(separator: "\t")
        try StandardOutput.write("\(row.name)\t\(cells)\(row.call.map { "\t\($0)" } ?? "")\n")
      }
    }
    if output.isJSON { try StandardOutput.write(json: Predictions(predictions: all)) }
  }

  private func predictions(
    _ network: Network, _ objective: Objective, _ chunk: SequenceSet, _ columns: [String],
    _ threshold: Float?, from first: Int
  ) throws -> [Prediction] {
    let logits = try network.finiteLogits(of: chunk, file: model)
    let values = objective.predictions(logits)
    let width = objective.outputs.count
    return (0..<chunk.count).map { index in
      let row = Array(values[index * width..<(index + 1) * width])
      return Prediction(
        name: chunk.names.isEmpty ? "seq\(first + index + 1)" : chunk.names[index],
        values: objective == .binary ? row + [logits[index]] : row, columns: columns,
        call: threshold.map { logits[index] > $0 ? 1 : 0 })
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
