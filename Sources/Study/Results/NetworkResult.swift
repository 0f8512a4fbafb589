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
  /// On sequences in which the site may stand anywhere.
  public let scatteredAccuracy: Estimate
  /// The best that a network can reach which knows of the position what this one can; for planted data only.
  public let ceiling: Ceiling?

  public var accuracy: Estimate { metrics.accuracy }

  /// Multiplications and additions for one sequence, in all convolutions and dense layers.
  public var operations: Int { network.architecture.operations }
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
