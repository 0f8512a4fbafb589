/// Motifs laid on each other, and the one motif that they make.
public struct MotifCluster: Equatable, Sendable {
  public struct Member: Equatable, Sendable {
    /// Index among the motifs that were given.
    public var index: Int
    /// Where the member starts, counted from the merged motif's first position; may be negative.
    public var start: Int
    /// Whether the member is read on its other strand.
    public var isReverse: Bool
  }

  /// How much each member counts.
  public enum Weighting: Sendable {
    case equal
    /// As much as it has sites; all the same where a member's are not known.
    case sites
  }

  public var members: [Member]
  public var merged: Motif

  /// Lays motifs on each other one pair at a time, the most alike first, and takes the weighted mean of the
  /// frequencies at each position over the members that cover it.
  ///
  /// Positions stay from the first to the last that members of at least `minimumCoverage` of the weight cover.
  /// With weights by sites the merged motif has counts: the members' together.
  ///
  /// - Parameter motifs: at least one, each with positions.
  public init(
    merging motifs: [Motif], identifier: String = "merged", weighting: Weighting = .sites,
    minimumCoverage: Double = 0.5, minimumOverlap: Int = MotifAlignment.defaultMinimumOverlap
  ) {
    let clustering = MotifClustering(motifs, minimumOverlap: minimumOverlap)
    self = clustering.merge(
      Array(motifs.indices), identifier: identifier, weighting: weighting, minimumCoverage: minimumCoverage)
  }

  init(
    _ profile: MotifProfile, motifs: [Motif], identifier: String, hasCounts: Bool, minimumCoverage: Double
  ) {
    let least = minimumCoverage * (profile.weights.max() ?? 0)
    let first = profile.weights.firstIndex { $0 >= least } ?? 0
    let last = profile.weights.lastIndex { $0 >= least } ?? 0
    members = profile.members.map {
      Member(index: $0.index, start: $0.start - first, isReverse: $0.isReverse)
    }.sorted { $0.index < $1.index }
    let total = CountMatrix(unchecked: Array(profile.sums[4 * first..<4 * (last + 1)]))
    merged = Motif(
      identifier: identifier, name: members.map { motifs[$0.index].identifier }.joined(separator: ","),
      frequencies: profile.frequencies[first..<last + 1], counts: hasCounts ? total : nil,
      sites: hasCounts ? total.rows.map { $0.reduce(0, +) }.max() : nil)
  }
}

/// Motifs laid on each other while more are to come: sums of weighted frequencies, and the weight at each position.
struct MotifProfile {
  var sums: [Double]
  var weights: [Double]
  var members: [MotifCluster.Member]

  init(_ motif: Motif, index: Int, weight: Double) {
    sums = motif.frequencies.values.map { $0 * weight }
    weights = [Double](repeating: weight, count: motif.width)
    members = [MotifCluster.Member(index: index, start: 0, isReverse: false)]
  }

  var frequencies: FrequencyMatrix {
    FrequencyMatrix(unchecked: sums.enumerated().map { $1 / weights[$0 / 4] })
  }

  /// Both profiles in one, in the orientation of the first.
  func joined(_ other: MotifProfile, widths: [Int], minimumOverlap: Int) -> MotifProfile {
    let alignment = MotifAlignment.best(frequencies, other.frequencies, minimumOverlap: minimumOverlap)
    let other = alignment.isReverse ? other.reversed(widths) : other
    let shift = max(0, alignment.offset)
    let otherShift = max(0, -alignment.offset)
    let width = max(weights.count + shift, other.weights.count + otherShift)
    var result = self
    result.sums = [Double](repeating: 0, count: 4 * width)
    result.weights = [Double](repeating: 0, count: width)
    result.members = []
    for (part, start) in [(self, shift), (other, otherShift)] {
      for index in part.sums.indices { result.sums[4 * start + index] += part.sums[index] }
      for index in part.weights.indices { result.weights[start + index] += part.weights[index] }
      result.members += part.members.map {
        MotifCluster.Member(index: $0.index, start: $0.start + start, isReverse: $0.isReverse)
      }
    }
    return result
  }

  private func reversed(_ widths: [Int]) -> MotifProfile {
    var result = self
    result.sums.reverse()
    result.weights.reverse()
    result.members = members.map { member in
      MotifCluster.Member(
        index: member.index, start: weights.count - member.start - widths[member.index],
        isReverse: !member.isReverse)
    }
    return result
  }
}
