import NeuralNetworks
import Runtime
import Sequences

/// Makes trials of points of a search space, all different.
struct TrialMaker {
  /// A network, by its number, and what it is varied to.
  typealias Point = (network: Int, values: [SearchSpace.Parameter: Double])

  let networks: [CrossValidation.Contender]
  let objective: Objective
  let options: TrainingOptions
  private(set) var trials: [HyperparameterSearch.Trial]
  private var failure: InputError?

  /// Begins with the networks as given.
  ///
  /// Throws `InputError` where there are fewer trials than networks.
  init(
    _ networks: [CrossValidation.Contender], trials count: Int, objective: Objective, options: TrainingOptions
  ) throws {
    guard count >= networks.count else {
      throw InputError("trials must be at least as many as networks, \(networks.count), not \(count)")
    }
    (self.networks, self.objective, self.options) = (networks, objective, options)
    trials = networks.enumerated().map { index, network in
      HyperparameterSearch.Trial(
        number: index + 1, network: network.name, isGiven: true, architecture: network.architecture,
        options: options)
    }
  }

  /// Adds a trial at a point that makes one: sound, and different from those before.
  ///
  /// - Parameter point: another for each attempt.
  /// - Returns: the point, or `nil` where no attempt made a trial: the space has no more of them.
  /// - Throws: `InputError` if no point of the space made a network that fits the sequences.
  mutating func add(_ point: (_ attempt: Int) -> Point) throws -> Point? {
    for attempt in 0..<100 {
      let point = point(attempt)
      do {
        guard let trial = try trial(at: point) else { continue }
        trials.append(trial)
        return point
      } catch let error as InputError { failure = error }
    }
    if let failure, trials.count == networks.count {
      throw InputError("no network of the search space fits the sequences: \(failure.reason)")
    }
    return nil
  }

  private func trial(at point: Point) throws -> HyperparameterSearch.Trial? {
    let network = networks[point.network]
    var options = options
    if let rate = point.values[.learningRate] { options.learningRate = rate }
    if let size = point.values[.batchSize] { options.batchSize = Int(size) }
    if let decay = point.values[.weightDecay] { options.weightDecay = decay }
    try options.validate()
    let architecture = try network.architecture.varied(point.values)
    // A network may end in a convolution.
    try CrossValidation.Contender(network.name, architecture).require(objective)
    guard !trials.contains(where: { $0.architecture == architecture && $0.options == options }) else {
      return nil
    }
    return HyperparameterSearch.Trial(
      number: trials.count + 1, network: network.name, isGiven: false, architecture: architecture,
      options: options)
  }
}
