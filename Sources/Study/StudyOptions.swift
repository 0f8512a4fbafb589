import Genomes
import Motifs
import NeuralNetworks
import Sequences

/// What a study is about and how it is done. Everything that the result depends on.
public struct StudyOptions: Sendable {
  /// Where the sequences come from.
  public enum Source: Sendable {
    /// Half of `count` sequences have a site of the motif in the middle.
    case simulation(motif: Motif, count: Int = 20_000, length: Int = 100)
    case files(StudyFiles)
  }

  /// A network by its name: a preset's, or that of a file.
  public struct NamedNetwork: Sendable {
    public var name: String
    /// The network for sequences of a length.
    public var architecture: @Sendable (_ length: Int) throws -> Architecture

    public init(name: String, architecture: @escaping @Sendable (Int) throws -> Architecture) {
      self.name = name
      self.architecture = architecture
    }

    public init(_ preset: Preset) {
      self.init(name: preset.rawValue) { try preset.architecture(length: $0) }
    }
  }

  public var source: Source
  public var networks: [NamedNetwork]
  /// The network whose filters are read. `nil` takes v2 for simulated data, or the first where it is not among them; for
  /// a user's sequences the one with the lowest validation loss.
  public var interpreted: String?
  /// For simulated data ten epochs. For a user's sequences training goes on until the loss of a held-out part stops
  /// falling, and the weights of the best epoch are kept.
  public var training: TrainingOptions
  /// The motif that filters of a user's sequences should match, if there is one to expect.
  public var motif: Motif?
  /// Known motifs that may give the filters their names.
  public var database: MotifDatabase?

  /// How columns of filters and known motifs are compared.
  public var distance = Comparison.Distance.euclidean

  /// Motifs, and where they come from.
  public struct MotifDatabase: Sendable {
    public var path: String
    public var motifs: [Motif]

    public init(path: String, motifs: [Motif]) { (self.path, self.motifs) = (path, motifs) }

    /// - Throws: `InputError` naming the file, line and reason.
    public init(path: String) throws { self.init(path: path, motifs: try Motif.read(path: path)) }
  }

  public init(source: Source, networks: [NamedNetwork] = Preset.exercise.map(NamedNetwork.init)) {
    self.source = source
    self.networks = networks
    training = TrainingOptions()
    if case .files = source {
      training.epochs = Self.mostEpochs
      training.earlyStopping = EarlyStopping(patience: Self.patience)
    }
  }

  /// The most epochs that a user's sequences are trained for.
  public static let mostEpochs = 100
  /// Epochs without a lower validation loss after which training on a user's sequences ends.
  public static let patience = 10

  /// The motif that one expects to find: the planted one, or the user's.
  public var knownMotif: Motif? {
    if case .simulation(let motif, _, _) = source { motif } else { motif }
  }

  /// All files that the study is made from.
  package var inputPaths: [String] {
    var paths: [String] = []
    if case .files(let files) = source { paths = files.paths }
    if let database { paths.append(database.path) }
    return paths
  }

  public var seed: UInt64 {
    get { training.seed }
    set { training.seed = newValue }
  }
}

/// A user's files.
public struct StudyFiles: Equatable, Sendable {
  /// Tables with labels of both classes, or sequences that are all positive; several files are taken as one.
  public var data: [String]
  /// Whether the user calls the data positive, so that no column is meant as a label.
  public var arePositive: Bool
  /// Where the negatives come from, for data that are all positive.
  public var negatives: LabeledInput.Negatives
  /// A table with labels; without one a third of the data is held out.
  public var test: String?
  /// Takes this many bases from the middle of each sequence.
  public var length: Int?
  /// Which chromosomes are for what, where names carry coordinates; `nil` leaves it to chance.
  public var chromosomes: ChromosomeSplit?

  public init(
    data: [String], arePositive: Bool = false, negatives: LabeledInput.Negatives = .dinucleotideShuffles,
    test: String? = nil, length: Int? = nil, chromosomes: ChromosomeSplit? = nil
  ) {
    self.chromosomes = chromosomes
    self.data = data
    self.arePositive = arePositive
    self.negatives = negatives
    self.test = test
    self.length = length
  }

  /// All files that are read.
  public var paths: [String] {
    var paths = data
    if case .file(let path) = negatives { paths.append(path) }
    if let test { paths.append(test) }
    return paths
  }
}
