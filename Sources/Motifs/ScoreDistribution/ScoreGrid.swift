/// Weights rounded to whole multiples of a step, so that the sum of a window is an integer.
///
/// A window's units differ from its full score by at most `roundingError` in all. Each column is counted from
/// its lowest weight: `offsets` are ≥ 0 and `lowest` is what they leave out.
package struct ScoreGrid: Sendable {
  /// The size of a unit; at least what was asked for, doubled until the range fits `maximumRange` units.
  package let step: Double
  /// (width, 4), in units; `forbidden` where the weight is −∞.
  package let units: [Int32]
  /// (width, 4): units above the lowest finite weight of the column; −1 where the weight is −∞.
  let offsets: [Int]
  /// The largest offset of each column.
  let spans: [Int]
  /// Σ of the columns' lowest finite units.
  package let lowest: Int
  /// Σ over columns of the largest |weight − units · step|.
  package let roundingError: Double

  /// So low that no sum with it reaches a cut.
  package static let forbidden = Int32.min
  /// A distribution never has more bins than this: no matrix makes the program allocate without bound.
  static let maximumRange = 1 << 21

  var width: Int { spans.count }
  var range: Int { spans.reduce(0, +) }
  package var highest: Int { lowest + range }

  /// `weights` (width, 4) are finite or −∞, with a finite one in every column.
  init(_ weights: [Double], step requested: Double) {
    precondition(requested > 0 && requested.isFinite, "a positive step")
    precondition(weights.count % 4 == 0 && !weights.isEmpty, "four weights a position, one position at least")
    let columns = stride(from: 0, to: weights.count, by: 4).map { first in
      weights[first..<first + 4].filter { $0 > -.infinity }
    }
    precondition(
      columns.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isFinite) },
      "weights are finite or −∞, with a finite one at every position")
    let range = columns.reduce(0) { $0 + $1.max()! - $1.min()! }
    let largest = columns.joined().map(abs).max()!
    var step = requested
    while range / step + Double(columns.count) > Double(Self.maximumRange) || largest / step > 0x1p30 {
      step *= 2
    }

    let units = weights.map { $0 > -.infinity ? Int32(($0 / step).rounded()) : Self.forbidden }
    let lows = (0..<columns.count).map { column in
      units[4 * column..<4 * column + 4].lazy.filter { $0 != Self.forbidden }.min()!
    }
    let offsets = units.indices.map { units[$0] == Self.forbidden ? -1 : Int(units[$0] - lows[$0 / 4]) }
    self.step = step
    self.units = units
    self.offsets = offsets
    spans = (0..<columns.count).map { offsets[4 * $0..<4 * $0 + 4].max()! }
    lowest = lows.reduce(0) { $0 + Int($1) }
    roundingError = (0..<columns.count).reduce(0) { sum, column in
      sum
        + (4 * column..<4 * column + 4).reduce(0) { worst, cell in
          units[cell] == Self.forbidden ? worst : max(worst, abs(weights[cell] - Double(units[cell]) * step))
        }
    }
  }
}
