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
  /// The folder appears whole or not at all; what an earlier run left there is replaced, other files stay.
  /// - Throws: `InputError` or `FigureError` naming the file and what is wrong with it.
  @discardableResult
  public static func run(
    _ options: StudyOptions, to folder: String, _ reproduction: Reproduction,
    progress: @escaping Progress = { _, _, _ in }
  ) throws -> Study {
    let clock = StageClock()
    return try RunRecord.fill(
      folder, reproduction, inputs: options.inputPaths, entries: ["index.html"] + Self.folders,
      stages: { clock.stages }
    ) { stage, inputs in
      let study = try Study(options, inputs: inputs, clock: clock, progress: progress)
      try study.write(to: stage, clock: clock, reproduction, progress: progress)
      return study
    }
  }

  private static let folders = ["figures", "motifs", "tables", "models", "data"]

  private func write(
    to folder: String, clock: StageClock, _ reproduction: Reproduction, progress: @escaping Progress
  ) throws {
    for part in Self.folders { try OutputFolder.create("\(folder)/\(part)") }
    try clock.measure(Stage.files.rawValue) {
      for table in tables { try AtomicFile.write(table.tsv, to: "\(folder)/tables/\(table.name).tsv") }
      try writeModels(to: "\(folder)/models")
      for result in filterResults {
        let file = MotifFile(
          motifs: result.reading.trimmed.compactMap { $0 }, background: .uniform, bothStrands: false)
        let name = result.network.name == filters.network.name ? "filters" : "filters-\(result.network.name)"
        try AtomicFile.write(file.text, to: "\(folder)/motifs/\(name).meme")
      }
      try data.write(to: "\(folder)/data")
    }
    let files = FigureFiles(
      "\(folder)/figures",
      Provenance(
        software: "motifkit", version: Release.version, command: reproduction.recipe, seed: options.seed))
    let drawings = drawings
    let pictures = try clock.measure(Stage.figures.rawValue) {
      try StudyPictures(drawings, to: files) { progress(.figures, $0, drawings.count) }
    }
    try clock.measure(Stage.files.rawValue) {
      let page = page(pictures, recipe: reproduction.recipe)
      try AtomicFile.write(try page.html(), to: "\(folder)/index.html")
    }
  }

  private func writeModels(to folder: String) throws {
    for network in networks {
      try model(network.network, network.name, epochs: network.learning.epochs.count)
        .write(to: "\(folder)/\(network.name).safetensors")
    }
    for (name, network) in [("pruned", pruning.half.network), ("lossless", pruning.lossless)] {
      let name = "\(filters.network.name)-\(name)"
      try model(network, name).write(to: "\(folder)/\(name).safetensors")
    }
  }

  private func model(_ network: Network, _ name: String, epochs: Int? = nil) -> Model {
    Model(
      network,
      metadata: Model.Metadata(
        name: name, seed: options.seed, epochs: epochs, training: options.training,
        provenance: Model.Provenance(trainedOn: data.train)))
  }

  /// All tables, each a file.
  package var tables: [Table] {
    let always = [
      dataTable.table, positivesTable, networkTable.table, learningTable, predictionTable, filterTable.table,
      weightTable, correlationTable, pruningTable.table, profileTable,
    ]
    let some = [
      matchTable?.table, knownMatchTable, auditTable?.table,
      data.planted == nil ? nil : agreementTable.table, compositionTable?.table, factorTable?.table,
    ]
    return always + some.compactMap { $0 } + attributionTables
  }

  /// All pictures, each a file and most of them on the page.
  package var drawings: [StudyDrawing] { networkPictures + filterPictures + attributionPictures }
}

extension StudyData {
  /// Writes the sequences: as the exercise's tables with the truth where they are simulated, as a TSV otherwise.
  func write(to folder: String) throws {
    guard let planted else {
      try train.labeled.writeTable(to: "\(folder)/train.tsv")
      try validation?.labeled.writeTable(to: "\(folder)/validation.tsv")
      try test.labeled.writeTable(to: "\(folder)/test.tsv")
      return
    }
    try ExerciseData(
      train: PlantedSet(sequences: train.sequences, sites: planted.trainSites),
      test: PlantedSet(sequences: test.sequences, sites: planted.testSites)
    ).write(to: folder)
  }
}
