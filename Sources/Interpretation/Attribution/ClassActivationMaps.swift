import NeuralNetworks
import Runtime
import Sequences

/// How a convolution's activation maps become one map. A are activations (position i, filter k), g the gradients of the logit
/// with respect to them.
public enum ClassActivationMethod: String, CaseIterable, Sendable {
  /// Σ_k α_k A_k with α_k the mean of g over positions (Selvaraju et al. 2017, arXiv:1610.02391).
  case gradCAM = "grad-cam"
  /// Σ_k g_k A_k position by position (Draelos & Carin 2020, arXiv:2011.08891).
  case hiResCAM = "hires-cam"
  /// Σ_k w_k A_k, w_k = Σ_i max(g, 0) g² / (2 g² + g³ Σ_i A + 10⁻⁶) (Chattopadhay et al. 2018, arXiv:1710.11063).
  case gradCAMPlusPlus = "grad-cam++"
}

/// Where in each sequence a convolution speaks for an output.
public struct ClassActivationMaps: Sendable {
  public let method: ClassActivationMethod
  /// Index of the convolution among the layers.
  public let layer: Int
  /// Number of sequences, N.
  public let count: Int
  /// Bases of each sequence, L.
  public let length: Int
  /// What the layer's units see.
  public let receptiveField: ReceptiveField
  /// One value a unit, (N, units).
  public let units: [Float]
  /// One value a base, (N, L): linear between the centres of the units' receptive fields, constant beyond the outermost.
  public let values: [Float]
}

extension Network {
  /// Class activation maps of a convolution, mapped back to bases.
  ///
  /// - Parameters:
  ///   - layer: Index of the convolution among the layers; `nil` for the last.
  ///   - output: Which of the network's outputs is explained.
  ///   - isRectified: Whether negative values, which speak against the output, become zero, as the paper has it.
  /// - Throws: `InputError` if the layer is no convolution, a sequence has another length than the network takes, or there is
  ///   no such output.
  public func classActivationMaps(
    _ method: ClassActivationMethod = .gradCAM, of sequences: SequenceSet, layer: Int? = nil, output: Int = 0,
    isRectified: Bool = true, threads: Int = Parallel.threads
  ) throws -> ClassActivationMaps {
    guard let layer = layer ?? architecture.convolutions.last else {
      throw InputError("the network has no convolution")
    }
    _ = try convolution(layer)
    try requireLength(of: sequences)
    let outputs = architecture.outputCount
    guard (0..<outputs).contains(output) else {
      throw InputError("the network has \(outputs) outputs, so there is no output \(output)")
    }
    let last = activationLayer(of: layer)
    let shape = architecture.shapes[layer]
    let blocks = trace(sequences, threads: threads) { trace, indices -> [Float] in
      trace.backward(seed: unitSeed(output, outputs: outputs, count: indices.count))
      let activations = trace.output(layer: last)
      let gradients = trace.gradient(layer: last)
      var maps: [Float] = []
      for first in stride(from: 0, to: activations.count, by: shape.count) {
        maps += method.map(
          activations: Array(activations[first..<first + shape.count]),
          gradients: Array(gradients[first..<first + shape.count]), filters: shape.channels)
      }
      return maps
    }
    let maps = blocks.flatMap { block in block.map { isRectified ? max($0, 0) : $0 } }
    let field = architecture.receptiveField(of: layer)!
    let length = architecture.input.length
    let values = (0..<sequences.count).flatMap { index in
      field.interpolated(maps[index * shape.length..<(index + 1) * shape.length], length: length)
    }
    return ClassActivationMaps(
      method: method, layer: layer, count: sequences.count, length: length, receptiveField: field,
      units: maps,
      values: values)
  }
}

extension ClassActivationMethod {
  /// (positions) from (positions, filters).
  func map(activations: [Float], gradients: [Float], filters: Int) -> [Float] {
    let positions = activations.count / filters
    if self == .hiResCAM {
      return (0..<positions).map { position in
        (0..<filters).reduce(0) {
          $0 + activations[position * filters + $1] * gradients[position * filters + $1]
        }
      }
    }
    let weights = (0..<filters).map { filter -> Float in
      let places = stride(from: filter, to: activations.count, by: filters)
      guard self == .gradCAMPlusPlus else {
        return places.reduce(0) { $0 + gradients[$1] } / Float(positions)
      }
      let total = places.reduce(0) { $0 + activations[$1] }
      return places.reduce(0) { sum, place in
        let g = gradients[place]
        return sum + max(g, 0) * g * g / (2 * g * g + g * g * g * total + 1e-6)
      }
    }
    return (0..<positions).map { position in
      (0..<filters).reduce(0) { $0 + weights[$1] * activations[position * filters + $1] }
    }
  }
}
