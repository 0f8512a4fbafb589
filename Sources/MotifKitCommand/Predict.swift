import ArgumentParser
import MotifKit

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give each sequence its probability.",
    discussion: """
      Prints a table of name, probability and logit.

      For a network that learned other columns (motifkit train --labels, --loss): of name and a column for each output, which are \
      probabilities, numbers or expected counts.

      With --p-value, for a network with one output, also how rare a logit as large is among dinucleotide shuffles of the sequence, \
      and how many were drawn: drawing ends once ten are as large (Besag & Clifford 1991).

      EXAMPLES:
        motifkit predict v2.safetensors peaks.fa > predictions.tsv
        motifkit predict v2.safetensors peaks.fa --p-value --shuffles 10000 > predictions.tsv
      """)

  private struct Prediction: Encodable {
    var name: String
    /// As many as there are columns.
    var values: [Float]
    var columns: [String]
    var rank: SequentialPValue?

    private enum Key: String, CodingKey {
      case name, probability, logit, outputs, shuffles
      case pValue = "p_value"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(name, forKey: .name)
      if columns == Self.binaryColumns {
        try container.encode(values[0], forKey: .probability)
        try container.encode(values[1], forKey: .logit)
      } else {
        let outputs = Dictionary(zip(columns, values), uniquingKeysWith: { first, _ in first })
        try container.encode(outputs, forKey: .outputs)
      }
      try container.encodeIfPresent(rank?.value, forKey: .pValue)
      try container.encodeIfPresent(rank?.draws, forKey: .shuffles)
    }

    static let binaryColumns = ["probability", "logit"]
  }

  private struct Predictions: Encodable { var predictions: [Prediction] }

  /// Sequences that are read at a time.
  private static let chunkSize = 1 << 16

  @Argument(help: "A model that motifkit trained.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Flag(help: "How rare a logit as large is among dinucleotide shuffles of each sequence.") var pValue = false
  @Option(help: "Shuffles drawn at most for --p-value. (default: 1000)") var shuffles: Int?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let shuffles, !(1...10_000_000).contains(shuffles) {
      throw ValidationError("--shuffles \(shuffles): expected 1 to 10000000")
    }
    if shuffles != nil, !pValue { throw ValidationError("--shuffles is for --p-value") }
  }

  func run() throws {
    let model = try Model.read(model)
    let (network, objective) = (model.network, try model.knownObjective(file: self.model))
    if pValue, network.architecture.outputCount > 1 {
      throw InputError(file: self.model, "has several outputs, and --p-value is for one")
    }
    let columns = objective == .binary ? Prediction.binaryColumns : objective.outputs
    let reader = try SequenceReader(path: file)
    let progress = ProgressBar("Predicting", total: 0, unit: "sequences", common)
    var all: [Prediction] = []
    var done = 0
    var isFirst = true
    while let chunk = try reader.next(Self.chunkSize, length: network.architecture.input.length) {
      let predictions = try predictions(network, objective, chunk, columns, from: done)
      done += chunk.count
      progress.update(done)
      if output.isJSON {
        all += predictions
        continue
      }
      if isFirst {
        try StandardOutput.write(
          "name\t" + (columns + (pValue ? ["p_value", "shuffles"] : [])).joined(separator: "\t") + "\n")
      }
      isFirst = false
      for row in predictions {
        let cells = row.values.map { "\($0)" } + (row.rank.map { ["\($0.value)", "\($0.draws)"] } ?? [])
        try StandardOutput.write("\(row.name)\t\(cells.joined(separator: "\t"))\n")
      }
    }
    if output.isJSON { try StandardOutput.write(json: Predictions(predictions: all)) }
  }

  private func predictions(
    _ network: Network, _ objective: Objective, _ chunk: SequenceSet, _ columns: [String], from first: Int
  ) throws -> [Prediction] {
    let logits = try network.finiteLogits(chunk, file: model)
    let values = objective.predictions(logits)
    let width = objective.outputs.count
    let ranks =
      pValue
      ? try network.shufflePValues(of: chunk, limit: shuffles ?? 1000, seed: common.seed, first: first) : []
    return (0..<chunk.count).map { index in
      let row = Array(values[index * width..<(index + 1) * width])
      return Prediction(
        name: chunk.names.isEmpty ? "seq\(first + index + 1)" : chunk.names[index],
        values: objective == .binary ? row + [logits[index]] : row, columns: columns,
        rank: pValue ? ranks[index] : nil)
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
