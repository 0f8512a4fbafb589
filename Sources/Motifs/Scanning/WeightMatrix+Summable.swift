import Foundation

extension WeightMatrix {
  /// The same weights as multiples of a power of two, 2⁻³² bits or what leaves room for the sum of a window: adding
  /// them up is exact in any order.
  ///
  /// So two windows that score alike score the same double, whichever strand they are read from, and tie where scores
  /// are ranked.
  package var summable: WeightMatrix {
    let largest = values.lazy.filter(\.isFinite).map(abs).max() ?? 0
    let room = log2(max(largest * Double(max(width, 1)), 1)).rounded(.up)
    let unit = pow(2, min(32, 51 - room))
    return WeightMatrix(unchecked: values.map { $0.isFinite ? ($0 * unit).rounded() / unit : $0 })
  }
}
