import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences

/// What the filters of a convolution are: motifs by one or several rules, known motifs that they match, how well they
/// tell positives from negatives, and which of them do the same.
///
/// Whoever asks about filters asks here, so that a study, `motifkit filters` and the history of a training agree.
public struct FilterAnalysis: Sendable {
  /// Index of the convolution among the layers.
  public let layer: Int
  /// One for each rule.
  public let readings: [FilterReading]
  public let redundancy: FilterRedundancy
  /// Weights of each filter with batch normalization folded in, [filter][position][A C G T]; empty where they do not
  /// stand for bases (later convolutions).
  public let weights: [[[Double]]]
  /// The known motifs that filters were compared with.
  public let targets: [Motif]
  /// Base frequencies of the sequences, one added to each count, as Basset writes them.
  public let background: Background

  /// - Parameters:
  ///   - targets: known motifs that may give the names; none compares nothing.
  ///   - null: where p-values come from; `nil` takes the targets if they are many, else synthetic motifs.
  ///   - trim: take positions with fewer bits than this off the ends of the motifs.
  ///   - seed: of synthetic motifs, and of the choice among equally good hits of a motif in a sequence.
  ///   - naming: how the names are found; `DatabaseEnrichment.family(of:)` knows families.
  /// - Throws: `InputError` if the layer is no convolution, a rule cannot read it or the sequences do not fit it.
  public init(
    _ network: Network, layer: Int = 0, on set: LabeledSequences, rules: [FilterMotifRule] = [.halfMax],
    targets: [Motif], null: Comparison.Null? = nil, trim: Double? = nil, seed: UInt64 = 0,
    naming: NamingOptions = NamingOptions(), threads: Int = Parallel.threads
  ) throws {
    let sequences = set.sequences
    self.layer = layer
    self.targets = targets
    let activity = try network.filterActivity(of: sequences, layer: layer, threads: threads)
    redundancy = try network.filterRedundancy(
      of: sequences, layer: layer, activity: activity, threads: threads)
    readings = try rules.map { rule in
      try FilterReading(
        network.filterMotifs(of: sequences, layer: layer, rule: rule, activity: activity, threads: threads),
        rule: rule,
        on: set, targets: targets, null: null, trim: trim, seed: seed, naming: naming)
    }
    if network.readsWeights(layer) {
      let folded = network.foldingNormalization()
      weights = try (0..<activity.filters).map { try folded.filter($0).weights.map { $0.map(Double.init) } }
    } else {
      weights = []
    }
    var counts = [Double](repeating: 1, count: 5)
    for code in sequences.codes { counts[Int(min(code, 4))] += 1 }
    background = Background(Array(counts[..<4]))
  }

  public var filters: Int { redundancy.filters }

  /// Where the p-values come from, in words.
  public var null: String {
    Set(readings.map(\.null)).subtracting([""]).sorted().joined(separator: "; ")
  }

  /// When a match counts, among all filters together.
  public var namingRule: NamingRule { NamingRule(queries: filters) }

  /// Whether a filter's match with a known motif counts.
  public func isSignificant(
    _ match: MotifMatch, with target: Motif, of filter: Int, by reading: FilterReading
  ) -> Bool {
    guard let motif = reading.trimmed[filter], NamingRule.isEnough(reading.information[filter]) else {
      return false
    }
    return namingRule.allows(match, of: motif, with: target)
  }

  /// Whether no sequence makes the filter answer.
  public func isDead(_ filter: Int) -> Bool {
    redundancy.statuses[filter].neverFires || redundancy.statuses[filter].cannotFire
  }
}
