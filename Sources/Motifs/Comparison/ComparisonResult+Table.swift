import Runtime
import Sequences

extension ComparisonResult {
  /// The matches as Tomtom writes them: a line of column names, a line for each match, and in a last
  /// line what was compared how.
  ///
  /// The consensus is the most frequent base of each position, the target's as it is read.
  public func table(threads: Int = Parallel.threads) -> [UInt8] {
    let columns = [
      "Query_ID", "Target_ID", "Optimal_offset", "p-value", "E-value", "q-value", "Overlap",
      "Query_consensus",
      "Target_consensus", "Orientation",
    ]
    let queryTexts = queries.map {
      (Self.cell($0.identifier), Array($0.frequencies.consensus(.mostFrequent).utf8))
    }
    let targetTexts = Parallel.map(targets.count, threads: threads) { (index: Int) in
      let target = targets[index]
      return (
        Self.cell(target.identifier), Array(target.frequencies.consensus(.mostFrequent).utf8),
        Array(target.frequencies.reverseComplement.consensus(.mostFrequent).utf8)
      )
    }
    let tab = UInt8(ascii: "\t")
    let block = 1024
    let parts = Parallel.map((matches.count + block - 1) / block, threads: threads) {
      (part: Int) -> [UInt8] in
      var bytes: [UInt8] = []
      for match in matches[(part * block)..<min((part + 1) * block, matches.count)] {
        let query = queryTexts[match.query]
        let target = targetTexts[match.target]
        bytes.append(contentsOf: query.0)
        bytes.append(tab)
        bytes.append(contentsOf: target.0)
        bytes.append(tab)
        bytes.append(match.offset)
        for value in [match.pValue, match.eValue, match.qValue] {
          bytes.append(tab)
          bytes.append(significant: value)
        }
        bytes.append(tab)
        bytes.append(match.overlap)
        bytes.append(tab)
        bytes.append(contentsOf: query.1)
        bytes.append(tab)
        bytes.append(contentsOf: match.orientation == .forward ? target.1 : target.2)
        bytes.append(tab)
        bytes.append(match.orientation.rawValue)
        bytes.append(UInt8(ascii: "\n"))
      }
      return bytes
    }
    var bytes = Array((columns.joined(separator: "\t") + "\n").utf8)
    bytes.reserveCapacity(bytes.count + parts.reduce(0) { $0 + $1.count } + 256)
    for part in parts { bytes.append(contentsOf: part) }
    bytes.append(contentsOf: "# \(summary)\n".utf8)
    return bytes
  }

  private static func cell(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(cell: text)
    return bytes
  }

  /// What was compared with what, and against which null.
  public var summary: String {
    "\(Words.counted(queries.count - skippedQueries.count, "query", plural: "queries")), \(Words.counted(targets.count, "target")), null from \(null)"
      + " (\(nullColumns) columns)"
  }
}
