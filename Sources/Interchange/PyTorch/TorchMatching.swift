import NeuralNetworks
import Runtime

/// Gives the tensors of a state_dict to the layers of an architecture, both in order, by kind and shape.
struct TorchMatching {
  private struct Module {
    var name: String
    var tensors: [String: Weights]
  }

  private let file: String
  private var modules: [Module] = []

  init(_ tensors: [(name: String, weights: Weights)], file: String) {
    self.file = file
    for (name, weights) in tensors {
      let path = name.split(separator: ".")
      let module = path.dropLast().joined(separator: ".")
      let part = path.last.map(String.init) ?? name
      if part == "num_batches_tracked" { continue }
      if modules.last?.name != module { modules.append(Module(name: module, tensors: [:])) }
      modules[modules.count - 1].tensors[part] = weights
    }
  }

  /// - Throws: `InputError` when kinds or shapes disagree, naming tensor and layer.
  func graph(_ architecture: Architecture) throws -> NetworkGraph {
    var graph = NetworkGraph()
    graph.normalization = .pytorch
    graph.inputs = [.init(name: "input", length: architecture.input.length, channels: 4)]
    var rest = modules[...]
    var names = ["input"]
    for (index, layer) in architecture.layers.enumerated() {
      let name = architecture.names[index]
      func next() throws -> Module {
        guard let module = rest.popFirst() else {
          throw InputError(file: file, "has no tensors left for layer \(name) of the architecture")
        }
        return module
      }
      func weights(_ module: Module, _ part: String, rank: ClosedRange<Int>) throws -> Weights {
        guard let weights = module.tensors[part], rank.contains(weights.shape.count) else {
          throw InputError(
            file: file,
            "\(module.name) is not the layer \(name) of the architecture: its \(part) is missing or of another rank"
          )
        }
        return weights
      }
      let sources = architecture.sources[index].map { names[$0] }
      func add(_ operation: Operation) { graph.add(name, operation, sources) }
      func activate(_ activation: Activation) {
        guard activation != .linear else { return }
        graph.nodes[graph.nodes.count - 1].name = name + ":linear"
        graph.add(name, .function(Operation.Function(activation)), [name + ":linear"])
      }
      switch layer.kind {
      case .convolution1D(let layer):
        guard layer.reverseComplement == nil else {
          throw InputError(
            file: file, "layer \(name) of the architecture scores both strands, which PyTorch's layers do not"
          )
        }
        let module = try next()
        let any = try weights(module, "weight", rank: 3...4)
        let kernel = Weights(
          shape: [any.shape[0], any.shape[1], any.shape.dropFirst(2).reduce(1, *)], values: any.values)
        guard kernel.shape[0] == layer.filters, kernel.shape[2] == layer.kernelSize else {
          throw InputError(
            file: file, "\(module.name).weight of shape \(any.shape) is not the kernel of layer \(name)")
        }
        add(
          .convolution(
            .init(
              kernel: kernel.transposed([2, 1, 0]), bias: module.tensors["bias"]?.values,
              stride: layer.stride,
              margins: layer.padding == .same ? .same : .valid, dilation: layer.dilation, groups: layer.groups
            )))
        activate(layer.activation)
      case .dense(let layer):
        let module = try next()
        let kernel = try weights(module, "weight", rank: 2...2)
        guard kernel.shape[0] == layer.units else {
          throw InputError(
            file: file, "\(module.name).weight of shape \(kernel.shape) is not the kernel of layer \(name)")
        }
        add(.dense(kernel: kernel.transposed([1, 0]), bias: module.tensors["bias"]?.values))
        activate(layer.activation)
      case .batchNormalization(let layer):
        let module = try next()
        add(
          .normalization(
            .init(
              gamma: module.tensors["weight"]?.values, beta: module.tensors["bias"]?.values,
              mean: try weights(module, "running_mean", rank: 1...1).values,
              variance: try weights(module, "running_var", rank: 1...1).values, epsilon: layer.epsilon,
              momentum: layer.momentum)))
      case .maxPooling1D(let layer):
        add(
          .pooling(
            .maximum, size: layer.size, stride: layer.stride, margins: layer.padding == .same ? .same : .valid
          ))
      case .averagePooling1D(let layer):
        add(
          .pooling(
            .average, size: layer.size, stride: layer.stride, margins: layer.padding == .same ? .same : .valid
          ))
      case .globalMaxPooling1D: add(.globalPooling(.maximum))
      case .globalAveragePooling1D: add(.globalPooling(.average))
      case .dropout(let layer): add(.dropout(layer.rate))
      case .flatten: add(.flatten(channelsFirst: true))
      case .activation(let layer): add(.function(Operation.Function(layer.function)))
      case .softmax: add(.softmax)
      case .addition: add(.addition)
      case .concatenate: add(.concatenation)
      case .multiplication: add(.product)
      case .layerNormalization(let layer):
        let module = try next()
        add(
          .layerNormalization(
            gamma: module.tensors["weight"]?.values, beta: module.tensors["bias"]?.values,
            epsilon: layer.epsilon))
      case .transposedConvolution1D(let layer):
        let module = try next()
        let kernel = try weights(module, "weight", rank: 3...3)
        guard kernel.shape[1] == layer.filters, kernel.shape[2] == layer.kernelSize else {
          throw InputError(
            file: file, "\(module.name).weight of shape \(kernel.shape) is not the kernel of layer \(name)")
        }
        add(
          .transposedConvolution(
            .init(
              kernel: kernel.transposed([2, 1, 0]), bias: module.tensors["bias"]?.values,
              stride: layer.stride,
              margins: layer.padding == .same ? .same : .valid)))
        activate(layer.activation)
      case .recurrent:
        throw InputError(
          file: file,
          "layer \(name) of the architecture is recurrent; its tensors cannot be told from their order")
      case .cropping1D(let layer): add(.cropping(left: layer.left, right: layer.right))
      case .zeroPadding1D(let layer): add(.padding(left: layer.left, right: layer.right, value: 0))
      }
      names.append(name)
    }
    guard rest.isEmpty else {
      throw InputError(
        file: file, "\(rest.map(\.name).joined(separator: ", ")) belong to no layer of the architecture")
    }
    graph.outputs = architecture.outputs.map(\.name)
    return graph
  }
}

extension Operation.Function {
  init(_ activation: Activation) {
    switch activation {
    case .linear: self = .linear
    case .relu: self = .relu
    case .leakyRelu: self = .leakyRelu(slope: 0.2)
    case .elu: self = .elu(alpha: 1)
    case .gelu: self = .gelu(isApproximate: false)
    case .exponential: self = .exponential
    case .softplus: self = .softplus
    case .silu: self = .silu
    case .sigmoid: self = .sigmoid
    case .tanh: self = .tanh
    }
  }
}
