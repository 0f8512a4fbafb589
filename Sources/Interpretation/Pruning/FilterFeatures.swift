import NeuralNetworks
import Sequences
import Statistics

/// What a layer with weights sees of groups of channels that have equally many of its inputs: means and covariances over positions
/// and sequences.
struct FilterFeatures {
  let groups: [Int]
  /// The inputs of each group, (groups, features).
  let inputs: [[Int]]
  /// Of each input, (groups, features).
  let means: [[Double]]
  /// Of the groups, over all positions and features.
  let moments: Moments

  /// The mean of a group's inputs, and nothing else.
  func mean(_ place: Int) -> StandIn { StandIn(constants: means[place]) }

  /// The best linear prediction of each of the groups that go from all that stay, by ridge regression between standardized numbers:
  /// slopes B = D⁻¹ (R + λ)⁻¹ R' D', with R the correlations of the kept groups, R' those with the removed ones, D and D' their
  /// standard deviations, and λ = 1e-4, so that filters that are alike share. Kept filters that do not vary take no part. By the first
  /// input of each group.
  func standIns(without gone: Set<Int>) -> [Int: StandIn] {
    let removed = groups.indices.filter { gone.contains(groups[$0]) }
    let varying = groups.indices.filter { !gone.contains(groups[$0]) && moments.deviation($0) > 0 }
    let deviations = varying.map(moments.deviation)
    let count = varying.count
    let correlation = moments.correlation
    var matrix = varying.flatMap { a in varying.map { correlation[a * moments.count + $0] } }
    for i in 0..<count { matrix[i * count + i] += 1e-4 }
    let factor = Cholesky(matrix, count: count)
    return Dictionary(
      uniqueKeysWithValues: removed.map { place in
        let solution = factor.solve(varying.map { correlation[$0 * moments.count + place] })
        let slopes = zip(solution, deviations).map { $0 * moments.deviation(place) / $1 }
        let constants = means[place].indices.map { feature in
          zip(varying, slopes).reduce(means[place][feature]) { $0 - $1.1 * means[$1.0][feature] }
        }
        return (
          inputs[place][0],
          StandIn(
            slopes: Dictionary(uniqueKeysWithValues: zip(varying.map { inputs[$0][0] }, slopes)),
            constants: constants)
        )
      })
  }
}

extension Network {
  /// What a layer with weights sees of `groups` and of all others that have as many of its inputs, a `FilterFeatures` for each
  /// number of inputs.
  ///
  /// Throws `InputError` if a sequence has another length.
  func filterFeatures(
    of groups: Set<Int>, at consumer: ChannelConsumer, on sequences: SequenceSet, threads: Int
  ) throws -> [FilterFeatures] {
    let widths = Set(groups.compactMap { consumer.inputs[$0]?.count })
    let shape = architecture.inputShape(consumer.layer)
    return try widths.sorted().map { width in
      let members = consumer.inputs.filter { $0.value.count == width }.sorted { $0.key < $1.key }
      let inputs = members.map(\.value)
      let blocks = try trace(of: sequences, threads: threads) { trace, indices in
        trace.withInput(layer: consumer.layer) { values, length, channels, stride in
          let rowWidth = (inputs.count + 15) / 16 * 16
          let perSequence = shape.length * width
          // Enough sequences at a time to make a block of moments worth it.
          let step = min(indices.count, max(1, 4096 / perSequence))
          var rows = [Float](repeating: 0, count: step * perSequence * rowWidth)
          var sums = [Double](repeating: 0, count: inputs.count * width)
          var moments = Moments(inputs.count)
          for sequence in 0..<indices.count {
            let first = values + sequence * length * stride
            let firstRow = sequence % step * perSequence
            for position in 0..<shape.length {
              for (column, features) in inputs.enumerated() {
                for (number, feature) in features.enumerated() {
                  // Features may still lie as the channels of positions.
                  let place = position * shape.channels + feature
                  let value = first[place / channels * stride + place % channels]
                  rows[(firstRow + position * width + number) * rowWidth + column] = value
                  sums[column * width + number] += Double(value)
                }
              }
            }
            guard sequence % step == step - 1 || sequence == indices.count - 1 else { continue }
            rows.withUnsafeBufferPointer {
              moments.add($0.baseAddress!, rows: firstRow + perSequence, stride: rowWidth)
            }
          }
          return (moments, sums)
        }
      }
      var moments = Moments(inputs.count)
      var sums = [Double](repeating: 0, count: inputs.count * width)
      for block in blocks {
        moments.add(block.0)
        for i in sums.indices { sums[i] += block.1[i] }
      }
      let count = Double(max(1, sequences.count * shape.length))
      return FilterFeatures(
        groups: members.map(\.key), inputs: inputs,
        means: inputs.indices.map { column in sums[column * width..<(column + 1) * width].map { $0 / count }
        },
        moments: moments)
    }
  }

  /// What stands in for groups that go, by the layers that take them.
  ///
  /// - Parameter isMean: whether that is their mean alone, or what those that stay tell of them.
  func standIns(
    for gone: Set<Int>, _ channels: ChannelGroups, isMean: Bool, on sequences: SequenceSet, threads: Int
  ) throws -> [Int: [Int: StandIn]] {
    var result: [Int: [Int: StandIn]] = [:]
    for consumer in consumers(channels) {
      for features in try filterFeatures(of: gone, at: consumer, on: sequences, threads: threads) {
        let own =
          isMean
          ? Dictionary(
            uniqueKeysWithValues: features.groups.indices.filter { gone.contains(features.groups[$0]) }
              .map { (features.inputs[$0][0], features.mean($0)) }) : features.standIns(without: gone)
        result[consumer.layer, default: [:]].merge(own) { first, _ in first }
      }
    }
    return result
  }
}
