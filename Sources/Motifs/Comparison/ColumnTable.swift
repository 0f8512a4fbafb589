import CKernels
import Foundation

/// The columns of many motifs as the kernels want them: base by base, collection first, then targets; of each,
/// all forward and then all reverse complements.
///
/// All columns together make the null distribution.
final class ColumnTable: Sendable {
  /// Real columns; `count` of the kernels' table is this, filled up to a multiple of 16.
  let columnCount: Int
  /// First column and number of columns of each target, forward and then reverse.
  let starts: [Int32]
  let lengths: [Int32]

  let comparison: Comparison
  /// The same for both strands.
  let background: Background
  private let frequencies: [Double]
  /// The frequencies again, for `euclidean`.
  private let singles: [Float]
  /// A bit for each column that no earlier one equals.
  private let distinct: [UInt16]
  private let largest: Double
  private let logarithms: [Double]
  private let weights: [Double]

  /// About a thousand of the columns, evenly spread over the space of frequencies; `nil` where there are not many
  /// more.
  let sample: ColumnTable?
  private static let sampleSize = Int(COMPARISON_SAMPLE)

  convenience init(_ comparison: Comparison, collection: [Motif], targets: [Motif]) {
    let background = comparison.background.symmetric
    var rows: [Double] = []
    var sites: [Double] = []
    var starts: [Int32] = []
    rows.reserveCapacity(8 * (collection + targets).reduce(0) { $0 + $1.width })
    for (motifs, isTarget) in [(collection, false), (targets, true)] {
      for reverse in comparison.bothStrands ? [false, true] : [false] {
        for motif in motifs {
          if isTarget { starts.append(Int32(sites.count)) }
          let values = Self.smoothed(motif, comparison, background)
          if reverse { rows.append(contentsOf: values.reversed()) } else { rows.append(contentsOf: values) }
          sites.append(contentsOf: repeatElement(Self.sites(motif), count: motif.width))
        }
      }
    }
    if comparison.mode == .lite { Self.mergeAlike(&rows) }
    let widths = targets.map { Int32($0.width) }
    self.init(
      comparison, background, rows: rows, sites: sites, starts: starts,
      lengths: comparison.bothStrands ? widths + widths : widths)
  }

  /// - Parameters:
  ///   - rows: (columns, 4) frequencies.
  ///   - sites: (columns).
  private init(
    _ comparison: Comparison, _ background: Background, rows: [Double], sites: [Double], starts: [Int32],
    lengths: [Int32]
  ) {
    self.comparison = comparison
    self.background = background
    self.starts = starts
    self.lengths = lengths
    columnCount = sites.count
    if sites.count > 4 * Self.sampleSize {
      let step = sites.count / Self.sampleSize + 1
      let ordered = Self.neighbors(rows)
      let chosen = stride(from: step / 2, to: sites.count, by: step).map { ordered[$0] }
      sample = ColumnTable(
        comparison, background, rows: chosen.flatMap { rows[4 * $0..<4 * $0 + 4] },
        sites: chosen.map { sites[$0] },
        starts: [], lengths: [])
    } else {
      sample = nil
    }
    let count = (sites.count + 15) & ~15
    var frequencies = [Double](repeating: 0, count: 4 * count)
    for column in 0..<count {
      let source = min(column, sites.count - 1)
      for base in 0..<4 { frequencies[base * count + column] = rows[4 * source + base] }
    }
    self.frequencies = frequencies
    singles = comparison.distance == .euclidean ? frequencies.map(Float.init) : []
    var distinct = [UInt16](repeating: 0, count: singles.count / 64)
    if !singles.isEmpty {
      ck_comparison_find_distinct(frequencies, Int64(sites.count), Int64(count), &distinct)
    }
    self.distinct = distinct
    largest = frequencies.reduce(0) { max($0, abs($1)) }
    let padded = sites + repeatElement(sites.last ?? 0, count: count - sites.count)
    switch comparison.distance.extra {
    case .none: (logarithms, weights) = ([], [])
    case .norms:
      logarithms = []
      weights = (0..<count).map { column in
        Self.norm((0..<4).map { frequencies[$0 * count + column] })
      }
    case .logarithms: (logarithms, weights) = (frequencies.map(log10), [])
    case .sites:
      // What each target column is worth by itself, whichever query column stands against it.
      logarithms = (0..<count).map { column in
        let counts = (0..<4).map { padded[column] * frequencies[$0 * count + column] }
        return ck_comparison_log_likelihood(counts, comparison.distance.components)
      }
      weights = padded
    case .oddsAndSites:
      let background = background
      logarithms = frequencies.indices.map { log(frequencies[$0] / background[$0 / count]) }
      weights = padded
    }
  }

  /// The columns along Morton's curve, which passes through similar ones one after the other: what is taken from
  /// it at equal steps tells medians four times as exactly as what is taken at random.
  private static func neighbors(_ rows: [Double]) -> [Int] {
    let numbers = 32
    let spread = (0..<32).map { step in (0..<5).reduce(0) { $0 | (step >> $1 & 1) << (3 * $1) } }
    var keys = (0..<rows.count / 4).map { column -> Double in
      var key = 0
      for base in 0..<3 {
        let step = Int(min(max(rows[4 * column + base] * 32, 0), 31))
        key |= spread[step] << base
      }
      return Double(key << numbers | column)
    }
    var scratch = keys
    ck_comparison_sort(&keys, &scratch, Int64(keys.count))
    return keys.map { Int($0) & (1 << numbers - 1) }
  }

  /// The padded number of columns.
  var count: Int { frequencies.count / 4 }

  /// Whole number of sites, 20 where it is not known.
  private static func sites(_ motif: Motif) -> Double {
    motif.sites.map { $0.isFinite ? $0.rounded(.towardZero) : 20 } ?? 20
  }

  private static func smoothed(_ motif: Motif, _ comparison: Comparison, _ background: Background) -> [Double]
  {
    guard comparison.mode == .meme else { return (motif.given ?? motif.frequencies).values }
    return motif.frequencies.normalized.smoothed(
      pseudocount: comparison.pseudocount, sites: sites(motif), background: background
    ).values
  }

  /// memelite's approximation: columns that are equal on a scale of 100 steps a base become the first of them.
  private static func mergeAlike(_ rows: inout [Double]) {
    var low = [Double](repeating: .infinity, count: 4)
    var high = [Double](repeating: -.infinity, count: 4)
    for index in rows.indices {
      low[index & 3] = min(low[index & 3], rows[index])
      high[index & 3] = max(high[index & 3], rows[index])
    }
    for base in 0..<4 where high[base] == low[base] { high[base] = low[base] + 1 }
    // Sorted, columns that are equal on the scale follow each other, the first of them first.
    let numbers = 26
    var keys = stride(from: 0, to: rows.count, by: 4).map { start -> Double in
      var key = 0
      for base in 0..<4 {
        let step = ((rows[start + base] - low[base]) / (high[base] - low[base]) * 99).rounded(
          .toNearestOrEven)
        key = key * 100 + Int(step)
      }
      return Double(key << numbers | start / 4)
    }
    var scratch = keys
    ck_comparison_sort(&keys, &scratch, Int64(keys.count))
    var (place, first) = (-1, 0)
    for key in keys.lazy.map({ Int($0) }) {
      let column = key & (1 << numbers - 1)
      if key >> numbers != place {
        (place, first) = (key >> numbers, column)
      } else {
        for base in 0..<4 { rows[4 * column + base] = rows[4 * first + base] }
      }
    }
  }

  /// The columns of a query, smoothed as the targets' are.
  func columns(of query: Motif) -> [comparison_column] {
    let values = Self.smoothed(query, comparison, background)
    let sites = Self.sites(query)
    return stride(from: 0, to: values.count, by: 4).map { start in
      let row = Array(values[start..<start + 4])
      var column = comparison_column()
      column.frequencies = (row[0], row[1], row[2], row[3])
      column.weight = sites
      switch comparison.distance.extra {
      case .none, .sites: break
      case .norms: column.weight = Self.norm(row)
      case .logarithms:
        column.logarithms = (log10(row[0]), log10(row[1]), log10(row[2]), log10(row[3]))
      case .oddsAndSites:
        let odds = (0..<4).map { log(row[$0] / background[$0]) }
        column.logarithms = (odds[0], odds[1], odds[2], odds[3])
      }
      return column
    }
  }

  /// Σ (xᵢ − ¼)², rounded as Tomtom rounds it.
  private static func norm(_ row: some Sequence<Double>) -> Double {
    row.reduce(0) { ck_comparison_rounded($0 + ($1 - 0.25) * ($1 - 0.25)) }
  }

  /// The columns as the kernels take them, while `body` runs.
  func withColumns<Result>(_ body: (inout comparison_columns) -> Result) -> Result {
    frequencies.withUnsafeBufferPointer { frequencies in
      logarithms.withUnsafeBufferPointer { logarithms in
        weights.withUnsafeBufferPointer { weights in
          singles.withUnsafeBufferPointer { singles in
            distinct.withUnsafeBufferPointer { distinct in
              var columns = comparison_columns(
                frequencies: frequencies.baseAddress!, singles: singles.baseAddress,
                distinct: distinct.baseAddress, logarithms: logarithms.baseAddress,
                weights: weights.baseAddress, real: Int64(columnCount), count: Int64(count), largest: largest)
              return body(&columns)
            }
          }
        }
      }
    }
  }
}

/// What a distance needs beside the frequencies.
private enum Extra { case none, norms, logarithms, sites, oddsAndSites }

extension Comparison.Distance {
  fileprivate var extra: Extra {
    switch self {
    case .euclidean, .sandelin: .none
    case .pearson: .norms
    case .kullback: .logarithms
    case .allr: .oddsAndSites
    case .blic1, .blic5, .llr1, .llr5: .sites
    }
  }
}

extension Comparison.Distance {
  /// Components of the Dirichlet mixture, where the distance has one.
  var components: Int32 { self == .blic5 || self == .llr5 ? 5 : 1 }
}

extension Background {
  /// The same for both strands: A and T share their mean, C and G theirs.
  var symmetric: Background {
    let weak = (self[0] + self[3]) / 2
    let strong = (self[1] + self[2]) / 2
    return Background([weak, strong, strong, weak])
  }
}
