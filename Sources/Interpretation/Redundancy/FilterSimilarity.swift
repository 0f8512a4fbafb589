import NeuralNetworks
import Sequences

/// How alike the filters of a convolution are, pair by pair, as matrices (F, F) row-major.
public struct FilterSimilarity: Sendable {
  /// Number of filters, F.
  public let filters: Int
  /// Correlation of the best placement, −1…1; 1 on the diagonal.
  public internal(set) var correlation: [Double]
  /// Position of the row's filter at which the column's filter begins in the best placement.
  public internal(set) var offset: [Int]
  /// Whether the column's filter is read on the other strand in the best placement.
  public internal(set) var isReverse: [Bool]

  public subscript(row: Int, column: Int) -> Double { correlation[row * filters + column] }
}

extension Network {
  /// Correlation of the filters' weights in the best of all placements: every offset, and for the first convolution both
  /// orientations.
  ///
  /// r = Σ a·b / (‖a‖ ‖b‖) over the positions that overlap, with the norms of whole filters, so that a short overlap counts
  /// little. For the first convolution each position is centred first: what is added to all four bases of a position
  /// changes the bias only. A filter without weights has correlation 0. Of equal placements the first counts: the filter
  /// as it is before its reverse complement, small offsets first.
  /// A normalization straight after the convolution counts as part of it.
  public func weightSimilarity(layer: Int = 0) throws -> FilterSimilarity {
    let filters = try foldingNormalization().weightMatrices(layer: layer)
    let norms = filters.map { $0.values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let count = filters.count
    var result = FilterSimilarity(
      filters: count, correlation: Array(repeating: 0, count: count * count),
      offset: Array(repeating: 0, count: count * count),
      isReverse: Array(repeating: false, count: count * count))
    for row in 0..<count {
      result.correlation[row * count + row] = 1
      for column in row + 1..<count where norms[row] > 0 && norms[column] > 0 {
        let scale = 1 / (norms[row] * norms[column])
        var best = filters[row].bestPlacement(of: filters[column], scale: scale)
        if layer == 0, filters[row].channels == 4 {
          let reverse = filters[row].bestPlacement(of: filters[column].reverseComplement, scale: scale)
          if reverse.correlation > best.correlation {
            best = reverse
            result.isReverse[row * count + column] = true
            result.isReverse[column * count + row] = true
          }
        }
        result.correlation[row * count + column] = best.correlation
        result.correlation[column * count + row] = best.correlation
        result.offset[row * count + column] = best.offset
        // Seen from the other filter: the same offset on the other strand, the opposite one on this.
        result.offset[column * count + row] =
          result.isReverse[row * count + column] ? best.offset : -best.offset
      }
    }
    return result
  }

  /// (kernelSize, C) of each filter; centred for the first layer.
  private func weightMatrices(layer: Int) throws -> [PositionMatrix] {
    let convolution = try convolution(layer)
    let kernel = architecture.tensor(layer, .kernel)!
    let rows = kernel.shape[0] * kernel.shape[1]
    return (0..<convolution.filters).map { filter in
      var values = (0..<rows).map {
        Double(parameters[kernel.offset + $0 * convolution.filters + filter])
      }
      if layer == 0, kernel.shape[1] == 4 {
        for position in 0..<convolution.kernelSize {
          let mean = values[4 * position..<4 * position + 4].reduce(0, +) / 4
          for base in 0..<4 { values[4 * position + base] -= mean }
        }
      }
      return PositionMatrix(channels: kernel.shape[1], values: values)
    }
  }
}

/// Numbers for each position and channel.
private struct PositionMatrix {
  let channels: Int
  /// (positions, channels)
  let values: [Double]

  var reverseComplement: PositionMatrix {
    PositionMatrix(channels: channels, values: values.reversed())
  }

  /// The offset at which `other` agrees best, by the scaled sum of products over the overlap.
  func bestPlacement(of other: PositionMatrix, scale: Double) -> (correlation: Double, offset: Int) {
    let width = values.count / channels
    var best = (correlation: -Double.infinity, offset: 0)
    for step in 0..<2 * width - 1 {
      // 0, 1, −1, 2, −2, …
      let offset = step % 2 == 0 ? -step / 2 : (step + 1) / 2
      let first = max(0, offset) * channels
      let shift = offset * channels
      var sum = 0.0
      for i in first..<min(values.count, values.count + shift) { sum += values[i] * other.values[i - shift] }
      if sum * scale > best.correlation { best = (sum * scale, offset) }
    }
    return best
  }
}
