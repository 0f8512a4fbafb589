import Evaluation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What networks learned from sequences: everything that the report shows, as values.
///
/// One direction: data → trained networks → what they can know at best → filters → redundancy → attributions. Files
/// and pictures are made from it by `write(to:)`.
public struct Study: Sendable {
  /// The stages of a study, in order.
  public enum Stage: String, CaseIterable, Sendable {
    case data, training, ceilings, filters, pruning, attribution, figures, files
  }

  public let options: StudyOptions
  public let data: StudyData
  /// The files that the study was made from.
  public let inputs: [RunRecord.Input]
  public let networks: [NetworkResult]
  /// For planted data only.
  public let ceilings: Ceilings?
  /// The filters of each network whose first layer is a plain convolution.
  public let filterResults: [FilterResult]
  /// Those of the network that is read closely.
  public let filters: FilterResult
  public let details: FilterDetails
  public let pruning: PruningResult
  public let attribution: AttributionResult

  /// How far the stage is: units done and units in all.
  public typealias Progress = @Sendable (_ stage: Stage, _ done: Int, _ total: Int) -> Void

  /// Does everything but drawing and writing.
  ///
  /// - Throws: `InputError` if data cannot be read or do not fit the networks.
  package init(_ options: StudyOptions, clock: StageClock, progress: @escaping Progress) throws {
    self.options = options
    let data = try clock.measure(Stage.data.rawValue) { try StudyData(options) }
    self.data = data
    inputs = try clock.measure(Stage.data.rawValue) { try options.inputPaths.map(RunRecord.Input.init) }
    let architectures = try options.networks.map { network in
      do {
        return try network.architecture(data.length)
      } catch let error as InputError where error.file == nil {
        throw InputError("network \(network.name): \(error.reason)")
      }
    }
    let trained = try clock.measure(Stage.training.rawValue) {
      try Self.train(options, architectures, data, progress)
    }
    ceilings = clock.measure(Stage.ceilings.rawValue) {
      data.planted.map { Ceilings($0.model, architectures: architectures, seed: options.seed) }
    }
    let ceilings = ceilings
    let networks = clock.measure(Stage.training.rawValue) {
      trained.indices.map { index in
        NetworkResult(
          name: options.networks[index].name, trained[index], data: data,
          ceiling: ceilings?.networks[index], seed: options.seed)
      }
    }
    self.networks = networks
    let interpreted = options.interpreted ?? (networks.contains { $0.name == "v2" } ? "v2" : networks[0].name)
    (filterResults, filters, details) = try clock.measure(Stage.filters.rawValue) {
      let results = try networks.filter { $0.name == interpreted || $0.hasPlainFilters }
        .map { try FilterResult($0, data: data, options: options) }
      let filters = results.first { $0.network.name == interpreted }!
      return (results, filters, try FilterDetails(filters, data: data))
    }
    let network = filters.network
    pruning = try clock.measure(Stage.pruning.rawValue) {
      try PruningResult(network, data: data, training: options.training) { progress(.pruning, $0, $1) }
    }
    attribution = try clock.measure(Stage.attribution.rawValue) {
      try AttributionResult(networks, interpreted: network, data: data, seed: options.seed)
    }
  }

  private typealias Trained = (network: Network, report: LearningReport)

  private static func train(
    _ options: StudyOptions, _ architectures: [Architecture], _ data: StudyData,
    _ progress: @escaping Progress
  ) throws -> [Trained] {
    let each = options.training.epochs * data.train.count
    return try architectures.enumerated().map { index, architecture in
      try Network(architecture: architecture, seed: options.seed)
        .trained(on: data.train, validation: data.test, options: options.training) {
          progress(.training, index * each + $0, architectures.count * each)
        }
    }
  }
}

extension NetworkResult {
  /// Whether the first layer is a convolution whose filters can be read as motifs.
  fileprivate var hasPlainFilters: Bool { (try? network.firstConvolution()) != nil }

  init(
    name: String, _ trained: (network: Network, report: LearningReport), data: StudyData, ceiling: Ceiling?,
    seed: UInt64
  ) {
    let logits = trained.network.logits(data.test)
    self.init(
      name: name, network: trained.network, learning: trained.report,
      metrics: ClassificationMetrics(logits: logits, labels: data.test.labels, seed: seed), logits: logits,
      scatteredAccuracy: Metrics.accuracy(
        scores: trained.network.logits(data.scattered), labels: data.scattered.labels),
      ceiling: ceiling)
  }
}
