import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
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
  /// Wall time; the only number that is not a function of the input.
  public let secondsPerThousand: Double
}

/// All methods of attribution against the planted truth.
public struct AttributionGrading: Codable, Equatable, Sendable {
  /// Sequences with a site that were explained.
  public let sequences: Int
  /// Mean share of a sequence that its site covers: what a method without knowledge has as `share`.
  public let expectedShare: Double
  /// In the order of the methods.
  public let grades: [AttributionGrade]
  /// Methods that the network does not take, and why.
  public let unsuited: [String: String]

  /// - Parameters:
  ///   - sequences: of the network's length; those without a site are left out.
  ///   - sites: of each sequence.
  ///   - motif: what was planted, for the width and the information of its positions.
  ///   - output: Which of the network's outputs is explained.
  ///   - seed: of references and of the random weights.
  ///   - progress: called with the number of methods done.
  /// - Throws: `InputError` if no sequence has a site, a sequence has another length than the network takes, or no method
  ///   suits it.
  public init(
    _ network: Network, of sequences: SequenceSet, sites: [PlantedSite], motif: FrequencyMatrix,
    methods: [GradedMethod] = GradedMethod.all, output: Int = 0, seed: UInt64 = 0,
    threads: Int = Parallel.threads,
    progress: (Int) -> Void = { _ in }
  ) throws {
    precondition(sites.count == sequences.count, "a site or none for each sequence")
    try network.requireLength(of: sequences)
    let length = network.architecture.input.length
    let rows = sites.indices.filter { index in
      sites[index].start.map { $0 + motif.width <= length && motif.width < length } ?? false
    }
    guard !rows.isEmpty else { throw InputError("no sequence has a site to grade by") }
    let set = sequences.subset(rows)
    let sites = rows.map { sites[$0] }
    let untrained = Network(architecture: network.architecture, seed: ~seed)
    var grades: [AttributionGrade] = []
    var unsuited: [String: String] = [:]
    for (done, method) in methods.enumerated() {
      let clock = ContinuousClock()
      let start = clock.now
      do {
        let explanation = try method.explanation(
          network, of: set, output: output, seed: seed, threads: threads)
        let seconds = start.duration(to: clock.now) / .seconds(1)
        let random = try method.explanation(untrained, of: set, output: output, seed: seed, threads: threads)
        grades.append(
          try AttributionGrade(
            method.name, explanation, random, sites: sites, motif: motif, length: length,
            secondsPerThousand: seconds / Double(set.count) * 1000))
      } catch let error as InputError {
        unsuited[method.name] = error.reason
      }
      progress(done + 1)
    }
    guard !grades.isEmpty else {
      throw InputError(unsuited.values.min() ?? "no method to grade")
    }
    self.sequences = set.count
    expectedShare = Double(motif.width) / Double(length)
    self.grades = grades
    self.unsuited = unsuited
  }
}

extension AttributionGrade {
  init(
    _ method: String, _ explanation: Explanation, _ random: Explanation, sites: [PlantedSite],
    motif: FrequencyMatrix, length: Int, secondsPerThousand: Double
  ) throws {
    let magnitudes = explanation.magnitudes
    let randomized = random.magnitudes
    let information = motif.informationContent.map(Float.init)
    var scores: [SiteScores] = []
    var ofInformation: [Double] = []
    var ofRandom: [Double] = []
    for (index, site) in sites.enumerated() {
      let row = magnitudes[index * length..<(index + 1) * length]
      let positions = site.start!..<site.start! + motif.width
      guard let score = SiteScores(values: row, site: positions) else {
        throw InputError("\(method) gives values that are not numbers")
      }
      scores.append(score)
      let inside = Array(row)[positions]
      let expected = site.isReverse ? information.reversed() : information
      if let r = Metrics.spearman(Array(inside), expected) { ofInformation.append(r.value) }
      let other = randomized[index * length..<(index + 1) * length]
      if let r = Metrics.spearman(Array(row), Array(other)) { ofRandom.append(r.value) }
    }
    func mean(_ values: [Double], _ bounds: ClosedRange<Double>) -> Estimate? {
      values.isEmpty ? nil : Metrics.mean(values, bounds: bounds, confidence: 0.95)
    }
    self.method = method
    auroc = mean(scores.map(\.auroc), 0...1)!
    averagePrecision = mean(scores.map(\.averagePrecision), 0...1)!
    share = mean(scores.map(\.share), 0...1)!
    informationCorrelation = mean(ofInformation, -1...1)
    randomizedCorrelation = mean(ofRandom, -1...1)
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
