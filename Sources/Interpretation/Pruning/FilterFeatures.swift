import NeuralNetworks
import Sequences

/// What the next layer with weights sees of a convolution's filters: means and covariances over positions and sequences.
struct FilterFeatures {
  /// The mean of each filter: [filter][feature], one feature unless `Flatten` makes one of each position.
  let means: [[Double]]
  /// Over all positions.
  let moments: Moments

  /// The best linear prediction of each of `removed` from all of `kept`: slopes B = (C + λ)⁻¹ C', with C the covariances of
  /// the kept filters, C' those with the removed ones, and λ a ten-thousandth of the kept filters' mean variance, so that
  /// filters that are alike share.
  func standIns(for removed: some Collection<Int>, from kept: [Int]) -> [Int: StandIn] {
    let count = kept.count
    let variance = kept.reduce(0) { $0 + moments.covariance($1, $1) } / Double(max(1, count))
    guard variance > 0 else {
      return Dictionary(uniqueKeysWithValues: removed.map { ($0, StandIn(constants: means[$0])) })
    }
    var matrix = kept.flatMap { a in kept.map { moments.covariance(a, $0) } }
    for i in 0..<count { matrix[i * count + i] += 1e-4 * variance }
    let factor = Self.cholesky(matrix, count)
    return Dictionary(
      uniqueKeysWithValues: removed.map { filter in
        let slopes = Self.solve(factor, kept.map { moments.covariance($0, filter) })
        let constants = means[filter].indices.map { feature in
          zip(kept, slopes).reduce(means[filter][feature]) { $0 - $1.1 * means[$1.0][feature] }
        }
        return (
          filter, StandIn(slopes: Dictionary(uniqueKeysWithValues: zip(kept, slopes)), constants: constants)
        )
      })
  }

  /// The lower triangle L with L Lᵀ = `matrix`, which is positive definite.
  private static func cholesky(_ matrix: [Double], _ count: Int) -> [Double] {
    var factor = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        let rest = (0..<j).reduce(matrix[i * count + j]) {
          $0 - factor[i * count + $1] * factor[j * count + $1]
        }
        // Rounding must not make a pivot negative.
        factor[i * count + j] =
          i == j ? max(rest, 1e-12 * matrix[i * count + i]).squareRoot() : rest / factor[j * count + j]
      }
    }
    return factor
  }

  /// x with L Lᵀ x = b.
  private static func solve(_ factor: [Double], _ b: [Double]) -> [Double] {
    let count = b.count
    var x = b
    for i in 0..<count {
      x[i] = (0..<i).reduce(x[i]) { $0 - factor[i * count + $1] * x[$1] } / factor[i * count + i]
    }
    for i in (0..<count).reversed() {
      x[i] =
        (i + 1..<max(i + 1, count)).reduce(x[i]) { $0 - factor[$1 * count + i] * x[$1] }
        / factor[i * count + i]
    }
    return x
  }
}

extension Network {
  /// Throws `InputError` if the layer is no convolution that weights follow, or a sequence has another length.
  func filterFeatures(layer: Int, on sequences: SequenceSet, threads: Int) throws -> FilterFeatures {
    let consumer = try consumer(of: layer)
    try requireLength(of: sequences)
    let (filters, next) = (architecture.shapes[layer].channels, consumer.layer)
    // Positions before the next layer have one mean together; features behind `Flatten` one each.
    let shape = architecture.inputShape(next)
    let blocks = trace(sequences, threads: threads) { trace, indices in
      trace.withOutput(layer: next - 1) { values, stride in
        let positions = shape.count / filters
        var moments = Moments(filters)
        moments.add(values, rows: indices.count * positions, stride: stride)
        var sums = [Double](repeating: 0, count: shape.channels)
        for row in 0..<indices.count * positions {
          for filter in 0..<filters {
            sums[row * filters % shape.channels + filter] += Double(values[row * stride + filter])
          }
        }
        return (moments, sums)
      }
    }
    var moments = Moments(filters)
    var sums = [Double](repeating: 0, count: shape.channels)
    for block in blocks {
      moments.add(block.0)
      for i in sums.indices { sums[i] += block.1[i] }
    }
    let count = Double(max(1, sequences.count * shape.length))
    // A filter that gives both strands has two channels alike: the first stands for it, the mean is that of both.
    let means = consumer.channels.map { channels in
      stride(from: 0, to: sums.count, by: filters).map { first in
        channels.reduce(0) { $0 + sums[first + $1] } / Double(channels.count) / count
      }
    }
    return FilterFeatures(means: means, moments: moments)
  }
}
