import Arrays
import Discovery
import Figures
import HDF5
import Motifs
import Runtime

/// What motif discovery found, with its files, pictures and page.
public struct DiscoveryReport: Sendable {
  let patterns: [NamedPattern]
  let families: [PatternFamily]
  let matches: [PatternMatch?]
  let hits: [AttributionHit]
  let scanned: [ScannedHit]
  let statistics: HitStatistics
  let tracks: AttributionTracks
  /// Names of the sequences.
  let names: [String]
  let seqlets: (positive: Int, negative: Int)
  private let discovery: MotifDiscovery

  /// Files and folders that `write` makes.
  public static let entries = [
    "figures", "families.meme", "hits.bed", "hits.tsv", "index.html", "patterns.h5", "patterns.meme",
    "patterns.tsv",
    "scan.bed", "scan.tsv",
  ]

  /// Calls hits and names the patterns.
  ///
  /// - Parameters:
  ///   - names: of the sequences.
  ///   - database: motifs that may give a name; none, then no names.
  ///   - naming: how the names are found.
  ///   - scanPValue: of hits by scanning.
  /// - Throws: As comparing and scanning.
  public init(
    _ discovery: MotifDiscovery, in tracks: AttributionTracks, names: [String], database: [Motif] = [],
    naming: NamingOptions = NamingOptions(), fit: ContributionFit = ContributionFit(),
    scanPValue: Double = 1e-4, seed: UInt64 = 0
  ) throws {
    patterns = discovery.patterns
    families = patterns.families()
    matches = database.isEmpty ? [] : try patterns.matches(in: database, seed: seed, naming: naming)
    hits = fit.hits(of: patterns, in: tracks)
    scanned = patterns.scannedHits(in: tracks, pValue: scanPValue)
    statistics = HitStatistics(hits, patterns: patterns.count, sequences: tracks.count)
    self.tracks = tracks
    self.names = names
    seqlets = (discovery.seqlets.positive.count, discovery.seqlets.negative.count)
    self.discovery = discovery
  }

  /// A row for each pattern.
  public var table: Table { patterns.table(matches: matches, hits: hits) }

  /// Why there is no pattern, and what to do; `nil` where there are some.
  public var nothingFound: String? {
    guard patterns.isEmpty else { return nil }
    let count = seqlets.positive + seqlets.negative
    return count == 0
      ? "No pattern was found: nothing in the attributions stands out. Does the network tell its sequences apart"
        + " (motifkit evaluate)?"
      : "No pattern was found: \(Words.counted(count, "stretch", plural: "stretches")) of the attributions"
        + " \(count == 1 ? "stands" : "stand") out, but too few are alike. More sequences may help."
  }

  /// Writes all files into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try OutputFolder.create("\(folder)/figures")
    let files = FigureFiles("\(folder)/figures", provenance)
    let pictures = pictures
    let data = data(in: folder)
    // Data are written while pictures are drawn.
    let drawn = try Parallel.tryMap(data.count + pictures.count) { index -> PageFigure.Picture? in
      guard index >= data.count else {
        try data[index]()
        return nil
      }
      let picture = pictures[index - data.count]
      return try files.page(picture.drawing, picture.name, alt: picture.alt)
    }.compactMap { $0 }
    let page = page(Dictionary(uniqueKeysWithValues: drawn.map { ($0.name, $0) }), provenance: provenance)
    try AtomicFile.write(try page.html(), to: "\(folder)/index.html")
  }

  /// What writes the files beside page and pictures, the longest first.
  private func data(in folder: String) -> [@Sendable () throws -> Void] {
    [
      { try HDF5Writer.write(discovery.hdf5(tracks), to: "\(folder)/patterns.h5") },
      { try AtomicFile.write(scanned.table(patterns, names: names).tsv, to: "\(folder)/scan.tsv") },
      { try AtomicFile.write(hits.table(patterns, names: names).tsv, to: "\(folder)/hits.tsv") },
      { try AtomicFile.write(scanned.bed(patterns, names: names), to: "\(folder)/scan.bed") },
      { try AtomicFile.write(hits.bed(patterns, names: names), to: "\(folder)/hits.bed") },
      {
        try AtomicFile.write(table.tsv, to: "\(folder)/patterns.tsv")
        try MotifFile(motifs: patterns.map { $0.motif() }).write(to: "\(folder)/patterns.meme")
        try MotifFile(motifs: families.map(\.motif)).write(to: "\(folder)/families.meme")
      },
    ]
  }

  /// A pattern's number on the page and the best name there is for it.
  func title(_ index: Int) -> String {
    let named = patterns[index]
    let label = String(named.name.drop { $0 != "." }.dropFirst()).replacing("_", with: " ")
    let sign = named.isPositive ? "" : "negative "
    guard !matches.isEmpty, let match = matches[index] else { return sign + label }
    return "\(sign)\(label), like \(match.name ?? match.identifier)"
  }
}
