import Runtime
import Sequences

extension Motif {
  /// A motif from numbers that are counts or frequencies, position by position.
  ///
  /// They are frequencies if every position sums to one (within `MEMEReader.tolerance`), and counts otherwise;
  /// numbers that are all at most one and not whole are taken for frequencies that fail to sum to one.
  ///
  /// - Throws: `InputError` at the line that `line` gives for a position: a negative number, frequencies that do
  ///   not sum to one, no counts at all.
  init(
    identifier: String, name: String?, countsOrFrequencies values: [Double], file: String?,
    line: (_ position: Int) -> Int
  ) throws {
    let sums = stride(from: 0, to: values.count, by: 4).map { values[$0..<$0 + 4].reduce(0, +) }
    if let index = values.firstIndex(where: { $0 < 0 }) {
      throw InputError(
        file: file, line: line(index / 4), "\(values[index]) is neither a count nor a frequency")
    }
    let off = sums.firstIndex { abs($0 - 1) > MEMEReader.tolerance }
    guard let off else {
      self.init(identifier: identifier, name: name, frequencies: FrequencyMatrix(unchecked: values))
      return
    }
    if values.allSatisfy({ $0 <= 1 }), values.contains(where: { $0 != $0.rounded() }) {
      throw InputError(
        file: file, line: line(off),
        "frequencies of position \(off + 1) sum to \(Float(sums[off])), not to 1 (within \(MEMEReader.tolerance))"
      )
    }
    let sites = sums.max() ?? 0
    guard sites > 0, sites.isFinite else {
      throw InputError(file: file, line: line(0), "the counts are all zero")
    }
    let counts = CountMatrix(unchecked: values)
    self.init(
      identifier: identifier, name: name, frequencies: counts.frequencies(), counts: counts, sites: sites)
  }

  /// The counts where they are known, else the frequencies: what formats for counts carry.
  var countsOrFrequencies: [[Double]] { counts?.rows ?? frequencies.rows }
}
