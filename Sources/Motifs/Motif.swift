/// A named motif as a file or a filter gives it.
public struct Motif: Equatable, Sendable {
  /// The identifier, such as `FOXO1_HUMAN.H11MO.0.A` or `filter12`.
  public var identifier: String
  /// The alternative name, if any, such as `FOXO1`.
  public var name: String?
  /// Frequencies as given, rows off by more than 1e-5 divided by their sums, or counts / Σ counts.
  public var frequencies: FrequencyMatrix
  /// The frequencies to the digit of their file, where rows did not sum to one and `frequencies` are normalized.
  public var given: FrequencyMatrix?
  /// The counts where they are known.
  public var counts: CountMatrix?
  /// Number of sites that the matrix was made from, where it is known.
  public var sites: Double?
  /// E-value as given in a MEME file.
  public var eValue: Double?
  /// Where the motif is described, if the file says so.
  public var url: String?
  /// Scores as their source publishes them, where it does: HOCOMOCO's natural-log odds.
  public var scores: ScoreMatrix?
  /// Scores from which on a site counts as one, as published.
  public var thresholds: [ScoreThreshold]
  /// What else the file says of the motif, by the format's own tags, so that writing it back keeps it.
  public var attributes: [String: String]

  public init(
    identifier: String, name: String? = nil, frequencies: FrequencyMatrix, counts: CountMatrix? = nil,
    sites: Double? = nil, eValue: Double? = nil, url: String? = nil, scores: ScoreMatrix? = nil,
    thresholds: [ScoreThreshold] = [], attributes: [String: String] = [:], given: FrequencyMatrix? = nil
  ) {
    self.identifier = identifier
    self.name = name
    self.frequencies = frequencies
    self.given = given
    self.counts = counts
    self.sites = sites
    self.eValue = eValue
    self.url = url
    self.scores = scores
    self.thresholds = thresholds
    self.attributes = attributes
  }

  public var width: Int { frequencies.width }
}

/// A published cut on a motif's score.
public struct ScoreThreshold: Equatable, Sendable {
  /// In the unit of the source's scores: natural-log odds for HOMER and HOCOMOCO.
  public var score: Double
  /// The chance of a random site to reach it, where the source says.
  public var pValue: Double?

  public init(score: Double, pValue: Double? = nil) {
    self.score = score
    self.pValue = pValue
  }
}
