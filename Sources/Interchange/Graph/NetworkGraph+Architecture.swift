import NeuralNetworks
import Runtime

extension NetworkGraph {
  /// A network of MotifKit as a graph.
  ///
  /// - Throws: `InputError` that names a layer which other programs' formats are not given.
  init(_ network: Network) throws {
    let architecture = network.architecture
    try self.init(architecture) { layer, part in
      guard
        let tensor = architecture.tensors.first(where: {
          $0.layer == layer && architecture.part(of: $0) == part
        })
      else { return nil }
      return Weights(shape: tensor.shape, values: Array(network.values(tensor)))
    }
  }

  /// The layers of an architecture, with weights from elsewhere; a layer whose weights are missing is left without.
  ///
  /// - Parameter weights: of a layer, by its index, and the tensor's name in it.
  init(_ architecture: Architecture, weights: (_ layer: Int, _ part: String) throws -> Weights?) throws {
    inputs = [.init(name: "input", length: architecture.input.length, channels: 4)]
    var names = ["input"]
    for (index, layer) in architecture.layers.enumerated() {
      let name = architecture.names[index]
      let sources = architecture.sources[index].map { names[$0] }
      let none = Weights(shape: [0], values: [])
      func values(_ part: String) throws -> [Float]? { try weights(index, part)?.values }
      func add(_ operation: Operation) { self.add(name, operation, sources) }
      func activate(_ activation: Activation) {
        guard activation != .linear else { return }
        nodes[nodes.count - 1].name = name + ":linear"
        self.add(name, .function(Operation.Function(activation)), [name + ":linear"])
      }
      switch layer.kind {
      case .convolution1D(let layer):
        let kernel = try weights(index, "kernel") ?? none
        let (left, right) = layer.margins(length: architecture.inputShape(index).length)
        let margins: Operation.Margins =
          switch layer.padding {
          case .valid: .valid
          case .same: .same
          case .full: .explicit(left: left, right: right)
          }
        let convolution = Operation.Convolution(
          kernel: kernel, bias: layer.useBias ? try values("bias") : nil, stride: layer.stride,
          margins: margins,
          dilation: layer.dilation, groups: layer.groups)
        if let merge = layer.reverseComplement {
          // The other strand, window by window: positions and bases back to front.
          var other = convolution
          other.kernel = kernel.flipped([0, 1])
          self.add(name + ":forward", .convolution(convolution), sources)
          self.add(name + ":reverse", .convolution(other), sources)
          self.add(
            name, merge == .maximum ? .maximum : .concatenation, [name + ":forward", name + ":reverse"])
        } else {
          add(.convolution(convolution))
        }
        activate(layer.activation)
      case .dense(let layer):
        add(
          .dense(kernel: try weights(index, "kernel") ?? none, bias: layer.useBias ? try values("bias") : nil)
        )
        activate(layer.activation)
      case .batchNormalization(let layer):
        normalization = layer.convention == .keras ? .keras : .pytorch
        add(
          .normalization(
            .init(
              gamma: try values("gamma"), beta: try values("beta"), mean: try values("moving_mean") ?? [],
              variance: try values("moving_variance") ?? [], epsilon: layer.epsilon, momentum: layer.momentum)
          ))
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
      case .globalLogSumExpPooling1D: add(.logSumExp)
      case .reshape(let layer): add(.separate(length: layer.length, channelsFirst: false))
      case .globalAveragePooling1D: add(.globalPooling(.average))
      case .dropout(let layer): add(.dropout(layer.rate))
      case .flatten: add(.flatten(channelsFirst: false))
      case .activation(let layer): add(.function(Operation.Function(layer.function)))
      case .softmax: add(.softmax)
      case .multiplication: add(.product)
      case .layerNormalization(let layer):
        add(.layerNormalization(gamma: try values("gamma"), beta: try values("beta"), epsilon: layer.epsilon))
      case .transposedConvolution1D(let layer):
        let kernel = try weights(index, "kernel").map { $0.transposed([0, 2, 1]) } ?? none
        add(
          .transposedConvolution(
            .init(
              kernel: kernel, bias: layer.useBias ? try values("bias") : nil, stride: layer.stride,
              margins: layer.padding == .same ? .same : .valid)))
        activate(layer.activation)
      case .recurrent(let layer):
        func parameters(_ prefix: String) throws -> Operation.Recurrent.Parameters? {
          guard let kernel = try weights(index, prefix + "kernel"),
            let recurrent = try weights(index, prefix + "recurrent_kernel")
          else { return nil }
          return .init(kernel: kernel, recurrent: recurrent, bias: try weights(index, prefix + "bias"))
        }
        let first = try parameters("")
        let direction: Operation.Recurrent.Direction =
          switch layer.direction {
          case .forward: .forward
          case .backward: .backward
          case .both: .both
          }
        add(
          .recurrent(
            .init(
              cell: layer.cell == .lstm ? .lstm : .gru, units: layer.units, direction: direction,
              returnsSequences: layer.returnsSequences, resetsAfter: layer.cell == .gru && layer.resetsAfter,
              activation: .tanh,
              recurrentActivation: Operation.Function(layer.recurrentActivation),
              forward: layer.direction == .backward ? nil : first,
              backward: layer.direction == .backward
                ? first : layer.direction == .both ? try parameters("backward_") : nil)))
      case .addition: add(.addition)
      case .concatenate: add(.concatenation)
      case .cropping1D(let layer): add(.cropping(left: layer.left, right: layer.right))
      case .zeroPadding1D(let layer): add(.padding(left: layer.left, right: layer.right, value: 0))
      }
      names.append(name)
    }
    outputs = architecture.outputs.map(\.name)
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
    case .sigmoid: self = .sigmoid
    case .tanh: self = .tanh
    case .silu: self = .silu
    case .leakyReluKeras: self = .leakyRelu(slope: 0.3)
    case .leakyReluTorch: self = .leakyRelu(slope: 0.01)
    case .selu: self = .selu
    case .softsign: self = .softsign
    case .geluTanh: self = .gelu(isApproximate: true)
    case .hardSigmoid: self = .hardSigmoid(slope: 1.0 / 6)
    case .hardSigmoidKeras2: self = .hardSigmoid(slope: 0.2)
    }
  }
}
