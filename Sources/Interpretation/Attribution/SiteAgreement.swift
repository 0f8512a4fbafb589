/// How well positions' values point to sites that are known, over all sequences that have one.
public struct SiteAgreement: Codable, Equatable, Sendable {
  /// Sequences with a site.
  public let sequences: Int
  /// Mean share of a sequence's sum of values that lies inside its site.
  public let share: Double
  /// The share that values without any knowledge would have: width / length.
  public let expectedShare: Double
  /// Mean over sequences of the area under the ROC curve of values as scores for "inside the site"; 0.5 knows nothing.
  public let auroc: Double

  /// - Parameters:
  ///   - values: (N, L), the larger the more important; negative ones count as zero in the share.
  ///   - sites: The bases of each sequence's site, `nil` where there is none.
  /// - Returns: `nil` if no sequence has a site, or a site is all of its sequence.
  public init?(values: [Float], length: Int, sites: [Range<Int>?]) {
    precondition(values.count == sites.count * length, "a value for each base")
    var (shares, areas, widths, count) = (0.0, 0.0, 0.0, 0)
    for (index, site) in sites.enumerated() {
      guard let site,
        let scores = SiteScores(values: values[index * length..<(index + 1) * length], site: site)
      else { continue }
      shares += scores.share
      areas += scores.auroc
      widths += scores.expectedShare
      count += 1
    }
    guard count > 0 else { return nil }
    sequences = count
    share = shares / Double(count)
    expectedShare = widths / Double(count)
    auroc = areas / Double(count)
  }
}

extension SiteAgreement {
  /// What several parts of a set have together; `nil` if none has a site.
  public init?(_ parts: [SiteAgreement]) {
    let total = parts.reduce(0) { $0 + $1.sequences }
    guard total > 0 else { return nil }
    func mean(_ value: (SiteAgreement) -> Double) -> Double {
      parts.reduce(0) { $0 + value($1) * Double($1.sequences) } / Double(total)
    }
    sequences = total
    share = mean(\.share)
    expectedShare = mean(\.expectedShare)
    auroc = mean(\.auroc)
  }
}

extension Attributions {
  /// How well `magnitudes` point to the sites.
  public func agreement(with sites: [Range<Int>?]) -> SiteAgreement? {
    SiteAgreement(values: magnitudes, length: length, sites: sites)
  }
}

extension ClassActivationMaps {
  /// How well the maps point to the sites.
  public func agreement(with sites: [Range<Int>?]) -> SiteAgreement? {
    SiteAgreement(values: values, length: length, sites: sites)
  }
}
