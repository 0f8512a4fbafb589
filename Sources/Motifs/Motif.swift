/// A named motif as a file or a filter gives it.
public struct Motif: Equatable, Sendable {
  /// The identifier, such as `FOXO1_HUMAN.H11MO.0.A` or `filter12`.
  public var identifier: String
  /// The alternative name, if any, such as `FOXO1`.
  public var name: String?
  /// Frequencies as given or as counts / Σ counts.
  public var frequencies: FrequencyMatrix
  /// The counts where they are known.
  public var counts: CountMatrix?
  /// Number of sites behind the matrix, where it is known.
  public var sites: Double?
  /// E-value as given in a MEME file.
  public var eValue: Double?
  /// Where the motif is described, if the file says so.
  public var url: String?

  public init(
    identifier: String, name: String? = nil, frequencies: FrequencyMatrix, counts: CountMatrix? = nil,
    sites: Double? = nil, eValue: Double? = nil, url: String? = nil
  ) {
    self.identifier = identifier
    self.name = name
    self.frequencies = frequencies
    self.counts = counts
    self.sites = sites
    self.eValue = eValue
    self.url = url
  }

  public var width: Int { frequencies.width }
}
