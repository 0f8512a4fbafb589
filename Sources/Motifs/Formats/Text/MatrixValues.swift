import Runtime

/// What the numbers of a matrix mean: counts or frequencies.
///
/// Decided for each motif, since collections mix them. Frequencies if every position sums to one within 0.1, or if most
/// do and no number is larger than a frequency; counts if some number is larger than one or all are whole. Other
/// numbers mean nothing.
struct MatrixValues {
  enum Kind {
    case any
    /// Frequencies whose every row sums to one within 0.1, as MEME wants them.
    case probabilities
  }

  /// Each row divided by its sum where it is off by more than 1e-5.
  let frequencies: FrequencyMatrix
  /// The frequencies as they stand in the file, where they differ.
  let given: FrequencyMatrix?
  let counts: CountMatrix?
  /// The largest sum of counts.
  let sites: Double?
  /// Whether rows are further from one than rounding explains.
  let isUneven: Bool

  /// How far from one a row may be without a word: what two digits round to. The small rest is for sums like 0.99.
  static let quiet = 0.01
  private static let slack = 1e-9
  static func isQuiet(_ sum: Double) -> Bool { abs(sum - 1) <= quiet + slack }
  /// How far from one a row of frequencies may be.
  static let tolerance = 0.1

  /// `nil` if there are no positions or all numbers are zero.
  ///
  /// - Throws: `InputError` at the line that `line` gives for a position: a negative number, frequencies that do
  ///   not sum to one.
  init?(_ values: [Double], as kind: Kind = .any, file: String?, line: (_ position: Int) -> Int) throws {
    if let index = values.firstIndex(where: { !($0 >= 0) }) {
      throw InputError(
        file: file, line: line(index / 4),
        kind == .any
          ? "\(values[index]) is neither a count nor a frequency" : "\(values[index]) is no probability")
    }
    let sums = stride(from: 0, to: values.count, by: 4).map { values[$0..<$0 + 4].reduce(0, +) }
    guard let largest = sums.max(), largest > 0 else { return nil }
    guard largest.isFinite else {
      throw InputError(
        file: file, line: line(sums.firstIndex { !$0.isFinite } ?? 0), "the counts are too large")
    }
    let off = sums.firstIndex { abs($0 - 1) > Self.tolerance + Self.slack }
    if let off {
      let far = sums.count { abs($0 - 1) > Self.tolerance + Self.slack }
      let isCounts = values.contains { $0 > 1 + Self.tolerance } || values.allSatisfy { $0 == $0.rounded() }
      if kind == .any, isCounts {
        let counts = CountMatrix(unchecked: values)
        (self.counts, sites, frequencies) = (counts, largest, counts.frequencies())
        (given, isUneven) = (nil, false)
        return
      }
      guard kind == .any, 2 * far < sums.count else {
        throw InputError(
          file: file, line: line(off),
          "\(kind == .any ? "frequencies of position \(off + 1)" : "probabilities") sum to \(Float(sums[off])), not to 1"
            + " (within \(Self.tolerance))")
      }
    }
    let raw = FrequencyMatrix(unchecked: values)
    let even = raw.normalized.withoutEmptyRows
    frequencies = even
    given = even == raw ? nil : raw
    isUneven = !sums.allSatisfy(Self.isQuiet)
    (counts, sites) = (nil, nil)
  }
}

extension FrequencyMatrix {
  /// Rows of zeros, where nothing was seen, as ¼ each: what a row without counts becomes.
  fileprivate var withoutEmptyRows: FrequencyMatrix {
    var values = values
    for first in stride(from: 0, to: values.count, by: 4)
    where values[first..<first + 4].allSatisfy({ $0 == 0 }) {
      for cell in first..<first + 4 { values[cell] = 0.25 }
    }
    return FrequencyMatrix(unchecked: values)
  }
}

extension Motif {
  /// The counts where they are known, else the frequencies: what formats for counts carry.
  var countsOrFrequencies: [[Double]] { counts?.rows ?? frequencies.rows }
}
