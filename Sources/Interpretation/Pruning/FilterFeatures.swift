import NeuralNetworks
import Sequences

/// What the next layer with weights sees of a convolution's filters: means and covariances over positions and sequences.
struct FilterFeatures {
  /// The mean of each filter: [filter][feature], one feature unless `Flatten` makes one of each position.
  let means: [[Double]]
  /// Over all positions.
  let moments: Moments

  /// The best linear prediction of a filter from one of the others: slope = covariance / variance, of the filter with
  /// the highest squared correlation; a constant, the mean, where none varies.
  func standIn(for filter: Int, among kept: [Int]) -> StandIn {
    func explained(_ other: Int) -> Double {
      let deviation = moments.deviation(other)
      guard deviation > 0 else { return 0 }
      let share = moments.covariance(filter, other) / deviation
      return share * share
    }
    guard moments.deviation(filter) > 0,
      let best = kept.max(by: { (explained($0), -$0) < (explained($1), -$1) }), explained(best) > 0
    else { return StandIn(constants: means[filter]) }
    let slope = moments.covariance(filter, best) / moments.covariance(best, best)
    return StandIn(
      filter: best, slope: slope, constants: zip(means[filter], means[best]).map { $0 - slope * $1 })
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
