/// Compares motifs as Tomtom does: every ungapped alignment of a query with a target is scored column by column,
/// and the best one gets a p-value from the scores that the query's columns have with all columns of a
/// collection (Gupta, Stamatoyannopoulos, Bailey & Noble 2007, Genome Biology 8, R24).
///
/// ```swift
/// let result = try Comparison().compare(filters, database)
/// for match in result.matches { print(result.query(match).identifier, result.target(match).identifier, match.pValue) }
/// ```
public struct Comparison: Equatable, Sendable {
  /// Which program's numbers are wanted.
  public enum Mode: String, CaseIterable, Sendable {
    /// Tomtom of MEME Suite 5.5.8: rows that do not sum to one are divided by their sums.
    case meme
    /// The Tomtom of memelite 0.5: rows as they stand in the file.
    case lite
  }

  /// How alike two columns are.
  public enum Distance: String, CaseIterable, Sendable {
    /// −√Σ (a − b)².
    case euclidean
    /// The correlation of a and b about ¼, of sums of 14 significant digits as Tomtom rounds them.
    case pearson
    /// 2 − Σ (a − b)² (Sandelin & Wasserman 2004).
    case sandelin
    /// Minus the mean of both Kullback–Leibler divergences, decimal logarithms.
    case kullback
    /// The average log-likelihood ratio (Wang & Stormo 2003), weighted by sites, natural logarithms.
    case allr
    /// Bayesian likelihood 2-component score (Habib et al. 2008), one Dirichlet component (1, 1, 1, 1).
    case blic1
    /// The same with five components, (5, 1, 1, 1) … (1, 1, 1, 5) and (2, 2, 2, 2).
    case blic5
    /// Log-likelihood ratio of one source against two, one Dirichlet component.
    case llr1
    /// The same with five components.
    case llr5
  }

  /// Which matches are kept.
  public enum Threshold: Equatable, Sendable {
    case pValue(Double)
    /// p-value × number of targets.
    case eValue(Double)
    case qValue(Double)
  }

  /// Where the null distribution's columns come from. A null from a handful of targets is meaningless.
  public enum Null: Equatable, Sendable {
    /// The targets, as in Tomtom.
    case targets
    /// The motifs of a database beside the targets.
    case collection([Motif], name: String)
    /// `SyntheticMotifs` drawn from a seed, beside the targets.
    case synthetic(seed: UInt64)

    /// With fewer targets than this, Tomtom warns that its p-values are inaccurate.
    public static let fewestTargets = 50

    /// The targets if there are at least 50 of them, synthetic motifs otherwise.
    public static func automatic(targets: Int, seed: UInt64 = 0) -> Null {
      targets >= fewestTargets ? .targets : .synthetic(seed: seed)
    }
  }

  public var mode: Mode
  public var distance: Distance
  public var threshold: Threshold
  /// Whether unaligned query columns count, as a column of median likeness each. Without, the p-value is that of
  /// the aligned columns alone, times the number of alignments.
  public var completeScores: Bool
  /// Whether targets are read on both strands.
  public var bothStrands: Bool
  /// The fewest columns that an alignment must cover, or the width of the narrower motif if that is less.
  public var minimumOverlap: Int
  /// Whether the narrower motif must lie within the wider one.
  public var internalOnly: Bool
  /// Base frequencies that the pseudocount follows (`meme` only); made equal for both strands.
  public var background: Background
  /// Added to the counts of each position (`meme` only): f′ = (n·f + pseudocount·b) / (n + pseudocount), n the
  /// whole number of sites, 20 where it is not known.
  public var pseudocount: Double

  public init(
    mode: Mode = .meme, distance: Distance = .euclidean, threshold: Threshold = .pValue(0.05),
    completeScores: Bool = true, bothStrands: Bool = true, minimumOverlap: Int = 1,
    internalOnly: Bool = false,
    background: Background = .uniform, pseudocount: Double = 0.1
  ) {
    self.mode = mode
    self.distance = distance
    self.threshold = threshold
    self.completeScores = completeScores
    self.bothStrands = bothStrands
    self.minimumOverlap = minimumOverlap
    self.internalOnly = internalOnly
    self.background = background
    self.pseudocount = pseudocount
  }

  /// Wider queries are not compared: 100 columns, as in Tomtom, or 300 in `lite` mode.
  public var widestQuery: Int { mode == .meme ? 100 : 300 }
}
