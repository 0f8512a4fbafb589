import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// How filters became motifs: what one rule makes of them after each epoch.
public struct FilterHistory: Sendable {
  /// Epochs in order, 0 before training.
  public let epochs: [Int]
  /// One for each epoch.
  public let analyses: [FilterAnalysis]

  /// - Parameters:
  ///   - weights: the network of every epoch.
  ///   - last: epochs after this one are passed over.
  ///   - network: what training gave; that of every epoch must have the same layers.
  /// - Throws: `InputError` if there are no weights, they belong to another network, or as `FilterAnalysis` does.
  public init(
    _ weights: WeightHistory, until last: Int? = nil, of network: Network, layer: Int = 0,
    on set: LabeledSequences, rule: FilterMotifRule, targets: [Motif], trim: Double? = nil, seed: UInt64 = 0,
    naming: NamingOptions = NamingOptions()
  ) throws {
    let epochs = try weights.epochs().filter { $0 <= last ?? .max }
    self.epochs = epochs
    analyses = try epochs.map { epoch in
      let past = try weights.network(epoch: epoch)
      guard past.architecture == network.architecture else {
        throw InputError(file: weights.path(epoch: epoch), "holds a network with other layers than the model")
      }
      return try FilterAnalysis(
        past, layer: layer, on: set, rules: [rule], targets: targets, trim: trim, seed: seed,
        naming: naming)
    }
  }

  /// What the rule found at each epoch.
  public var readings: [FilterReading] { analyses.map { $0.readings[0] } }
}
