import ArgumentParser
import Foundation
import MotifKit
import Runtime

struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask whether a network knows the motif, where it stands, or something else.",
    discussion: """
      Prints a line for each check: a number, its 95 % interval, and a verdict: ok, no, or note. The exit status is 1 \
      if a check says no. With --out also audit.tsv, position.tsv (the curves), position.png and .svg, and run.json.

      CHECKS:
        data.*         balance of the classes, duplicates, copies with both
                         labels, sequences trained on (--train)
        position.move  does it cost AUROC to move the sequences?
        position.place does a planted site count more where the data have theirs?
        position.*     period of its effect; where the data have their sites; the
                         best possible without their place
        strand.*       is a sequence answered as its reverse complement is?
        composition.*  what is left when the positives are shuffled, and what
                         composition tells without any network
        motif.*        does a planted site raise the logit, a destroyed one lower it?

      EXAMPLES:
        motifkit audit v5.safetensors FOXO1_test.csv
        motifkit audit model.safetensors peaks.tsv --motif factor.meme \\
            --train training.tsv --out audit
      """)

  @Argument(help: "A model with one output, or see --target.") var model: String
  @Argument(help: "Table of sequences with labels, plain or gzipped, or - for standard input.") var file:
    String
  @Option(
    help: ArgumentHelp(
      "foxo1, a file with one motif, or none to leave out what needs one.", valueName: "motif"))
  var motif = "foxo1"
  @Option(help: ArgumentHelp("Sequences trained on, to look for them among the others.", valueName: "file"))
  var train: String?
  @Option(help: ArgumentHelp("Sequences are moved by up to this many bases.", valueName: "bases")) var shift =
    40
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String?
  @OptionGroup var output: FormatOption
  @Option(
    help: ArgumentHelp(
      """
      Which output of a network with several is asked about: a class by the column of classes; else yes and no are in the column \
      of that name, or in label.
      """,
      valueName: "name"))
  var target: String?
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Chromosomes") var chromosomes: ChromosomeArguments
  @OptionGroup(title: "Network of another program") var foreign: ForeignArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if shift < 1 { throw ValidationError("--shift \(shift): expected 1 or more") }
  }

  func run() throws {
    var passed = true
    if let out {
      try RunRecord.fill(
        out, common.reproduction, inputs: common.inputs(model, file, train, motif),
        entries: AuditReport.entries
      ) { stage, _ in
        let report = try audit()
        try report.write(to: stage, provenance: common.provenance)
        passed = try print(report)
      }
    } else {
      passed = try print(audit())
    }
    if !passed { throw ExitCode(1) }
  }

  private func audit() throws -> AuditReport {
    let model = try foreign.model(model, for: file)
    if target == nil { try model.requireBinary(for: "an audit without --target", file: self.model) }
    // Yes and no of one output, whatever the others answer.
    let network =
      try target.map {
        try model.network.selecting(output: try model.output($0, file: self.model))
      } ?? model.network
    var options = AuditOptions()
    options.motif = motif == "none" ? nil : try Motif.one(path: motif)
    options.greatestShift = shift
    options.seed = common.seed
    let length = network.architecture.input.length
    GenomicInput.source?.fit(length: length)
    let set = try chromosomes.measured(
      try sequences(model, length: length), file: file, common)
    try set.requireBinary(for: "an audit", file: file)
    try model.requireAnswers(to: set.sequences, file: self.model)
    model.noteSeenChromosomes(set, common)
    let trained = try train.map { try SequenceSet(contentsOf: $0) }
    let progress = ProgressBar("Auditing", total: NetworkAudit.parts, unit: "parts", common)
    defer { progress.finish() }
    return AuditReport(
      try NetworkAudit(network, on: set, train: trained, options: options) { progress.update($0) })
  }

  /// Yes and no of the output that is asked about: of a class whether a sequence is of it, else what its own column says where the
  /// table has one, else the labels.
  private func sequences(_ model: Model, length: Int) throws -> DataSet {
    let known = try model.knownObjective()
    guard let target else { return try known.read(path: file, length: length) }
    let canLook = file != "-" && GenomicInput.source == nil
    let titles = try canLook ? SequenceReader(path: file, labels: .ignored).titles : []
    if known.hasClassColumn, file == "-" || titles.contains(known.columns[0]) {
      let set = try known.read(path: file, length: length)
      let output = try model.output(target, file: self.model)
      return try DataSet(
        set.sequences,
        labels: stride(from: output, to: set.targets.values.count, by: known.outputs.count)
          .map { UInt8(set.targets.values[$0]) })
    }
    let objective =
      titles.contains(target)
      ? Objective(loss: .binaryCrossEntropy, columns: [target], outputs: [target]) : .binary
    return try objective.read(path: file, length: length)
  }

  private func print(_ report: AuditReport) throws -> Bool {
    if output.isJSON {
      try StandardOutput.write(json: report)
    } else {
      try StandardOutput.write(report.text)
    }
    return report.audit.passed
  }
}
