import Foundation
import NeuralNetworks
import Runtime
import Sequences

/// Class activation maps whose weights come from asking the network again, or from its head, and not from gradients.
extension Network {
  /// Σ_k w_k A_k, (N, units), with weights of each sequence, (N, filters).
  ///
  /// - Parameter last: the layer whose output is the activations.
  func weightedMaps(
    _ sequences: SequenceSet, last: Int, weights: [Float], threads: Int
  ) throws -> [Float] {
    let shape = architecture.shapes[last]
    return try trace(of: sequences, threads: threads) { trace, indices -> [Float] in
      let activations = trace.output(layer: last)
      return indices.enumerated().flatMap { item, index in
        (0..<shape.length).map { position in
          let row = (item * shape.length + position) * shape.channels
          return (0..<shape.channels).reduce(Float(0)) {
            $0 + weights[index * shape.channels + $1] * activations[row + $1]
          }
        }
      }
    }.flatMap { $0 }
  }

  /// The weights of the one dense layer that a pooled convolution feeds, one a filter.
  ///
  /// Throws `InputError` if something else comes after the convolution.
  func headWeights(after last: Int, output: Int) throws -> [Float] {
    var index = last + 1
    func skipDropout() {
      while index < architecture.layers.count, case .dropout = architecture.layers[index].kind { index += 1 }
    }
    skipDropout()
    let pooling = [GlobalAveragePooling1D.names, GlobalMaxPooling1D.names]
    let isPooled = index < architecture.layers.count && pooling.contains(architecture.layers[index].names)
    index += 1
    skipDropout()
    guard isPooled, index == architecture.layers.count - 1, case .dense = architecture.layers[index].kind,
      architecture.isPassedOn(last + 1), let kernel = architecture.tensor(index, .kernel)
    else {
      throw InputError(
        "cam needs a convolution, pooling over all positions, and one dense layer after each other; grad-cam is the same for other networks"
      )
    }
    let outputs = kernel.shape[1]
    return (0..<kernel.shape[0]).map { parameters[kernel.offset + $0 * outputs + output] }
  }

  /// (y − y_k) / |y| for each filter k, y_k being the output without it, (N, filters); not divided where y is 0.
  ///
  /// Throws `InputError` if filters cannot be silenced one by one.
  func ablationWeights(
    _ sequences: SequenceSet, layer: Int, last: Int, output: Int, threads: Int
  ) throws -> [Float] {
    let convolution = try convolution(layer)
    let filters = architecture.shapes[last].channels
    guard filters == convolution.filters, convolution.activation.value(0) == 0 else {
      throw InputError(
        "ablation-cam needs a convolution whose filters are silent at 0, each with a channel of its own")
    }
    let outputs = architecture.outputCount
    let before = try logits(of: sequences, threads: threads)
    var weights = [Float](repeating: 0, count: sequences.count * filters)
    for filter in 0..<filters {
      var network = self
      // The filter itself and what a normalization after it adds.
      for tensor in architecture.tensors where (layer...last).contains(tensor.layer) {
        switch tensor.role {
        case .kernel, .bias, .scale, .shift:
          for place in stride(from: filter, to: tensor.count, by: filters) {
            network.parameters[tensor.offset + place] = 0
          }
        case .mean, .variance, .recurrent, .gateBias: break
        }
      }
      let after = try network.logits(of: sequences, threads: threads)
      for index in 0..<sequences.count {
        let y = before[index * outputs + output]
        let lost = y - after[index * outputs + output]
        weights[index * filters + filter] = y == 0 ? lost : lost / abs(y)
      }
    }
    return weights
  }

  /// The softmax over filters of the output of the sequence times each filter's map, which is stretched to the bases and to 0 … 1,
  /// (N, filters).
  func scoreWeights(
    _ sequences: SequenceSet, last: Int, field: ReceptiveField, output: Int, threads: Int
  ) throws -> [Float] {
    let shape = architecture.shapes[last]
    let (filters, length, outputs) = (shape.channels, architecture.input.length, architecture.outputCount)
    var weights: [Float] = []
    weights.reserveCapacity(sequences.count * filters)
    // The masks of some sequences at a time.
    for first in stride(from: 0, to: sequences.count, by: 64) {
      let part = sequences.subset(Array(first..<min(sequences.count, first + 64)))
      let masks = try trace(of: part, threads: threads) { trace, indices -> [[Float]] in
        let activations = trace.output(layer: last)
        return (0..<indices.count).flatMap { item in
          (0..<filters).map { filter in
            let map = (0..<shape.length).map { activations[(item * shape.length + $0) * filters + filter] }
            let wide = field.interpolated(map, length: length)
            let (low, high) = (wide.min()!, wide.max()!)
            return high > low ? wide.map { ($0 - low) / (high - low) } : Array(repeating: 0, count: length)
          }
        }
      }.flatMap { $0 }
      let scores = trace(
        count: masks.count, threads: threads,
        input: { item, values in
          values = oneHotRows(part[item / filters])
          for place in values.indices { values[place] *= masks[item][place / 4] }
        }
      ) { trace, indices -> [Float] in
        let values = trace.outputs
        return (0..<indices.count).map { values[$0 * outputs + output] }
      }.flatMap { $0 }
      for start in stride(from: 0, to: scores.count, by: filters) {
        let row = scores[start..<start + filters]
        let largest = row.max()!
        let powers = row.map { exp(Double($0 - largest)) }
        let sum = powers.reduce(0, +)
        weights += powers.map { Float($0 / sum) }
      }
    }
    return weights
  }
}
