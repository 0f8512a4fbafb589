import Interpretation
import Motifs
import Runtime
import Statistics

/// How well one method points to sites that are known. Every estimate is a mean over sequences with its normal interval.
public struct AttributionGrade: Codable, Equatable, Sendable {
  /// As in `GradedMethod.name`.
  public let method: String
  /// Area under the ROC curve of a position's magnitude as a score for "inside the site"; ½ knows nothing.
  public let auroc: Estimate
  /// Average precision of the same; site / length knows nothing.
  public let averagePrecision: Estimate
  /// Share of all magnitudes that lies inside the site; site / length knows nothing.
  public let share: Estimate
  /// Spearman's correlation of the magnitudes in the site with the information content of the motif's positions, over the
  /// sequences where both vary; `nil` without any.
  public let informationCorrelation: Estimate?
  /// Mean |Σ attributions − (f(x) − f(reference))| as a share of the mean |f(x) − f(reference)|; `nil` for methods that
  /// promise no such sum.
  public let completenessError: Double?
  /// Spearman's correlation of the magnitudes with those of the same network with random weights, over the sequences where
  /// both vary (Adebayo et al. 2018, "Sanity checks for saliency maps", arXiv:1810.03292): a method that shows what a
  /// network learned has about 0. `nil` without any.
  public let randomizedCorrelation: Estimate?
  /// Spearman's correlation of the magnitudes with those of the next seed, for methods that draw references or noise; `nil` for the
  /// others, whose values have no seed.
  public let seedCorrelation: Estimate?
  /// Wall time; the only number that is not a function of the input.
  public let secondsPerThousand: Double
}

extension AttributionGrade {
  init(
    _ method: String, _ explanation: Explanation, untrained: Explanation, otherSeed: Explanation?,
    sites: [[MotifSite]], motif: FrequencyMatrix?, length: Int, secondsPerThousand: Double
  ) throws {
    let magnitudes = explanation.magnitudes
    let information = motif?.informationContent.map(Float.init)
    var scores: [SiteScores] = []
    var ofInformation: [Double] = []
    for (index, sites) in sites.enumerated() {
      let row = Array(magnitudes[index * length..<(index + 1) * length])
      guard let score = SiteScores(values: row, sites: sites.map(\.range)) else {
        throw InputError("\(method) gives values that are not numbers")
      }
      scores.append(score)
      for site in sites {
        guard let information, information.count == site.range.count,
          row.indices.contains(site.range.lowerBound),
          site.range.upperBound <= row.count
        else { continue }
        let expected = site.isReverse ? information.reversed() : information
        if let r = Metrics.spearman(Array(row[site.range]), expected) { ofInformation.append(r.value) }
      }
    }
    let ofRandom = rankCorrelations(magnitudes, untrained.magnitudes, length: length)
    let ofSeed = otherSeed.map { rankCorrelations(magnitudes, $0.magnitudes, length: length) } ?? []
    func mean(_ values: [Double], _ bounds: ClosedRange<Double>) -> Estimate? {
      values.isEmpty ? nil : Metrics.mean(values, bounds: bounds, confidence: 0.95)
    }
    self.method = method
    auroc = mean(scores.map(\.auroc), 0...1)!
    averagePrecision = mean(scores.map(\.averagePrecision), 0...1)!
    share = mean(scores.map(\.share), 0...1)!
    informationCorrelation = mean(ofInformation, -1...1)
    randomizedCorrelation = mean(ofRandom, -1...1)
    seedCorrelation = mean(ofSeed, -1...1)
    completenessError = explanation.completenessError
    self.secondsPerThousand = secondsPerThousand
  }
}

extension Explanation {
  /// `nil` for methods that promise no sum, and where outputs and references never differ.
  fileprivate var completenessError: Double? {
    guard case .attributions(let attributions) = self, !attributions.residuals.isEmpty else { return nil }
    let scores = attributions.scores
    let length = attributions.length
    var (errors, differences) = (0.0, 0.0)
    for (index, residual) in attributions.residuals.enumerated() {
      let sum = scores[index * length..<(index + 1) * length].reduce(0.0) { $0 + Double($1) }
      errors += abs(Double(residual))
      differences += abs(sum - Double(residual))
    }
    return differences > 0 ? errors / differences : nil
  }
}

/// Spearman's correlations of values (N, length), sequence by sequence, where both vary.
func rankCorrelations(_ a: [Float], _ b: [Float], length: Int) -> [Double] {
  stride(from: 0, to: a.count, by: length).compactMap { start in
    Metrics.spearman(Array(a[start..<start + length]), Array(b[start..<start + length]))?.value
  }
}
