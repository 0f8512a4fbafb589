import NeuralNetworks
import Sequences
import Statistics

/// What the next layer with weights sees of a convolution's filters: means and covariances over positions and sequences.
struct FilterFeatures {
  /// The mean of each filter: [filter][feature], one feature unless `Flatten` makes one of each position.
  let means: [[Double]]
  /// Over all positions.
  let moments: Moments

  /// The best linear prediction of each of `removed` from all of `kept`, by ridge regression between standardized filters:
  /// slopes B = D⁻¹ (R + λ)⁻¹ R' D', with R the correlations of the kept filters, R' those with the removed ones, D and D' their
  /// standard deviations, and λ = 1e-4, so that filters that are alike share. Kept filters that do not vary take no part.
  func standIns(for removed: some Collection<Int>, from kept: [Int]) -> [Int: StandIn] {
    let varying = kept.filter { moments.deviation($0) > 0 }
    let deviations = varying.map(moments.deviation)
    let count = varying.count
    let correlation = moments.correlation
    var matrix = varying.flatMap { a in varying.map { correlation[a * moments.count + $0] } }
    for i in 0..<count { matrix[i * count + i] += 1e-4 }
    let factor = Cholesky(matrix, count: count)
    return Dictionary(
      uniqueKeysWithValues: removed.map { filter in
        let solution = factor.solve(varying.map { correlation[$0 * moments.count + filter] })
        let slopes = zip(solution, deviations).map { $0 * moments.deviation(filter) / $1 }
        let constants = means[filter].indices.map { feature in
          zip(varying, slopes).reduce(means[filter][feature]) { $0 - $1.1 * means[$1.0][feature] }
        }
        return (
          filter,
          StandIn(slopes: Dictionary(uniqueKeysWithValues: zip(varying, slopes)), constants: constants)
        )
      })
  }
}

extension Network {
  /// Throws `InputError` if the layer is no convolution that weights follow, or a sequence has another length.
  func filterFeatures(layer: Int, on sequences: SequenceSet, threads: Int) throws -> FilterFeatures {
    let consumer = try consumer(of: layer)
    try requireLength(of: sequences)
    let (filters, next) = (architecture.shapes[layer].channels, consumer.layer)
    let first = consumer.channels[0][0]
    // Positions before the next layer have one mean together; features after `Flatten` one each.
    let shape = architecture.inputShape(next)
    let isMap = consumer.features.count == 1 && shape.length > 1
    let positions = isMap ? shape.length : consumer.features.count
    let features = isMap ? filters : filters * positions
    let blocks = try trace(of: sequences, threads: threads) { trace, indices in
      trace.withInput(layer: next) { values, length, channels, stride in
        // Where the filters' numbers at one position lie.
        func place(_ position: Int, _ filter: Int) -> Int {
          let feature = first + filter + position * (isMap ? channels : consumer.features.stride)
          return feature / channels * stride + feature % channels
        }
        let width = (filters + 15) / 16 * 16
        var rows = [Float](repeating: 0, count: indices.count * positions * width)
        var sums = [Double](repeating: 0, count: features)
        for row in 0..<indices.count * positions {
          let (sequence, position) = (row / positions, row % positions)
          for filter in 0..<filters {
            let value = values[sequence * length * stride + place(position, filter)]
            rows[row * width + filter] = value
            sums[row * filters % features + filter] += Double(value)
          }
        }
        var moments = Moments(filters)
        rows.withUnsafeBufferPointer {
          moments.add($0.baseAddress!, rows: indices.count * positions, stride: width)
        }
        return (moments, sums)
      }
    }
    var moments = Moments(filters)
    var sums = [Double](repeating: 0, count: features)
    for block in blocks {
      moments.add(block.0)
      for i in sums.indices { sums[i] += block.1[i] }
    }
    let count = Double(max(1, sequences.count * shape.length))
    // A filter that gives both strands has two channels alike: the first stands for it, the mean is that of both.
    let means = consumer.channels.map { channels in
      stride(from: 0, to: sums.count, by: filters).map { place in
        channels.reduce(0) { $0 + sums[place + $1 - first] } / Double(channels.count) / count
      }
    }
    return FilterFeatures(means: means, moments: moments)
  }
}
