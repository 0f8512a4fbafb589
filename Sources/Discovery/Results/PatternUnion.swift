import Arrays
import Foundation
import HDF5
import Motifs
import Runtime

/// A pattern as a file of results holds it: its matrices and how many seqlets it has.
public struct StoredPattern: Sendable {
  /// Name within its file, and the file.
  public let name: String
  public let run: String
  public let isPositive: Bool
  public let seqlets: Int
  /// (width, 4) each: shares of bases, mean contributions, mean hypothetical contributions.
  public let sequence: [Double]
  public let contributions: [Double]
  public let hypothetical: [Double]

  public var width: Int { sequence.count / 4 }

  /// The patterns of a file in modisco-lite's layout, as this program and TF-MoDISco write it.
  ///
  /// - Throws: `InputError` that names the file: no HDF5, no patterns, matrices that do not fit each other.
  public static func read(path: String) throws -> [StoredPattern] {
    let root = try HDF5File.read(path: path)
    let patterns = try [("pos_patterns", true), ("neg_patterns", false)].flatMap { name, isPositive in
      try (root.groups[name]?.groups ?? [:]).sorted {
        $0.key.localizedStandardCompare($1.key) == .orderedAscending
      }
      .map { try StoredPattern($0.value, name: "\(name).\($0.key)", run: path, isPositive: isPositive) }
    }
    guard !patterns.isEmpty else { throw InputError(file: path, "has no patterns") }
    return patterns
  }

  private init(_ group: HDF5Group, name: String, run: String, isPositive: Bool) throws {
    func matrix(_ key: String) throws -> [Double] {
      guard let array = try group.datasets[key]?.array(), array.shape.count == 2, array.shape[1] == 4,
        array.shape[0] > 0, let values = array.floats, values.allSatisfy(\.isFinite)
      else { throw InputError(file: run, "\(name): no finite matrix \(key) of (width, 4)") }
      return values.map(Double.init)
    }
    sequence = try matrix("sequence")
    contributions = try matrix("contrib_scores")
    hypothetical = try matrix("hypothetical_contribs")
    guard sequence.count == contributions.count, sequence.count == hypothetical.count,
      let seqlets = try group.dataset("seqlets/n_seqlets")?.array().floats?.first, seqlets >= 1,
      seqlets < 1e15
    else { throw InputError(file: run, "\(name): its matrices or its number of seqlets do not fit") }
    self.seqlets = Int(seqlets)
    self.name = name
    self.run = run
    self.isPositive = isPositive
  }
}

/// One motif in several runs, folds or seeds: patterns whose contributions correlate, aligned and averaged by their seqlets.
public struct PatternUnion: Sendable {
  /// The patterns that it is made of, the one with most seqlets first.
  public let members: [StoredPattern]
  /// (width, 4), over the positions of the first member.
  public let sequence: [Double]
  public let contributions: [Double]
  public let hypothetical: [Double]

  public var seqlets: Int { members.reduce(0) { $0 + $1.seqlets } }
  /// In how many runs it was found.
  public var runs: Int { Set(members.map(\.run)).count }

  /// Merges patterns of several runs; the union in most runs first, then the one with most seqlets.
  ///
  /// - Parameter similarity: least cosine of the contributions with those of a union's largest member, at the best offset and
  ///   strand.
  public static func merge(_ patterns: [StoredPattern], similarity: Double = 0.85, overlap: Double = 0.7)
    -> [PatternUnion]
  {
    let ordered = patterns.sorted { ($1.seqlets, $0.run, $0.name) < ($0.seqlets, $1.run, $1.name) }
    var groups: [[StoredPattern]] = []
    for pattern in ordered {
      let profile = ContributionProfile(pattern.contributions)
      let group = groups.firstIndex { group in
        let first = group[0]
        let match = ContributionProfile(first.contributions).align(profile, overlap: overlap)
        return first.isPositive == pattern.isPositive && Double(match.score) >= similarity
      }
      if let group { groups[group].append(pattern) } else { groups.append([pattern]) }
    }
    return groups.map { PatternUnion($0, overlap: overlap) }.enumerated().sorted {
      ($1.element.runs, $1.element.seqlets, $0.offset) < ($0.element.runs, $0.element.seqlets, $1.offset)
    }.map(\.element)
  }

  private init(_ members: [StoredPattern], overlap: Double) {
    self.members = members
    let first = ContributionProfile(members[0].contributions)
    var weights = [Double](repeating: 0, count: members[0].width)
    var sums = [[Double]](repeating: Array(repeating: 0, count: 4 * weights.count), count: 3)
    for member in members {
      let match = first.align(ContributionProfile(member.contributions), overlap: overlap)
      let matrices = [member.sequence, member.contributions, member.hypothetical]
        .map { match.isReverse ? $0.reversed() : $0 }
      for position in 0..<member.width where weights.indices ~= position + match.offset {
        let target = position + match.offset
        weights[target] += Double(member.seqlets)
        for (track, matrix) in matrices.enumerated() {
          for base in 0..<4 {
            sums[track][4 * target + base] += Double(member.seqlets) * matrix[4 * position + base]
          }
        }
      }
    }
    let means = sums.map { sum in sum.indices.map { sum[$0] / weights[$0 / 4] } }
    (sequence, contributions, hypothetical) = (means[0], means[1], means[2])
  }

  /// The union's important positions as a motif.
  public func motif(identifier: String, share: Double = 0.3, flank: Int = 4) -> Motif {
    let range = importantPositions(contributions, share: share, flank: flank)
    let counts = CountMatrix(
      unchecked: sequence[4 * range.lowerBound..<4 * range.upperBound].map { $0 * Double(seqlets) })
    return Motif(
      identifier: identifier, frequencies: counts.frequencies(), counts: counts, sites: Double(seqlets))
  }
}

extension Array where Element == PatternUnion {
  /// A row for each union.
  ///
  /// - Parameters:
  ///   - motifs: of the unions, in order.
  ///   - database: motifs that may give a name; none, then no names.
  ///   - naming: how the names are found.
  /// - Throws: As comparing.
  public func table(
    _ motifs: [Motif], database: [Motif] = [], seed: UInt64 = 0, naming: NamingOptions = NamingOptions()
  ) throws -> Table {
    let matches =
      database.isEmpty ? [] : try PatternMatch.names(of: motifs, in: database, seed: seed, naming: naming)
    return Table(
      "patterns",
      columns: [
        "pattern", "runs", "seqlets", "sign", "members", "match", "match_name", "p_value", "q_value",
      ],
      rows: enumerated().map { index, union in
        let match = matches.isEmpty ? nil : matches[index]
        return [
          .text(motifs[index].identifier), .integer(union.runs), .integer(union.seqlets),
          .text(union.members[0].isPositive ? "+" : "-"),
          .text(union.members.map { "\($0.run):\($0.name)" }.joined(separator: ",")),
        ] + PatternMatch.cells(match)
      })
  }
}
