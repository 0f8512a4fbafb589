import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// All methods of attribution against sites that are known, and against each other.
public struct AttributionGrading: Codable, Equatable, Sendable {
  /// Sequences with a site that were explained.
  public let sequences: Int
  /// Mean share of a sequence that its sites cover: what a method without knowledge has as `share`.
  public let expectedShare: Double
  /// In the order of the methods.
  public let grades: [AttributionGrade]
  /// Mean Spearman correlation of two methods' magnitudes, (grades, grades); where they never vary both, `nil`.
  public let agreement: [[Double?]]
  /// Methods that the network does not take, and why.
  public let unsuited: [String: String]

  /// - Parameters:
  ///   - sequences: of the network's length; those without a site are left out.
  ///   - sites: of each sequence; several count as one set of positions.
  ///   - motif: what the sites are, for the information of its positions; without it, or for sites of another width, that is not graded.
  ///   - output: Which of the network's outputs is explained.
  ///   - seed: of references and of the random weights.
  ///   - progress: called with the number of methods done.
  /// - Throws: `InputError` if no sequence has a site, a sequence has another length than the network takes, or no method
  ///   suits it.
  public init(
    _ network: Network, of sequences: SequenceSet, sites: [[MotifSite]], motif: FrequencyMatrix?,
    methods: [GradedMethod] = GradedMethod.all, output: Int = 0, seed: UInt64 = 0,
    threads: Int = Parallel.threads, progress: (Int) -> Void = { _ in }
  ) throws {
    precondition(sites.count == sequences.count, "sites or none for each sequence")
    try network.requireLength(of: sequences)
    let length = network.architecture.input.length
    let coverages = sites.map { sites in
      Set(sites.flatMap { $0.range.clamped(to: 0..<length) }).count
    }
    // Where all of a sequence is a site, nothing can point to it.
    let rows = sites.indices.filter { coverages[$0] > 0 && coverages[$0] < length }
    guard !rows.isEmpty else { throw InputError("no sequence has a site to grade by") }
    let set = sequences.subset(rows)
    let sites = rows.map { sites[$0] }
    let untrained = Network(architecture: network.architecture, seed: ~seed)
    var grades: [AttributionGrade] = []
    var magnitudes: [[Float]] = []
    var unsuited: [String: String] = [:]
    for (done, method) in methods.enumerated() {
      func explanation(_ network: Network, seed: UInt64) throws -> Explanation {
        try method.explanation(network, of: set, output: output, seed: seed, threads: threads)
      }
      let clock = ContinuousClock()
      let start = clock.now
      do {
        let explained = try explanation(network, seed: seed)
        let seconds = start.duration(to: clock.now) / .seconds(1)
        let grade = try AttributionGrade(
          method.name, explained, untrained: try explanation(untrained, seed: seed),
          otherSeed: method.isRandom ? try explanation(network, seed: seed &+ 1) : nil, sites: sites,
          motif: motif, length: length, secondsPerThousand: seconds / Double(set.count) * 1000)
        grades.append(grade)
        magnitudes.append(explained.magnitudes)
      } catch let error as InputError {
        unsuited[method.name] = error.reason
      }
      progress(done + 1)
    }
    guard !grades.isEmpty else {
      throw InputError(unsuited.values.min() ?? "no method to grade")
    }
    self.sequences = set.count
    expectedShare =
      rows.reduce(0) { $0 + Double(coverages[$1]) } / Double(length * rows.count)
    self.grades = grades
    agreement = Self.agreement(magnitudes, length: length, threads: threads)
    self.unsuited = unsuited
  }

  /// As above, with sequences as `PlantedSimulation` plants them: `motif` at each site.
  public init(
    _ network: Network, of sequences: SequenceSet, sites: [PlantedSite], motif: FrequencyMatrix,
    methods: [GradedMethod] = GradedMethod.all, output: Int = 0, seed: UInt64 = 0,
    threads: Int = Parallel.threads, progress: (Int) -> Void = { _ in }
  ) throws {
    try self.init(
      network, of: sequences, sites: sites.map { $0.sites(width: motif.width) }, motif: motif,
      methods: methods, output: output, seed: seed, threads: threads, progress: progress)
  }

  private static func agreement(_ magnitudes: [[Float]], length: Int, threads: Int) -> [[Double?]] {
    let pairs = magnitudes.indices.flatMap { i in (i + 1..<max(i + 1, magnitudes.count)).map { (i, $0) } }
    let means = Parallel.map(pairs.count, threads: threads) { index -> Double? in
      let (i, j) = pairs[index]
      let values = rankCorrelations(magnitudes[i], magnitudes[j], length: length)
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    var result = [[Double?]](
      repeating: Array(repeating: 1, count: magnitudes.count), count: magnitudes.count)
    for (index, (i, j)) in pairs.enumerated() {
      result[i][j] = means[index]
      result[j][i] = means[index]
    }
    return result
  }
}
