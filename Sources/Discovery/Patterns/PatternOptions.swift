/// How seqlets become patterns; the constants of TF-MoDISco as modisco-lite 3.0's program sets them.
public struct PatternOptions: Equatable, Sendable {
  /// A pair of limits on how far two patterns' seqlets can be told apart and on how well the patterns correlate.
  public struct Limit: Equatable, Sendable {
    /// 2·(1 − AUROC): 1 for seqlets that cannot be told apart, 0 for those that always can.
    public var contamination: Double
    /// Correlation of the contributions at the best offset.
    public var similarity: Double

    public init(_ contamination: Double, _ similarity: Double) {
      self.contamination = contamination
      self.similarity = similarity
    }
  }

  /// Seqlets of one sign below or at which there is nothing to cluster.
  public var minimumSeqlets = 100
  /// Seqlets of one sign that are used; a sample where there are more.
  public var maximumSeqlets = 20_000
  /// Neighbors of each seqlet.
  public var neighbors = 500
  /// Share of a seqlet that lies on what it is compared with at least.
  public var overlap = 0.7
  /// Rank correlation of coarse and fine similarities below which a seqlet is dropped.
  public var rankCorrelation = 0.15
  /// Neighbors that count, in the t-SNE sense.
  public var perplexity = 10.0
  /// Runs of the Leiden algorithm, of which the best counts.
  public var leidenRuns = 2
  /// Width of the most informative part, and what is added to it on each side.
  public var trimWindow = 30
  public var flank = 10
  /// Two patterns merge from any of these limits on…
  public var mergeThresholds = [Limit(0.8, 0.8), Limit(0.5, 0.85), Limit(0.2, 0.9)]
  /// …but not if two of those that would come together are at or below any of these.
  public var dealbreakers = [Limit(0.4, 0.75), Limit(0.2, 0.8), Limit(0.1, 0.85), Limit(0, 0.9)]
  /// How well patterns correlate that are joined as variants of one motif in one position, by their hypothetical contributions and,
  /// without that position, by their contributions. More than 1 leaves them apart, as TF-MoDISco does.
  public var variantSimilarity = 0.95
  /// Seqlets of each pattern that are compared when merging.
  public var mergingSample = 1000
  /// Whether seqlets that are in no pattern join the one they resemble as much as its own seqlets do: all but this share of
  /// them. 1 leaves them out, as TF-MoDISco does.
  public var recruitingShare = 0.1
  /// Perplexity of the clustering within a pattern; patterns with more seqlets are taken apart and merged again.
  public var subpatternPerplexity = 50.0
  /// Seqlets that a pattern has at least.
  public var minimumSize = 20
  /// Bits in a window of positions that a pattern has at least.
  public var minimumInformation = 0.6
  public var informationWindow = 6
  public var seed: UInt64 = 0

  public init() {}
}
