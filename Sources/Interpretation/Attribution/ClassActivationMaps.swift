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
  /// Σ_k max(g_k, 0) A_k position by position (Jiang et al. 2021, IEEE Transactions on Image Processing 30, 5875).
  case layerCAM = "layer-cam"
  /// Σ_k w_k A_k with w the weights of the dense layer after pooling over all positions (Zhou et al. 2016, arXiv:1512.04150).
  case cam
  /// Σ_k w_k A_k, w the softmax over filters of the output of the sequence seen through each map (Wang et al. 2020,
  /// arXiv:1910.01279).
  case scoreCAM = "score-cam"
  /// Σ_k w_k A_k, w_k = (y − y_k) / |y| with y_k the output without filter k (Desai & Ramaswamy 2020, WACV).
  case ablationCAM = "ablation-cam"

  /// Whether its weights come from gradients.
  package var usesGradients: Bool {
    switch self {
    case .gradCAM, .hiResCAM, .gradCAMPlusPlus, .layerCAM: true
    case .cam, .scoreCAM, .ablationCAM: false
    }
  }

  /// Whether gradients are added up over positions, so that it does not matter which of two equal maxima has one.
  var addsPositions: Bool { self == .gradCAM || self == .gradCAMPlusPlus }
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
  /// One value a unit, (N, units); empty for a mean over readings, whose units lie elsewhere.
  public private(set) var units: [Float]
  /// One value a base, (N, L): linear between the centers of the units' receptive fields, constant beyond the outermost.
  public private(set) var values: [Float]
  /// Standard deviation of `values` between networks, (N, L); empty for a single one.
  public private(set) var spreads: [Float] = []

  /// A mean in place of these maps.
  func averaged(_ values: [Float], spreads: [Float]) -> ClassActivationMaps {
    var maps = self
    (maps.units, maps.values, maps.spreads) = ([], values, spreads)
    return maps
  }
}

extension Network {
  /// Class activation maps of a convolution, mapped back to bases.
  ///
  /// - Parameters:
  ///   - layer: Index of the convolution among the layers; `nil` for the last that has the sequence's positions.
  ///   - output: Which of the network's outputs is explained.
  ///   - isRectified: Whether negative values, which speak against the output, become zero, as the paper has it.
  /// - Throws: `InputError` if the layer is no convolution or none of the sequence's positions are left in it, a sequence has another length than the network takes, or there is
  ///   no such output, or a map holds what is no number.
  public func classActivationMaps(
    _ method: ClassActivationMethod = .gradCAM, of sequences: SequenceSet, layer: Int? = nil, output: Int = 0,
    isRectified: Bool = true, threads: Int = Parallel.threads
  ) throws -> ClassActivationMaps {
    try classActivationMaps(
      method, of: sequences, layer: layer, output: output, isRectified: isRectified, threads: threads,
      route: .planned(.best))
  }

  package func classActivationMaps(
    _ method: ClassActivationMethod, of sequences: SequenceSet, layer: Int?, output: Int, isRectified: Bool,
    threads: Int, route: AttributionRoute
  ) throws -> ClassActivationMaps {
    guard let layer = layer ?? architecture.lastPositionalConvolution else {
      throw InputError("the network has no convolution whose positions are those of the sequence")
    }
    _ = try convolution(layer)
    guard let field = architecture.receptiveField(of: layer) else {
      throw InputError("the positions of layer \(architecture.names[layer]) are not those of the sequence")
    }
    try requireLength(of: sequences)
    let outputs = architecture.outputCount
    guard (0..<outputs).contains(output) else {
      throw InputError("the network has \(outputs) outputs, so there is no output \(output)")
    }
    let shape = architecture.shapes[layer]
    var maps = try unitMaps(
      method, sequences, layer: layer, output: output, field: field, threads: threads, plan: route.plan(self))
    try requireNumbers(maps, of: sequences, from: method.rawValue)
    if isRectified { for i in maps.indices { maps[i] = max(maps[i], 0) } }
    let length = architecture.input.length
    let values = field.interpolated(maps, units: shape.length, length: length)
    return ClassActivationMaps(
      method: method, layer: layer, count: sequences.count, length: length, receptiveField: field,
      units: maps, values: values)
  }

  /// (N, units).
  private func unitMaps(
    _ method: ClassActivationMethod, _ sequences: SequenceSet, layer: Int, output: Int,
    field: ReceptiveField, threads: Int, plan: AttributionPlan?
  ) throws -> [Float] {
    let shape = architecture.shapes[layer]
    let last = activationLayer(of: layer)
    if !method.usesGradients {
      let weights =
        switch method {
        case .cam:
          try [Float](
            repeatElement(headWeights(after: last, output: output), count: sequences.count).joined())
        case .scoreCAM:
          try scoreWeights(sequences, last: last, field: field, output: output, threads: threads)
        case .ablationCAM, .gradCAM, .hiResCAM, .gradCAMPlusPlus, .layerCAM:
          try ablationWeights(sequences, layer: layer, last: last, output: output, threads: threads)
        }
      return try weightedMaps(sequences, last: last, weights: weights, threads: threads)
    }
    if let plan, let stage = architecture.convolutions.firstIndex(of: layer),
      !plan.stages[stage].form.isRectifiedLate, plan.stages[stage].form.strands == 1
    {
      return [Float](unsafeUninitializedCapacity: sequences.count * shape.length) { maps, count in
        if let start = maps.baseAddress {
          plan.classActivationMaps(
            method, sequences, stage: stage, output: output, threads: threads, into: start)
        }
        count = sequences.count * shape.length
      }
    }
    let outputs = architecture.outputCount
    return try trace(of: sequences, threads: threads) { trace, indices -> [Float] in
      trace.backward(seed: unitSeed(output, outputs: outputs, count: indices.count))
      let activations = trace.output(layer: last)
      let gradients = trace.gradient(layer: last)
      var maps = [Float](repeating: 0, count: indices.count * shape.length)
      for item in 0..<indices.count {
        maps.withUnsafeMutableBufferPointer { maps in
          activations[(item * shape.count)...].withUnsafeBufferPointer { activations in
            gradients[(item * shape.count)...].withUnsafeBufferPointer { gradients in
              method.map(
                activations: activations.baseAddress!, gradients: gradients.baseAddress!,
                positions: shape.length,
                stride: shape.channels, into: maps.baseAddress! + item * shape.length)
            }
          }
        }
      }
      return maps
    }.flatMap { $0 }
  }
}

extension ClassActivationMethod {
  /// (positions) from (positions, filters), `stride` floats from one position to the next.
  func map(
    activations: UnsafePointer<Float>, gradients: UnsafePointer<Float>, positions: Int, stride: Int,
    into map: UnsafeMutablePointer<Float>
  ) {
    if self == .hiResCAM || self == .layerCAM {
      let least: Float = self == .layerCAM ? 0 : -.infinity
      for position in 0..<positions {
        var sum: Float = 0
        for i in position * stride..<(position + 1) * stride {
          sum += activations[i] * max(gradients[i], least)
        }
        map[position] = sum
      }
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * stride) { memory in
      let (weights, totals) = (memory.baseAddress!, memory.baseAddress! + stride)
      memory.initialize(repeating: 0)
      if self == .gradCAMPlusPlus {
        for position in 0..<positions {
          for filter in 0..<stride { totals[filter] += activations[position * stride + filter] }
        }
        for position in 0..<positions {
          for filter in 0..<stride {
            let g = gradients[position * stride + filter]
            weights[filter] += max(g, 0) * g * g / (2 * g * g + g * g * g * totals[filter] + 1e-6)
          }
        }
      } else {
        for position in 0..<positions {
          for filter in 0..<stride { weights[filter] += gradients[position * stride + filter] }
        }
        for filter in 0..<stride { weights[filter] /= Float(positions) }
      }
      for position in 0..<positions {
        var sum: Float = 0
        for filter in 0..<stride { sum += weights[filter] * activations[position * stride + filter] }
        map[position] = sum
      }
    }
  }
}
