import Figures
import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Study

extension Study {
  /// Does a whole study and fills a folder with it: page, figures, motifs, tables, models, data and `run.json`.
  ///
  /// The folder appears whole or not at all; what a study left there before is replaced, other files stay.
  /// - Parameters:
  ///   - command: the command line as typed, for `run.json`.
  ///   - recipe: a command that makes the same study again; it does not name what does not matter.
  /// - Throws: `InputError` or `FigureError` naming the file and what is wrong with it.
  @discardableResult
  public static func run(
    _ options: StudyOptions, to folder: String, command: [String], recipe: String,
    progress: @escaping Progress = { _, _, _ in }
  ) throws -> Study {
    try requireReplaceable(folder)
    return try OutputFolder.write(folder) { stage in
      let clock = StageClock()
      let study = try Study(options, clock: clock, progress: progress)
      try study.write(to: stage, clock: clock, command: command, recipe: recipe, progress: progress)
      return study
    }
  }

  /// What a study writes.
  private static let entries = ["index.html", "figures", "motifs", "tables", "models", "data", "run.json"]

  /// Files of the same names that no study wrote must not be lost.
  private static func requireReplaceable(_ folder: String) throws {
    let present = entries.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    guard let first = present.first, !RunRecord.isStudy(folder: folder) else { return }
    throw InputError(
      file: folder, "holds \(first), which motifkit run did not write there; choose another folder with --out"
    )
  }

  private func write(
    to folder: String, clock: StageClock, command: [String], recipe: String, progress: @escaping Progress
  ) throws {
    for part in ["figures", "motifs", "tables", "models", "data"] {
      try OutputFolder.create("\(folder)/\(part)")
    }
    try clock.measure(Stage.files.rawValue) {
      for table in tables { try AtomicFile.write(table.tsv, to: "\(folder)/tables/\(table.name).tsv") }
      for network in networks {
        try network.network.write(
          to: "\(folder)/models/\(network.name).safetensors",
          metadata: ["name": network.name, "seed": "\(options.seed)", "epochs": "\(options.training.epochs)"])
      }
      for (name, network) in [("pruned", pruning.half.network), ("lossless", pruning.lossless)] {
        try network.write(
          to: "\(folder)/models/\(filters.network.name)-\(name).safetensors",
          metadata: ["name": "\(filters.network.name)-\(name)", "seed": "\(options.seed)"])
      }
      for result in filterResults {
        let file = MotifFile(
          motifs: result.motifs.compactMap { $0.motif() }, background: .uniform, bothStrands: false)
        let name = result.network.name == filters.network.name ? "filters" : "filters-\(result.network.name)"
        try AtomicFile.write(file.text, to: "\(folder)/motifs/\(name).meme")
      }
      try data.write(to: "\(folder)/data")
    }
    let provenance = Provenance(
      software: "motifkit", version: Release.version, command: recipe, seed: options.seed)
    let pictures = pictures
    let rendered = try clock.measure(Stage.figures.rawValue) {
      try Picture.write(pictures, to: "\(folder)/figures", provenance: provenance) {
        progress(.figures, $0, pictures.count)
      }
    }
    try clock.measure(Stage.files.rawValue) {
      let page = page(PagePictures(rendered: rendered), recipe: recipe)
      try AtomicFile.write(try page.html(), to: "\(folder)/index.html")
    }
    let record = RunRecord(
      command: command, seed: options.seed, threads: Parallel.threads, inputs: inputs,
      started: clock.startedText, stages: clock.stages, seconds: clock.seconds,
      peakMemoryBytes: RunRecord.peakMemory)
    try AtomicFile.write(record.json, to: "\(folder)/run.json")
  }

  /// All tables, each a file.
  var tables: [Table] {
    [
      dataTable, positivesTable, networkTable, learningTable, predictionTable, filterTable, weightTable,
      matchTable,
      correlationTable, pruningTable, profileTable,
    ] + attributionTables + (data.planted == nil ? [] : [agreementTable])
  }

  /// All pictures, each a file and most of them on the page.
  private var pictures: [Picture] { networkPictures + filterPictures + attributionPictures }
}

extension StudyData {
  /// Writes the sequences: as the exercise's tables with the truth where they are simulated, as a TSV otherwise.
  func write(to folder: String) throws {
    guard let planted else {
      try train.writeTable(to: "\(folder)/train.tsv")
      try test.writeTable(to: "\(folder)/test.tsv")
      return
    }
    try ExerciseData(
      train: PlantedSet(sequences: train, sites: planted.trainSites),
      test: PlantedSet(sequences: test, sites: planted.testSites)
    ).write(to: folder)
  }
}

extension SequenceSet {
  /// Writes a TSV with the columns name, sequence and label.
  ///
  /// - Throws: `InputError` if the file cannot be written.
  public func writeTable(to path: String) throws {
    precondition(isLabeled, "a label for each sequence")
    try AtomicFile.write(path: path) { file in
      try file.write("name\tsequence\tlabel\n")
      for index in 0..<count {
        try file.write("\(name(index))\t\(Nucleotide.string(self[index]))\t\(labels[index])\n")
      }
    }
  }
}
