import Figures
import NeuralNetworks

extension NetworkDiagram {
  /// A network's layers from the input on.
  public init(_ architecture: Architecture, title: String = "") {
    let input = Block(
      "Input", detail: "one-hot DNA", shape: [architecture.input.length, 4], kind: .input)
    let last = architecture.layers.count - 1
    let blocks = architecture.layers.indices.map { index in
      let layer = architecture.layers[index]
      // The sigmoid that makes a probability of the last unit's logit belongs to the loss.
      let isOutput = index == last && architecture.shapes[index] == .features(1)
      return Block(
        layer.shortName,
        detail: layer.detail + (isOutput ? (layer.detail.isEmpty ? "" : ", ") + "sigmoid" : ""),
        shape: architecture.shapes[index].dimensions, parameters: architecture.parameterCount(layer: index),
        kind: isOutput ? .output : layer.diagramKind)
    }
    self.init([input] + blocks, title: title)
  }
}

extension Shape {
  /// Length and channels, or the number of features.
  var dimensions: [Int] {
    switch self {
    case .map(let length, let channels): [length, channels]
    case .features(let count): [count]
    }
  }
}

extension Layer {
  fileprivate var shortName: String {
    switch self {
    case .maxPooling1D: "MaxPool"
    case .averagePooling1D: "AvgPool"
    case .globalMaxPooling1D: "GlobalMax"
    case .globalAveragePooling1D: "GlobalAvg"
    default: typeName
    }
  }

  /// What the layer does, in a few words.
  fileprivate var detail: String {
    switch self {
    case .convolution1D(let layer):
      "\(layer.filters) × \(layer.kernelSize)"
        + (layer.dilation > 1 ? ", dilation \(layer.dilation)" : "")
        + (layer.activation == .linear ? "" : ", \(layer.activation.displayName)")
    case .maxPooling1D(let layer): "\(layer.size)"
    case .averagePooling1D(let layer): "\(layer.size)"
    case .dropout(let layer): "\(layer.rate)"
    case .dense(let layer): layer.activation == .linear ? "" : layer.activation.displayName
    case .activation(let layer): layer.function.displayName
    default: ""
    }
  }

  fileprivate var diagramKind: NetworkDiagram.Kind {
    switch self {
    case .convolution1D: .convolution
    case .maxPooling1D, .averagePooling1D, .globalMaxPooling1D, .globalAveragePooling1D: .pooling
    case .dropout: .regularization
    case .dense: .dense
    default: .other
    }
  }
}

extension Activation {
  fileprivate var displayName: String {
    switch self {
    case .relu: "ReLU"
    case .leakyRelu: "leaky ReLU"
    case .elu: "ELU"
    case .gelu: "GELU"
    default: rawValue
    }
  }
}
