import NeuralNetworks
import Runtime
import Sequences
import Statistics

extension HyperparameterSearch {
  /// One network with one way of training it.
  public struct Trial: Sendable {
    /// From 1.
    public let number: Int
    /// The network that it varies.
    public let network: String
    /// Whether it is that network and the options as given: the mark to beat.
    public let isGiven: Bool
    public let architecture: Architecture
    /// Learning rate, batch size and weight decay are the trial's; epochs those of a whole training.
    public let options: TrainingOptions
    /// Epochs of the last rung that it reached; 0 before the first.
    public internal(set) var epochs = 0
    /// Mean over the folds, after those epochs.
    public internal(set) var metrics: [Metric: Double] = [:]
    /// Why it could not be trained.
    public internal(set) var problem: String?
    /// 1 is the best: trials of later rungs before those of earlier ones, then by the metric.
    public internal(set) var rank = 0

    /// What the trial has for each parameter.
    public func value(_ parameter: SearchSpace.Parameter) -> Double? {
      switch parameter {
      case .filters, .kernelSize, .dropout: architecture.value(parameter)
      case .learningRate: options.learningRate
      case .batchSize: Double(options.batchSize)
      case .weightDecay: options.weightDecay
      }
    }
  }

  /// The networks as given, then random points of the space, all different.
  ///
  /// Throws `InputError` where there are fewer trials than networks, or no point makes a network that fits the sequences.
  static func trials(
    _ count: Int, of networks: [CrossValidation.Contender], space: SearchSpace, objective: Objective,
    options: TrainingOptions
  ) throws -> [Trial] {
    guard count >= networks.count else {
      throw InputError("trials must be at least as many as networks, \(networks.count), not \(count)")
    }
    var trials = networks.enumerated().map { index, network in
      Trial(
        number: index + 1, network: network.name, isGiven: true, architecture: network.architecture,
        options: options)
    }
    var failure: InputError?
    while trials.count < count {
      var trial: Trial?
      for attempt in 0..<100 where trial == nil {
        var random = CounterRandom(
          seed: options.seed, purpose: .search, epoch: attempt, index: trials.count)
        let network = networks[random.below(networks.count)]
        let point = space.sample(using: &random)
        var options = options
        if let rate = point[.learningRate] { options.learningRate = rate }
        if let size = point[.batchSize] { options.batchSize = Int(size) }
        if let decay = point[.weightDecay] { options.weightDecay = decay }
        do {
          try options.validate()
          let architecture = try network.architecture.varied(point)
          // A network may end in a convolution.
          try CrossValidation.Contender(network.name, architecture).require(objective)
          if trials.contains(where: { $0.architecture == architecture && $0.options == options }) { continue }
          trial = Trial(
            number: trials.count + 1, network: network.name, isGiven: false, architecture: architecture,
            options: options)
        } catch let error as InputError { failure = error }
      }
      guard let trial else { break }
      trials.append(trial)
    }
    if let failure, trials.count == networks.count, count > networks.count {
      throw InputError("no network of the search space fits the sequences: \(failure.reason)")
    }
    return trials
  }
}
