import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// The convolution at index `layer` of the architecture.
  ///
  /// Throws `InputError` if there is none.
  func convolution(_ layer: Int) throws -> Convolution1D {
    guard architecture.layers.indices.contains(layer),
      case .convolution1D(let convolution) = architecture.layers[layer]
    else { throw InputError("layer \(layer + 1) of the network is no convolution") }
    return convolution
  }

  /// The layer whose output is the convolution's activation: itself, or the last of the normalizations and activation layers
  /// that come straight after a linear one.
  func activationLayer(of layer: Int) -> Int {
    guard case .convolution1D(let convolution) = architecture.layers[layer], convolution.activation == .linear
    else { return layer }
    var last = layer
    while last + 1 < architecture.layers.count {
      switch architecture.layers[last + 1] {
      case .activation, .batchNormalization: last += 1
      default: return last
      }
    }
    return last
  }

  /// The function between the first convolution and what follows, if there is but one.
  var firstActivation: Activation? {
    guard case .convolution1D(let first) = architecture.layers[0] else { return nil }
    if first.activation != .linear { return first.activation }
    let functions = architecture.layers[1..<activationLayer(of: 0) + 1].compactMap { layer in
      if case .activation(let activation) = layer, activation.function != .linear {
        activation.function
      } else {
        nil as Activation?
      }
    }
    return functions.count > 1 ? nil : functions.first ?? .linear
  }

  /// Both strands of the sequences where the first convolution scores both, so that each filter meets them as it stands.
  func strands(of sequences: SequenceSet) -> SequenceSet {
    guard case .convolution1D(let first) = architecture.layers[0], first.reverseComplement != nil else {
      return sequences
    }
    var both = SequenceSet()
    both.reserveCapacity(sequences: 2 * sequences.count, bases: 2 * sequences.codes.count)
    for index in 0..<sequences.count { both.append(sequences[index]) }
    for index in 0..<sequences.count { both.append(Nucleotide.reverseComplement(sequences[index])) }
    return both
  }

  /// The same network with normalizations straight after a linear convolution made part of its weights: y = γ · (x − mean) /
  /// √(variance + ε) + β is linear in them. Layers keep their numbers; a linear activation stands where one was.
  public func foldingNormalization() throws -> Network {
    var layers = architecture.layers
    var kernels: [Int: (scale: [Double], shift: [Double])] = [:]
    for layer in architecture.convolutions where layer + 1 < layers.count {
      guard case .convolution1D(var convolution) = layers[layer], convolution.activation == .linear,
        convolution.reverseComplement != .concatenation,
        case .batchNormalization(let normalization) = layers[layer + 1]
      else { continue }
      func values(_ part: String) -> [Double] {
        self.values(architecture.tensor(layer + 1, part)!).map(Double.init)
      }
      let scale = zip(values("gamma"), values("moving_variance")).map {
        $0 / ($1 + normalization.epsilon).squareRoot()
      }
      // The larger of two strands' scores is the smaller one of the negated.
      if convolution.reverseComplement != nil, scale.contains(where: { $0 < 0 }) { continue }
      let shift = zip(values("beta"), zip(values("moving_mean"), scale)).map { $0 - $1.0 * $1.1 }
      convolution.useBias = true
      layers[layer] = .convolution1D(convolution)
      layers[layer + 1] = .activation(ActivationLayer(.linear))
      kernels[layer] = (scale, shift)
    }
    guard !kernels.isEmpty else { return self }
    var numbers: [Float] = []
    for tensor in architecture.tensors
    where kernels[tensor.layer - 1] == nil || !isNormalization(tensor.layer) {
      guard let (scale, shift) = kernels[tensor.layer] else {
        numbers += values(tensor)
        continue
      }
      let isKernel = tensor.shape.count > 1
      for (index, value) in values(tensor).enumerated() {
        let filter = index % scale.count
        numbers.append(Float(Double(value) * scale[filter] + (isKernel ? 0 : shift[filter])))
      }
      if isKernel, architecture.tensor(tensor.layer, "bias") == nil { numbers += shift.map { Float($0) } }
    }
    return Network(
      architecture: try Architecture(input: architecture.input, layers: layers), parameters: numbers)
  }

  private func isNormalization(_ layer: Int) -> Bool {
    if case .batchNormalization = architecture.layers[layer] { true } else { false }
  }
}
