import Runtime
import Sequences

extension SequenceSet {
  /// Sequences from codes end to end.
  package init(rows: [[UInt8]], names: [String] = []) {
    var starts = [0]
    for row in rows { starts.append(starts.last! + row.count) }
    self.init(codes: rows.flatMap { $0 }, starts: starts, names: names)
  }

  /// Each sequence with letters in place of its bases from a start on; unknown letters leave what is there.
  ///
  /// - Parameters:
  ///   - letters: for sequence `index`.
  ///   - start: in sequence `index`, where the letters fit.
  package func replacing(
    with letters: (_ index: Int) -> [UInt8], at start: (_ index: Int) -> Int
  ) -> SequenceSet {
    var codes = codes
    for index in 0..<count {
      let first = starts[index] + start(index)
      for (offset, letter) in letters(index).enumerated() where letter < 4 { codes[first + offset] = letter }
    }
    return SequenceSet(codes: codes, starts: starts, names: names)
  }

  /// Each sequence with `site` from `start` on.
  public func inserting(_ site: InsertedSite, at start: Int) -> SequenceSet {
    replacing(with: site.codes, at: { _ in start })
  }

  /// Random sequences that a network of this input length takes, each base independent: a neutral background.
  ///
  /// - Parameters:
  ///   - gc: share of G and C together.
  /// - Throws: `InputError` unless `gc` is a share, or if that many bases do not fit.
  public static func random(_ count: Int, length: Int, gc: Double = 0.5, seed: UInt64 = 0) throws
    -> SequenceSet
  {
    guard gc >= 0, gc <= 1 else { throw InputError("a share of G and C lies between 0 and 1, not at \(gc)") }
    let (bases, overflow) = count.multipliedReportingOverflow(by: length)
    guard !overflow, bases <= 1 << 32 else {
      throw InputError("\(count) sequences of \(length) bases are more than fit")
    }
    return SequenceSet(
      rows: (0..<count).map { index in
        var random = CounterRandom(seed: seed, purpose: .simulation, index: index)
        return (0..<length).map { _ in
          let (isStrong, isSecond) = (random.uniform() < gc, random.uniform() < 0.5)
          return isStrong ? (isSecond ? 2 : 1) : (isSecond ? 3 : 0)
        }
      })
  }
}
