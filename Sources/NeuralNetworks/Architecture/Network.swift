import Runtime
import Sequences

/// A network: what it is made of, and its parameters.
///
/// The last layer gives the logit; the sigmoid that makes a probability of it belongs to loss and prediction.
public struct Network: Sendable {
  public let architecture: Architecture
  /// All parameters end to end in the order of `architecture.tensors`; kernels (K, C, O) as Keras lays them.
  public var parameters: [Float] {
    didSet { precondition(parameters.count == architecture.parameterCount, "parameters for each tensor") }
  }

  public init(architecture: Architecture, parameters: [Float]) {
    precondition(parameters.count == architecture.parameterCount, "parameters for each tensor")
    self.architecture = architecture
    self.parameters = parameters
  }

  /// Kernels Glorot-uniform (Glorot & Bengio 2010), scales, running variances and an LSTM's forget gates one, all else
  /// zero, as Keras begins (whose recurrent kernels are orthogonal).
  public init(architecture: Architecture, seed: UInt64 = 0) {
    var parameters = [Float](repeating: 0, count: architecture.parameterCount)
    for (index, tensor) in architecture.tensors.enumerated() {
      guard tensor.role == .kernel || tensor.role == .recurrent else {
        for i in 0..<tensor.count {
          parameters[tensor.offset + i] = tensor.role.firstValue(i, of: tensor.count)
        }
        continue
      }
      let taps = tensor.shape.dropLast(2).reduce(1, *)
      let fans = tensor.shape.suffix(2).reduce(0, +) * taps
      let limit = (6 / Double(fans)).squareRoot()
      var random = CounterRandom(seed: seed, purpose: .initialization, index: index)
      for i in tensor.range { parameters[i] = Float((2 * random.uniform() - 1) * limit) }
    }
    self.init(architecture: architecture, parameters: parameters)
  }

  /// A network as a list of layers, with fresh parameters. Layers that do not fit together are a programming error;
  /// `Architecture.init(input:layers:outputs:)` checks those that come from elsewhere.
  public init(
    input: NetworkInput, outputs: [String]? = nil, seed: UInt64 = 0, @NetworkBuilder layers: () -> [Layer]
  ) {
    do {
      self.init(
        architecture: try Architecture(input: input, layers: layers(), outputs: outputs), seed: seed)
    } catch { preconditionFailure("\(error)") }
  }

  /// The numbers of one tensor.
  public func values(_ tensor: ParameterTensor) -> ArraySlice<Float> { parameters[tensor.range] }
}
