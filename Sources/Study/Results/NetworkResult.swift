import Evaluation
import NeuralNetworks
import Sequences
import Statistics

/// One network of a study, trained and measured.
public struct NetworkResult: Sendable {
  public let name: String
  public let network: Network
  public let learning: LearningReport
  /// On the test sequences.
  public let metrics: ClassificationMetrics
  /// Of the test sequences.
  public let logits: [Float]
  /// Mean of the shares of positives and of negatives that it is right on: 0.5 for whoever always says the same.
  public let balancedAccuracy: Double
  /// On sequences in which the site may stand anywhere; for planted data only.
  public let scatteredAccuracy: Estimate?
  /// The best that a network can reach which knows of the position what this one can; for planted data only.
  public let ceiling: Ceiling?
  /// What it knows besides the motif; for a user's sequences only.
  public private(set) var audit: NetworkAudit?

  /// Of the epoch whose weights were kept.
  public var validationLoss: Double {
    let losses = learning.epochs.compactMap(\.validationLoss)
    return (learning.bestEpoch == nil ? losses.last : losses.min()) ?? .infinity
  }

  /// Whether it tells the classes apart better than chance: the interval of its AUROC lies above one half.
  public var hasLearned: Bool { (metrics.auroc?.low ?? 0) > 0.5 }

  public var accuracy: Estimate { metrics.accuracy }

  /// Multiplications and additions for one sequence, in all convolutions and dense layers.
  public var operations: Int { network.architecture.operations }
}

extension NetworkResult {
  init(
    name: String, _ trained: TrainedNetwork, data: StudyData, ceiling: Ceiling?,
    seed: UInt64
  ) throws {
    self.name = name
    self.ceiling = ceiling
    (network, learning) = (trained.network, trained.report)
    let logits = try network.finiteLogits(of: data.test.sequences)
    self.logits = logits
    metrics = ClassificationMetrics(logits: logits, labels: data.test.labels, seed: seed)
    let rights = [0, 1].map { label in
      let rows = data.test.indices(label: UInt8(label))
      return Double(rows.count { (logits[$0] > 0) == (label == 1) }) / Double(max(1, rows.count))
    }
    balancedAccuracy = (rights[0] + rights[1]) / 2
    scatteredAccuracy = try data.scattered.map { [network] in
      Metrics.accuracy(scores: try network.finiteLogits(of: $0.sequences), labels: $0.labels)
    }
  }

  /// Asks what the network knows of the test sequences besides a motif.
  mutating func audit(_ data: StudyData, _ options: StudyOptions) throws {
    var asked = AuditOptions()
    asked.motif = options.knownMotif
    asked.seed = options.seed
    audit = try NetworkAudit(network, on: data.test, train: data.train.sequences, options: asked)
  }
}

/// The best accuracies on planted sequences.
public struct Ceilings: Sendable {
  /// For each network of the study.
  public let networks: [Ceiling]
  /// Without any knowledge of the position.
  public let nothing: Ceiling
  /// With the position known.
  public let everything: Ceiling

  init(_ model: PlantedSimulation, architectures: [Architecture], seed: UInt64) {
    let knowledge =
      architectures.map { PositionKnowledge.network($0, in: model) } + [.nothing(model), .everything(model)]
    let ceilings = Ceiling.measure(model, knowledge: knowledge, seed: seed)
    networks = Array(ceilings.dropLast(2))
    nothing = ceilings[ceilings.count - 2]
    everything = ceilings[ceilings.count - 1]
  }
}
