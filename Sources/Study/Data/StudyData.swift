import Motifs
import NeuralNetworks
import Runtime
import Sequences

/// The sequences of a study.
public struct StudyData: Sendable {
  /// What is known of simulated sequences.
  public struct Planted: Sendable {
    public let motif: Motif
    public let model: PlantedSimulation
    /// Sites of the training and of the test sequences.
    public let trainSites, testSites: [PlantedSite]
  }

  public let train: DataSet
  public let test: DataSet
  /// A part of a user's training sequences that is not trained on: its loss says when to stop. `nil` for simulated data,
  /// and where training does not stop early.
  public let validation: DataSet?
  /// Sequences simulated like the test sequences, but with sites that may stand anywhere; `nil` for data from files.
  public let scattered: DataSet?
  /// `nil` for data from files.
  public let planted: Planted?
  public let length: Int
  /// What to call the data: the motif, or the first file without its extensions.
  public let name: String
  /// Sentences for the reader: where training and test sequences come from.
  public let origin: String

  /// Simulates or reads the sequences.
  ///
  /// - Throws: `InputError` naming file, line and reason.
  public init(_ options: StudyOptions) throws {
    switch options.source {
    case .simulation(let motif, let count, let length):
      try self.init(motif: motif, count: count, length: length, seed: options.seed)
    case .files(let files):
      try self.init(files, holdsOut: options.training.earlyStopping != nil, seed: options.seed)
    }
  }

  private init(motif: Motif, count: Int, length: Int, seed: UInt64) throws {
    let frequencies = motif.frequencies.rows
    let model = try PlantedSimulation(frequencies: frequencies, count: count, length: length, seed: seed)
    let halves = model.run().halves(seed: seed)
    let (train, test) = (halves.train, halves.test)
    guard test.sequences.count >= 2 else {
      throw InputError("count \(count): too few sequences to train and to test on")
    }
    // Other sequences than those trained on, so another seed.
    let jittered = try PlantedSimulation(
      frequencies: frequencies, count: test.sequences.count, length: length, jitter: min(40, model.center),
      seed: ~seed)
    self.init(
      train: try DataSet(train.labeled), test: try DataSet(test.labeled),
      scattered: try DataSet(jittered.run().labeled),
      planted: Planted(motif: motif, model: model, trainSites: train.sites, testSites: test.sites),
      length: length, name: motif.displayName,
      origin: """
        Simulated: \(Words.count(count)) random sequences of \(length) bases, all four bases equally frequent. Half of them carry a \
        site of \(motif.displayName) at positions \(model.center + 1)–\(model.center + motif.width), each base of it \
        drawn from the motif’s frequencies. Half of each class is for training, the other half for testing.
        """)
  }

  init(
    train: DataSet, validation: DataSet? = nil, test: DataSet, scattered: DataSet? = nil,
    planted: Planted? = nil, length: Int, name: String, origin: String
  ) {
    self.train = train
    self.validation = validation
    self.test = test
    self.scattered = scattered
    self.planted = planted
    self.length = length
    self.name = name
    self.origin = origin
  }

  /// The share of the test sequences that the more frequent class has.
  public var majority: Double {
    Double(max(test.positiveCount, test.count - test.positiveCount)) / Double(max(1, test.count))
  }

  /// Whether naming the more frequent class always looks like knowledge.
  package var isImbalanced: Bool { majority > 0.6 }
}
