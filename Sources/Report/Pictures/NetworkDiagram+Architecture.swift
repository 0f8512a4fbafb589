import Figures
import NeuralNetworks

extension NetworkDiagram {
  /// A network's layers from the input on.
  public init(_ architecture: Architecture, title: String = "") {
    let input = Block(
      "Input", detail: "one-hot DNA", shape: [architecture.input.length, 4], kind: .input)
    let blocks = architecture.layers.indices.map { index in
      let facts = architecture.facts[index]
      // The sigmoid that makes a probability of the last unit's logit belongs to the loss.
      let isOutput =
        architecture.shapes[index] == .features(1) && architecture.outputs.map(\.layer) == [index]
      return Block(
        architecture.layers[index].names.short,
        detail: facts.detail + (isOutput ? (facts.detail.isEmpty ? "" : ", ") + "sigmoid" : ""),
        shape: architecture.shapes[index].dimensions, parameters: architecture.parameterCount(layer: index),
        kind: isOutput ? .output : Kind(facts.family),
        // Activation 0 is the input, as block 0 is.
        sources: architecture.sources[index])
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

extension NetworkDiagram.Kind {
  fileprivate init(_ family: LayerFacts.Family) {
    switch family {
    case .convolution: self = .convolution
    case .pooling: self = .pooling
    case .regularization: self = .regularization
    case .dense: self = .dense
    case .other: self = .other
    }
  }
}
