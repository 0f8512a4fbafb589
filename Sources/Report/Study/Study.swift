import Evaluation
import NeuralNetworks
import Sequences

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

  /// How far the stage is: units done and units in all.
  public typealias Progress = @Sendable (_ stage: Stage, _ done: Int, _ total: Int) -> Void

  /// Does everything but drawing and writing.
  ///
  /// - Throws: `InputError` if data cannot be read or do not fit the networks.
  init(_ options: StudyOptions, clock: StageClock, progress: @escaping Progress) throws {
    self.options = options
    let data = try clock.measure(Stage.data.rawValue) { try StudyData(options) }
    self.data = data
    inputs = try clock.measure(Stage.data.rawValue) { try options.inputPaths.map(RunRecord.Input.init) }
    let architectures = try options.networks.map { try $0.architecture(data.length) }
    let trained = try clock.measure(Stage.training.rawValue) {
      try Self.train(options, architectures, data, progress)
    }
    ceilings = clock.measure(Stage.ceilings.rawValue) {
      data.planted.map { Ceilings($0.model, architectures: architectures, seed: options.seed) }
    }
    let ceilings = ceilings
    networks = clock.measure(Stage.training.rawValue) {
      trained.indices.map { index in
        NetworkResult(
          name: options.networks[index].name, trained[index], data: data,
          ceiling: ceilings?.networks[index], seed: options.seed)
      }
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
