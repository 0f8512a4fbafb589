import Motifs
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

  public let train: SequenceSet
  public let test: SequenceSet
  /// Test sequences in which a site may stand anywhere: simulated anew with jitter, or the test sequences
  /// each turned around a random place.
  public let scattered: SequenceSet
  /// `nil` for data from files.
  public let planted: Planted?
  public let length: Int
  /// Sentences for the reader: where training and test sequences come from.
  public let origin: String

  /// Simulates or reads the sequences.
  ///
  /// - Throws: `InputError` naming file, line and reason.
  public init(_ options: StudyOptions) throws {
    switch options.source {
    case .simulation(let motif, let count, let length):
      try self.init(motif: motif, count: count, length: length, seed: options.seed)
    case .files(let files): try self.init(files, seed: options.seed)
    }
  }

  private init(motif: Motif, count: Int, length: Int, seed: UInt64) throws {
    let frequencies = motif.frequencies.rows
    let model = try PlantedSimulation(frequencies: frequencies, count: count, length: length, seed: seed)
    let (train, test) = model.run().halves(seed: seed)
    // Other sequences than those trained on, so another seed.
    let jittered = try PlantedSimulation(
      frequencies: frequencies, count: test.sequences.count, length: length, jitter: min(40, model.center),
      seed: ~seed)
    self.init(
      train: train.sequences, test: test.sequences, scattered: jittered.run().sequences,
      planted: Planted(motif: motif, model: model, trainSites: train.sites, testSites: test.sites),
      length: length,
      origin: """
        Simulated: \(Words.count(count)) random sequences of \(length) bases, all four bases equally frequent. Half of them carry a \
        site of \(motif.displayName) at positions \(model.center + 1)–\(model.center + motif.width), each base of it \
        drawn from the motif’s frequencies. Half of each class is for training, the other half for testing.
        """)
  }

  private init(_ files: StudyFiles, seed: UInt64) throws {
    var data = SequenceSet()
    for path in files.data {
      let more = try Self.read(path, files)
      if data.count > 0, data.isLabeled != more.isLabeled {
        throw InputError(
          file: path,
          more.isLabeled ? "has labels, \(files.data[0]) has none" : "has no labels, \(files.data[0]) has")
      }
      data = data.joined(with: more)
    }
    let name = files.data.joined(separator: " and ")
    var test = try files.test.map { try Self.read($0, files, requireLabels: true) }
    try test?.requireBothClasses(file: files.test)
    let held = files.test.map { "The test sequences come from \($0)." }
    let isPositive = !data.isLabeled || data.positiveCount == data.count
    var origin: String
    if isPositive {
      var positives = data.labeled(1)
      var rest: SequenceSet?
      if test == nil {
        let parts = Splits.stratified(labels: positives.labels, fractions: [2, 1], seed: seed)
        rest = positives.subset(parts[1])
        positives = positives.subset(parts[0])
      }
      switch files.negatives {
      case .dinucleotideShuffles:
        data = positives.joined(with: try positives.shuffled(seed: seed).labeled(0))
        // A seed of its own, or a test sequence would be shuffled as the training sequence of the same number.
        if let rest { test = rest.joined(with: try rest.shuffled(seed: ~seed).labeled(0)) }
        origin =
          "\(name) gives the positives; the negatives are their shuffles, which keep every dinucleotide."
      case .file(let path):
        var negatives = try Self.read(path, files).labeled(0)
        if let rest {
          let parts = Splits.stratified(labels: negatives.labels, fractions: [2, 1], seed: seed)
          test = rest.joined(with: negatives.subset(parts[1]))
          negatives = negatives.subset(parts[0])
        }
        data = positives.joined(with: negatives)
        origin = "\(name) gives the positives, \(path) the negatives."
      }
    } else {
      try data.requireBothClasses(file: name)
      origin = "\(name) gives sequences with labels."
      if test == nil {
        let parts = Splits.stratified(labels: data.labels, fractions: [2, 1], seed: seed)
        test = data.subset(parts[1])
        data = data.subset(parts[0])
      }
    }
    guard let test, test.count > 0 else {
      throw InputError(file: name, "too few sequences to hold a third out")
    }
    try test.requireBothClasses(file: files.test ?? name)
    origin += " " + (held ?? "A third of the sequences is held out for testing.")
    let length = try data.requireUniformLength(file: name)
    if test.uniformLength != length {
      throw InputError(
        file: files.test,
        "the test sequences have \(test.uniformLength.map(String.init) ?? "different numbers of") bases,"
          + " the training sequences \(length); --length N takes N bases from the middle of each")
    }
    self.init(
      train: data, test: test, scattered: test.rotated(seed: seed), planted: nil, length: length,
      origin: origin)
  }

  private init(
    train: SequenceSet, test: SequenceSet, scattered: SequenceSet, planted: Planted?, length: Int,
    origin: String
  ) {
    self.train = train
    self.test = test
    self.scattered = scattered
    self.planted = planted
    self.length = length
    self.origin = origin
  }

  /// Sequences of one length.
  private static func read(_ path: String, _ files: StudyFiles, requireLabels: Bool = false) throws
    -> SequenceSet
  {
    if let length = files.length {
      return try SequenceSet.read(path: path, requireLabels: requireLabels).centered(
        length: length, file: path)
    }
    do {
      return try SequenceSet.read(path: path, requireLabels: requireLabels, requireUniformLength: true)
    } catch let error as InputError where error.reason.hasSuffix("same length") {
      throw InputError(
        file: error.file, line: error.line,
        error.reason + " (--length N takes N bases from the middle of each)")
    }
  }
}

extension Motif {
  /// What people call it.
  var displayName: String { name ?? identifier }
}
