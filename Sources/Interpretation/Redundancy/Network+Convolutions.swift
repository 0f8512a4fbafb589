import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// The convolution at index `layer` of the architecture.
  ///
  /// Throws `InputError` if there is none.
  func convolution(_ layer: Int) throws -> Convolution1D {
    guard architecture.layers.indices.contains(layer),
      case .convolution1D(let convolution) = architecture.layers[layer].kind
    else { throw InputError("layer \(layer + 1) of the network is no convolution") }
    return convolution
  }

  /// The layer whose output is the convolution's activation: itself, or the last of the normalizations and activation layers
  /// that come straight after a linear one.
  func activationLayer(of layer: Int) -> Int {
    guard case .convolution1D(let convolution) = architecture.layers[layer].kind,
      convolution.activation == .linear
    else { return layer }
    var last = layer
    while architecture.isPassedOn(last + 1), isActivation(architecture.layers[last + 1]) { last += 1 }
    return last
  }

  /// Whether the layer is part of what makes an activation of a linear layer's output.
  private func isActivation(_ layer: Layer) -> Bool {
    [ActivationLayer.names, BatchNormalization.names].contains(layer.names)
  }

  /// The function between the first convolution and what follows, if there is but one.
  var firstActivation: Activation? {
    guard case .convolution1D(let first) = architecture.layers[0].kind else { return nil }
    if first.activation != .linear { return first.activation }
    let functions = architecture.layers[1..<activationLayer(of: 0) + 1].compactMap { layer in
      if case .activation(let activation) = layer.kind, activation.function != .linear {
        activation.function
      } else {
        nil as Activation?
      }
    }
    return functions.count > 1 ? nil : functions.first ?? .linear
  }

  /// Both strands of the sequences where the first convolution scores both, so that each filter meets them as it stands.
  func strands(of sequences: SequenceSet) -> SequenceSet {
    guard case .convolution1D(let first) = architecture.layers[0].kind, first.reverseComplement != nil else {
      return sequences
    }
    var both = SequenceSet()
    both.reserveCapacity(sequences: 2 * sequences.count, bases: 2 * sequences.codes.count)
    for index in 0..<sequences.count { both.append(sequences[index]) }
    for index in 0..<sequences.count { both.append(Nucleotide.reverseComplement(sequences[index])) }
    return both
  }
}
