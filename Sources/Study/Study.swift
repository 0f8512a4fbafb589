import Evaluation
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What networks learned from sequences: everything that the report shows, as values.
///
/// One direction: data → trained networks → what they can know at best → audits → filters → redundancy → attributions.
/// Files and pictures are made from it elsewhere.
public struct Study: Sendable {
  /// The stages of a study, in order.
  public enum Stage: String, CaseIterable, Sendable {
    case data, training, ceilings, audit, filters, pruning, attribution, figures, files
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
  /// What the classes are made of; `nil` for planted data, whose classes are made of the same.
  public let composition: CompositionResult?
  /// Known motifs in a user's sequences; `nil` without a database.
  public let enrichment: DatabaseEnrichment?
  public let pruning: PruningResult
  public let attribution: AttributionResult

  /// How far the stage is: units done and units in all.
  public typealias Progress = @Sendable (_ stage: Stage, _ done: Int, _ total: Int) -> Void

  /// Does everything but drawing and writing.
  ///
  /// - Parameters:
  ///   - inputs: gives the files that it is made from, as they were when the work began.
  /// - Throws: `InputError` if data cannot be read or do not fit the networks.
  package init(
    _ options: StudyOptions, inputs: () throws -> [RunRecord.Input] = { [] }, clock: StageClock,
    progress: @escaping Progress = { _, _, _ in }
  ) throws {
    self.options = options
    let data = try clock.measure(Stage.data.rawValue) { try StudyData(options) }
    self.data = data
    let architectures = try Self.architectures(options, length: data.length)
    let trained = try clock.measure(Stage.training.rawValue) {
      try Self.train(options, architectures, data, progress)
    }
    ceilings = clock.measure(Stage.ceilings.rawValue) {
      data.planted.map { Ceilings($0.model, architectures: architectures, seed: options.seed) }
    }
    let ceilings = ceilings
    var networks = try clock.measure(Stage.training.rawValue) {
      try trained.indices.map { index in
        try NetworkResult(
          name: options.networks[index].name, trained[index], data: data,
          ceiling: ceilings?.networks[index], seed: options.seed)
      }
    }
    if data.planted == nil {
      try clock.measure(Stage.audit.rawValue) {
        for index in networks.indices { try networks[index].audit(data, options) }
      }
    }
    self.networks = networks
    let interpreted = options.interpreted ?? Self.interpreted(networks, data)
    let enrichment = try clock.measure(Stage.filters.rawValue) { () -> DatabaseEnrichment? in
      guard data.planted == nil, let database = options.database else { return nil }
      return try DatabaseEnrichment(database, data, seed: options.seed)
    }
    self.enrichment = enrichment
    (filterResults, filters) = try clock.measure(Stage.filters.rawValue) { [networks] in
      let results = try networks.filter { $0.network.architecture.hasPlainFilters }
        .map { try FilterResult($0, data: data, options: options, enrichment: enrichment) }
      return (results, results.first { $0.network.name == interpreted }!)
    }
    composition = data.planted == nil ? CompositionResult(data) : nil
    let network = filters.network
    pruning = try clock.measure(Stage.pruning.rawValue) {
      try PruningResult(network, data: data, training: options.training) { progress(.pruning, $0, $1) }
    }
    attribution = try clock.measure(Stage.attribution.rawValue) { [networks] in
      try AttributionResult(networks, interpreted: network, data: data, seed: options.seed)
    }
    self.inputs = try inputs()
  }

  /// The networks for sequences of a length, one of which at least can be read closely.
  private static func architectures(_ options: StudyOptions, length: Int) throws -> [Architecture] {
    let architectures = try options.networks.map { network in
      do {
        return try network.architecture(length)
      } catch let error as InputError where error.file == nil {
        throw InputError("network \(network.name): \(error.reason)")
      }
    }
    // Reading filters and pruning come after hours of training, so what they need is asked for before.
    let plain = zip(options.networks, architectures).filter { $1.hasPlainFilters }.map(\.0.name)
    if let interpreted = options.interpreted, !plain.contains(interpreted) {
      throw InputError(
        "network \(interpreted) cannot be interpreted: it does not begin with a plain convolution (stride and dilation 1)"
      )
    }
    if plain.isEmpty {
      throw InputError(
        "none of the networks begins with a plain convolution (stride and dilation 1) that could be read")
    }
    return architectures
  }

  /// The network to read closely where the user names none.
  private static func interpreted(_ networks: [NetworkResult], _ data: StudyData) -> String {
    let plain = networks.filter { $0.network.architecture.hasPlainFilters }
    if data.planted != nil { return plain.first { $0.name == "v2" }?.name ?? plain[0].name }
    // The test sequences choose nothing.
    return plain.min { $0.validationLoss < $1.validationLoss }!.name
  }

  private static func train(
    _ options: StudyOptions, _ architectures: [Architecture], _ data: StudyData,
    _ progress: @escaping Progress
  ) throws -> [TrainedNetwork] {
    let each = options.training.epochs * data.train.count
    return try architectures.enumerated().map { index, architecture in
      do {
        return try Network(architecture: architecture, seed: options.seed)
          .trained(on: data.train, validation: data.validation ?? data.test, options: options.training) {
            progress(.training, index * each + $0, architectures.count * each)
          }
      } catch let error as InputError where error.file == nil {
        throw InputError("network \(options.networks[index].name): \(error.reason)")
      }
    }
  }
}

extension Architecture {
  /// Whether the first layer is a convolution whose filters can be read as motifs and removed.
  var hasPlainFilters: Bool {
    guard case .convolution1D(let layer)? = layers.first?.kind else { return false }
    return layer.stride == 1 && layer.dilation == 1
  }
}
