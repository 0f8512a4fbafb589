import NeuralNetworks

extension Operation.Function {
  /// The same function of MotifKit; `nil` where it has none.
  var activation: Activation? {
    switch self {
    case .linear: .linear
    case .relu: .relu
    case .leakyRelu(let slope):
      // Files keep slopes in 32 bits.
      [(0.2, Activation.leakyRelu), (0.3, .leakyReluKeras), (0.01, .leakyReluTorch)].first {
        abs($0.0 - slope) < 1e-7
      }?.1
    case .elu(let alpha): alpha == 1 ? .elu : nil
    case .selu: .selu
    case .gelu(let isApproximate): isApproximate ? .geluTanh : .gelu
    case .softsign: .softsign
    case .hardSigmoid(let slope):
      [(1.0 / 6, Activation.hardSigmoid), (0.2, .hardSigmoidKeras2)].first { abs($0.0 - slope) < 1e-7 }?.1
    case .exponential: .exponential
    case .softplus: .softplus
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .silu: .silu
    case .threshold, .parametricRelu, .clipped, .mish, .hardSilu, .logSigmoid, .absolute, .narrowed, .erf: nil
    }
  }
}

extension NetworkGraph {
  /// Whether no number of a tensor is below zero, whatever the input.
  func isNeverNegative(_ tensor: String) -> Bool {
    guard let node = nodes.last(where: { $0.name == tensor }) else {
      return inputs.contains { $0.name == tensor }
    }
    switch node.operation {
    case .function(let function):
      if case .clipped(let least, _) = function { return least >= 0 }
      switch function.activation {
      case .relu, .sigmoid, .softplus, .exponential, .hardSigmoid, .hardSigmoidKeras2: return true
      default: return false
      }
    case .softmax: return true
    case .pooling, .adaptivePooling, .globalPooling, .flatten, .singlePosition, .separate, .dropout,
      .cropping, .addition, .product,
      .maximum, .concatenation, .upsampling, .tiling, .reversal:
      return node.inputs.allSatisfy(isNeverNegative)
    case .padding(_, _, let value): return value >= 0 && isNeverNegative(node.inputs[0])
    default: return false
    }
  }
}
