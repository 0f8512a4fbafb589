import Figures
import Foundation
import Motifs
import NeuralNetworks
import Report
import Runtime
import Sequences
import Study

/// Small studies whose tables and pages are read; each is made once.
enum StudyFixture {
  private static func options(_ source: StudyOptions.Source) -> StudyOptions {
    var options = StudyOptions(
      source: source,
      networks: ["one", "two"].enumerated().map { index, name in
        StudyOptions.NamedNetwork(name: name) { length in
          try Architecture(
            input: .dna(length: length),
            layers: [
              .convolution1D(Convolution1D(filters: 4 + 4 * index, kernelSize: 12, activation: .relu)),
              .globalMaxPooling1D, .dense(Dense(1)),
            ])
        }
      })
    options.training.batchSize = 16
    options.training.learningRate = 0.01
    options.training.epochs = 3
    options.seed = 2
    return options
  }

  private static func study(_ options: StudyOptions, inputs: [RunRecord.Input] = []) -> Study {
    do { return try Study(options, inputs: { inputs }, clock: StageClock()) } catch {
      fatalError("the study of a fixture: \(error)")
    }
  }

  /// Simulated data with FOXO1 sites.
  static let planted = study(options(.simulation(motif: .foxo1, count: 800, length: 30)))

  /// The motifs of a database, one of them FOXO1.
  static let database = StudyOptions.MotifDatabase(
    path: "folder/known.meme",
    motifs: [Motif(identifier: "F<1>", name: "FOX&O", frequencies: Motif.foxo1.frequencies)]
      + (0..<3).map { base in
        let rows = (0..<12).map { position in (0..<4).map { $0 == (base + position) % 4 ? 9.0 : 1 } }
        return Motif(identifier: "M\(base)", frequencies: CountMatrix(rows: rows).frequencies())
      })

  /// A user's sequences with the motif, names from a database; three in four are negatives.
  static let user = withFile(positives: 200, negatives: 600) { path in
    var options = options(.files(StudyFiles(data: [path])))
    options.training.epochs = 12
    options.database = database
    return study(options)
  }

  /// A user's sequences with the motif, one in five, and beside a network that learns it one that sees single bases only.
  static let uneven = withFile(positives: 200, negatives: 800) { path in
    var options = options(.files(StudyFiles(data: [path])))
    options.training.epochs = 12
    options.networks[0] = StudyOptions.NamedNetwork(name: "blind") { length in
      try Architecture(
        input: .dna(length: length),
        layers: [
          .convolution1D(Convolution1D(filters: 1, kernelSize: 1, activation: .relu)), .globalMaxPooling1D,
          .dense(Dense(1)),
        ])
    }
    return study(options)
  }

  /// A user's sequences without anything to learn, nothing to compare with.
  static let noise = withFile(positives: 0, negatives: 120) { path in
    var options = options(.files(StudyFiles(data: [path])))
    options.seed = 5
    return study(options)
  }

  /// Sequences whose classes differ in nothing but their share of G and C, with a motif of these in the database.
  static let biased: Study = {
    var biased = options(.files(StudyFiles(data: [])))
    let island = (0..<8).map { (base: Int) in (0..<4).map { $0 == 1 + base % 2 ? 0.85 : 0.05 } }
    biased.database = StudyOptions.MotifDatabase(
      path: "islands.meme",
      motifs: [Motif(identifier: "ISLAND", frequencies: FrequencyMatrix(rows: island))])
    do {
      let path = NSTemporaryDirectory() + "motifkit-study-\(UUID().uuidString).tsv"
      defer { try? FileManager.default.removeItem(atPath: path) }
      var random = CounterRandom(seed: 3, purpose: .simulation)
      let rows = (0..<400).map { index in
        let gc = index % 2 == 0 ? 0.42 : 0.58
        let bases = (0..<60).map { _ in
          let letters = Double.random(in: 0..<1, using: &random) < gc ? "GC" : "AT"
          return String(letters.randomElement(using: &random)!)
        }
        return "s\(index)\t\(bases.joined())\t\(index % 2)\n"
      }
      try AtomicFile.write("name\tseq\tlabel\n" + rows.joined(), to: path)
      biased.source = .files(StudyFiles(data: [path]))
      return study(biased)
    } catch { fatalError("the data of a fixture: \(error)") }
  }()

  private static func withFile(positives: Int, negatives: Int, _ body: (String) -> Study) -> Study {
    do {
      let count = 2 * max(positives, negatives)
      let simulated = try PlantedSimulation(
        frequencies: Motif.foxo1.frequencies.rows, count: count, length: 30, seed: 11
      ).run().labeled
      func indices(_ label: UInt8) -> [Int] {
        simulated.labels.indices.filter { simulated.labels[$0] == label }
      }
      let kept =
        indices(1).prefix(positives)
        + indices(0).prefix(negatives)
      let path = NSTemporaryDirectory() + "motifkit-study-\(UUID().uuidString).tsv"
      defer { try? FileManager.default.removeItem(atPath: path) }
      let rows = kept.enumerated().map { place, index in
        // Of the noise the labels mean nothing.
        let label = positives > 0 ? Int(simulated.labels[index]) : place % 2
        return "s\(place)\t\(Nucleotide.string(simulated.sequences[index]))\t\(label)\n"
      }
      try AtomicFile.write("name\tseq\tlabel\n" + rows.joined(), to: path)
      return body(path)
    } catch { fatalError("the data of a fixture: \(error)") }
  }
}

extension Study {
  /// The pictures of each fixture, drawn once.
  private static let drawn = Locked<[String: StudyPictures]>([:])

  /// Its pictures drawn without files that stay.
  func pictures() throws -> StudyPictures {
    try Self.drawn.withLock { drawn in
      if let pictures = drawn[data.name] { return pictures }
      let folder = NSTemporaryDirectory() + "motifkit-figures-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try OutputFolder.create(folder)
      let pictures = try StudyPictures(drawings, to: FigureFiles(folder, Provenance()))
      drawn[data.name] = pictures
      return pictures
    }
  }
}
