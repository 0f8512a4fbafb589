import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What a network with one output really learned from labeled sequences: the motif, where it stands, or something else.
///
/// The numbers are here, the verdicts in `checks`. All are functions of network, sequences and options, whatever the
/// number of threads.
public struct NetworkAudit: Sendable {
  public let options: AuditOptions
  public let metrics: ClassificationMetrics
  public let duplicates: DuplicateAudit
  public let shift: ShiftAudit
  public let strand: StrandAudit
  /// `nil` where a logit is not a number.
  public let composition: CompositionAudit?
  /// What needs a motif; `nil` if the options have none.
  public let motif: MotifResults?
  public let checks: [AuditCheck]

  public struct MotifResults: Sendable {
    /// What a planted site does at each position.
    public let response: PlantedResponse
    public let audit: MotifAudit
    /// Whether the best sites of the positives lie in their middle; `nil` if none has 5 bits.
    public let central: CentralEnrichment?
    /// Where most positives have the motif along the sequence, and how many.
    public let planted: Place
    /// What is possible at best without knowing the place, with what the network can know, and knowing it; `nil` unless
    /// the data have the motif at the middle of (nearly) all positives, as `motifkit simulate` makes them.
    public let ceilings: Ceilings?

    /// A place in sequences and the share of them that has the motif there.
    public struct Place: Sendable {
      /// From 0.
      public let start: Int
      public let share: Double
    }

    public struct Ceilings: Sendable {
      public let nothing, network, everything: Ceiling
    }
  }

  /// Whether no check failed.
  public var passed: Bool { !checks.contains { $0.verdict == .failed } }

  /// Sequences of each class that ceilings are measured on.
  private static let ceilingSequences = 50_000

  /// - Parameters:
  ///   - set: sequences of the network's length with yes or no, both among them.
  ///   - train: sequences that the network was trained on, to look for them among the others.
  ///   - progress: called with the number of parts done, of `parts`.
  /// - Throws: `InputError` if the sequences do not fit the network, or the motif is wider than they are.
  public init(
    _ network: Network, on set: DataSet, train: SequenceSet? = nil,
    options: AuditOptions = AuditOptions(), threads: Int = Parallel.threads,
    progress: (Int) -> Void = { _ in }
  ) throws {
    try set.requireBinary(for: "an audit")
    try set.require(fits: network)
    if let motif = options.motif, motif.width > network.architecture.input.length {
      throw InputError(
        "the motif has \(motif.width) positions, but the sequences have \(network.architecture.input.length) bases"
      )
    }
    self.options = options
    let logits = try network.finiteLogits(of: set.sequences, threads: threads)
    metrics = ClassificationMetrics(
      logits: logits, labels: set.labels, seed: options.seed, threads: threads)
    duplicates = DuplicateAudit(set, train: train)
    progress(1)
    shift = try ShiftAudit(network, set, options: options, threads: threads)
    progress(2)
    strand = try StrandAudit(network, set, logits: logits, threads: threads)
    composition = try CompositionAudit(network, set, seed: options.seed, threads: threads)
    progress(3)
    motif = try options.motif.map {
      try MotifResults(network, set, motif: $0, options: options, threads: threads)
    }
    progress(Self.parts)
    checks =
      Self.dataChecks(duplicates, metrics, options) + Self.positionChecks(shift, motif, metrics, options)
      + Self.contentChecks(strand, composition, motif, options)
  }

  /// Parts that `progress` counts.
  public static let parts = 4

  fileprivate static func ceilings(
    _ network: Network, _ motif: Motif, _ planted: MotifResults.Place, _ options: AuditOptions,
    threads: Int
  ) throws -> MotifResults.Ceilings? {
    let model = try PlantedSimulation(
      frequencies: motif.frequencies.rows, length: network.architecture.input.length)
    guard planted.share >= options.plantedShare, planted.start == model.center else { return nil }
    let found = Ceiling.measure(
      model, knowledge: [.nothing(model), .network(network.architecture, in: model), .everything(model)],
      sequencesPerClass: ceilingSequences, seed: options.seed, threads: threads)
    return MotifResults.Ceilings(nothing: found[0], network: found[1], everything: found[2])
  }
}

extension NetworkAudit.MotifResults {
  init(
    _ network: Network, _ set: DataSet, motif: Motif, options: AuditOptions, threads: Int
  ) throws {
    let seed = options.seed
    let all = [1, 0].map { set.sequences.subset(set.indices(label: $0)) }
    let samples = all.map { set in
      set.subset(SequenceSet.sample(Array(0..<set.count), options.sampleSize / 2, seed: seed))
    }
    let places = MotifPlaces(motif, positives: all[0], negatives: all[1], seed: seed)
    // Sites at every position ask the network often: fewer sequences where they are long.
    let length = network.architecture.input.length
    let starts = length - motif.width + 1
    let count = min(options.neutralCount, max(20, 10_000_000 / (starts * length)))
    let rows = SequenceSet.sample(Array(0..<all[1].count), count, seed: seed)
    response = try PlantedResponse(
      network, neutral: try all[1].subset(rows).shuffled(order: 2, seed: seed), motif: motif,
      places: places.shares, seed: seed, threads: threads)
    let best = BestHitFinder(samples[0], widths: [motif.width], seed: seed).bestHits(motif.weights())
    audit = try MotifAudit(
      network, positives: samples[0], negatives: samples[1], motif: motif, places: places.shares, best: best,
      seed: seed, threads: threads)
    central = CentralEnrichment(places.best, length: length, width: motif.width)
    planted = places.planted
    ceilings = try NetworkAudit.ceilings(network, motif, places.planted, options, threads: threads)
  }
}
