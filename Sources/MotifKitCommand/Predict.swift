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

      With --p-value, for a network with one output, also how rare a logit as large is among dinucleotide shuffles of the sequence, \
      and how many were drawn: drawing ends once ten are as large (Besag & Clifford 1991).

      EXAMPLES:
        motifkit predict v2.safetensors peaks.fa > predictions.tsv
        motifkit predict v2.safetensors peaks.fa --p-value --shuffles 10000 \\
            > predictions.tsv
        motifkit predict v2.safetensors peaks.narrowPeak --genome hg38.2bit \\
            --out predictions.bw
      """)

  private struct Prediction: Encodable {
    var name: String
    /// As many as there are columns.
    var values: [Float]
    var columns: [String]
    /// Whether it is above the model's threshold.
    var call: Int?
    var rank: SequentialPValue?

    private enum Key: String, CodingKey {
      case name, probability, logit, outputs, call, shuffles
      case pValue = "p_value"
    }

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
      try container.encodeIfPresent(rank?.value, forKey: .pValue)
      try container.encodeIfPresent(rank?.draws, forKey: .shuffles)
    }

    static let binaryColumns = ["probability", "logit"]
  }

  private struct Predictions: Encodable { var predictions: [Prediction] }

  /// Sequences that are read at a time.
  private static let chunkSize = 1 << 16

  @Argument(help: "A model of motifkit or of another program.") var model: String
  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Option(
    help: ArgumentHelp(
      """
      File to write: a table; or, where names carry coordinates, .bed, a line for each sequence with 1000 times the first \
      output as its score; or .bedgraph, .bw or .bigwig, the mean of --target over a base's windows. (default: standard \
      output)
      """, valueName: "file"))
  var out: String?
  @Option(help: ArgumentHelp("Output that a track shows. (default: the first)", valueName: "name"))
  var target: String?
  @Flag(help: "How rare a logit as large is among dinucleotide shuffles of each sequence.") var pValue = false
  @Option(help: "Shuffles drawn at most for --p-value. (default: 1000)") var shuffles: Int?
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  private var format: TrackFormat? { out.flatMap(TrackFormat.init) }

  func validate() throws {
    if out != nil, output.isJSON {
      throw ValidationError("--format json writes to standard output: leave out --out")
    }
    if target != nil, format == nil || format == .bed {
      throw ValidationError("--target is for an --out that ends in .bedgraph, .bw or .bigwig")
    }
    if let shuffles, !(1...10_000_000).contains(shuffles) {
      throw ValidationError("--shuffles \(shuffles): expected 1 to 10000000")
    }
    if shuffles != nil, !pValue { throw ValidationError("--shuffles is for --p-value") }
    if pValue, format != nil { throw ValidationError("--p-value is for tables") }
  }

  func run() throws {
    try requireWritable(out)
    let model = try foreign.model(model, for: file)
    GenomicInput.source?.fit(length: model.network.architecture.input.length)
    if output.isJSON {
      var all: [Prediction] = []
      try forEachChunk(model) { rows, _ in all += rows }
      return try StandardOutput.write(json: Predictions(predictions: all))
    }
    guard let out else { return try writeTable(model, to: StandardOutput.write) }
    switch format {
    case nil: try AtomicFile.write(path: out) { file in try writeTable(model) { try file.write($0) } }
    case .bed: try AtomicFile.write(path: out) { file in try writeBED(model) { try file.write($0) } }
    case .bedGraph, .bigWig: try writeTrack(model, to: out)
    }
  }

  private func writeTable(_ model: Model, to write: (String) throws -> Void) throws {
    var isFirst = true
    try forEachChunk(model) { rows, columns in
      if isFirst {
        let names =
          ["name"] + columns + (rows.contains { $0.call != nil } ? ["call"] : [])
          + (pValue ? ["p_value", "shuffles"] : [])
        try write(names.joined(separator: "\t") + "\n")
      }
      isFirst = false
      for row in rows {
        let rank = row.rank.map { ["\($0.value)", "\($0.draws)"] } ?? []
        let cells = [row.name] + row.values.map { "\($0)" } + (row.call.map { ["\($0)"] } ?? []) + rank
        try write(cells.joined(separator: "\t") + "\n")
      }
    }
  }

  private func writeBED(_ model: Model, to write: (String) throws -> Void) throws {
    try forEachChunk(model) { rows, _ in
      for row in rows {
        let place = try GenomicLocation.named(row.name, file: file)
        let score = min(1000, max(0, Int((1000 * row.values[0]).rounded())))
        try write(
          "\(place.chromosome)\t\(place.start)\t\(place.end)\t\(row.name)\t\(score)\t\(place.strand.rawValue)\t"
            + row.values.map { "\($0)" }.joined(separator: "\t") + "\n")
      }
    }
  }

  private func writeTrack(_ model: Model, to path: String) throws {
    let outputs = try model.knownObjective(file: self.model).outputs
    guard let shown = target.map(outputs.firstIndex) ?? 0 else {
      throw InputError(
        file: self.model, "has no output \(target ?? ""); it has \(outputs.joined(separator: ", "))")
    }
    var track = try GenomeTrack(genome)
    try forEachChunk(model) { rows, _ in
      for row in rows { try track.add(CollectionOfOne(row.values[shown]), name: row.name, file: file) }
    }
    try track.write(to: path)
  }

  /// Predicts all sequences, some at a time.
  private func forEachChunk(
    _ model: Model, _ body: (_ rows: [Prediction], _ columns: [String]) throws -> Void
  ) throws {
    let (network, objective) = (model.network, try model.knownObjective(file: self.model))
    let columns = objective == .binary ? Prediction.binaryColumns : objective.outputs
    let threshold = objective == .binary ? model.metadata.threshold : nil
    if pValue, network.architecture.outputCount > 1 {
      throw InputError(file: self.model, "has several outputs, and --p-value is for one")
    }
    let reader = try SequenceReader(path: file, labels: .ignored)
    let progress = ProgressBar("Predicting", total: 0, unit: "sequences", common)
    defer { progress.finish() }
    var done = 0
    while let chunk = try reader.next(Self.chunkSize, length: network.architecture.input.length) {
      try body(predictions(network, objective, chunk, columns, threshold, from: done), columns)
      done += chunk.count
      progress.update(done)
    }
  }

  private func predictions(
    _ network: Network, _ objective: Objective, _ chunk: SequenceSet, _ columns: [String],
    _ threshold: Float?, from first: Int
  ) throws -> [Prediction] {
    let logits = try network.finiteLogits(of: chunk, file: model)
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
        call: threshold.map { logits[index] > $0 ? 1 : 0 }, rank: pValue ? ranks[index] : nil)
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
