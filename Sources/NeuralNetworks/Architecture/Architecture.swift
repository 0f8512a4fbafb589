import Runtime

/// A named array of parameters, row-major.
public struct ParameterTensor: Equatable, Sendable {
  /// `conv1d.kernel`, `dense_1.bias`, …
  public let name: String
  public let role: TensorRole
  /// (kernelSize, inputChannels / groups, outputChannels), (inputs, units) or (channels).
  public let shape: [Int]
  /// Where its numbers start among all parameters.
  public let offset: Int
  /// Index of its layer.
  public let layer: Int

  /// Whether an optimizer moves it; running means and variances move by themselves.
  public var isTrainable: Bool { role.isTrainable }
  public var count: Int { shape.reduce(1, *) }
  public var range: Range<Int> { offset..<offset + count }
}

/// Input and layers of a network, checked: every shape is known and every parameter has its place.
///
/// Layers stand in an order in which each takes only what comes before it. Activations are numbered: 0 is the input,
/// i + 1 is the output of layer i.
public struct Architecture: Equatable, Sendable {
  public let input: NetworkInput
  public let layers: [Layer]
  /// The names of the layers whose outputs are the network's; `nil` for the last layer alone.
  public let outputNames: [String]?
  /// `conv1d`, `conv1d_1`, …, as Keras numbers them, where layers have no names of their own.
  public let names: [String]
  /// The numbers of the activations that each layer takes.
  public let sources: [[Int]]
  /// The output shape of each layer.
  public let shapes: [Shape]
  public let facts: [LayerFacts]
  /// All parameters in order of layers, kernel before bias.
  public let tensors: [ParameterTensor]
  /// The network's outputs, in the order in which they stand in its flat output.
  public let outputs: [NetworkOutput]
  /// How often each activation is taken, by layers or as an output.
  private let uses: [Int]

  /// The most parameters, or activations of one sequence, that a network may have; a file that asks for more is refused.
  static let limit = 1 << 28

  /// - Parameter outputs: Names of the layers whose outputs are the network's, by default the last layer.
  /// - Throws: `InputError` when a layer does not fit what it is given, or nothing takes what it gives.
  public init(input: NetworkInput, layers: [Layer], outputs: [String]? = nil) throws {
    guard (1...Self.limit / 4).contains(input.length) else {
      throw InputError(
        "a network's input length must be between 1 and \(Self.limit / 4), not \(input.length)")
    }
    guard !layers.isEmpty, layers.count <= 1000 else {
      throw InputError("a network needs between 1 and 1000 layers, not \(layers.count)")
    }
    let names = try Self.names(of: layers)
    let sources = try Self.sources(of: layers, names: names)
    var shapes: [Shape] = []
    var facts: [LayerFacts] = []
    var tensors: [ParameterTensor] = []
    var offset = 0
    for (index, layer) in layers.enumerated() {
      let given = sources[index].map {
        $0 == 0 ? Shape.map(length: input.length, channels: 4) : shapes[$0 - 1]
      }
      do {
        let shape = try layer.definition.output(of: given)
        if case .convolution1D(let layer) = layer.kind, layer.reverseComplement != nil, sources[index] != [0]
        {
          throw LayerProblem("only the first layer can score both strands")
        }
        guard shape.length <= Self.limit / max(1, shape.channels) else {
          throw LayerProblem("too large an output")
        }
        shapes.append(shape)
        facts.append(layer.definition.facts(given))
        for tensor in facts[index].tensors {
          tensors.append(
            ParameterTensor(
              name: "\(names[index]).\(tensor.part)", role: tensor.role, shape: tensor.shape, offset: offset,
              layer: index))
          offset += try Self.count(of: tensor.shape, limit: Self.limit - offset)
        }
      } catch let problem as LayerProblem { throw Self.error(problem.reason, at: index, layers) }
    }
    let activations = shapes.reduce(0) { $0 + $1.length * padded($1.channels) }
    guard activations <= Self.limit else {
      throw InputError(
        "the layers give \(activations) numbers for one sequence, more than the \(Self.limit) that memory is meant for"
      )
    }
    self.outputs = try Self.outputs(outputs, names: names, shapes: shapes)
    uses = try Self.uses(sources, self.outputs, layers)
    self.input = input
    self.layers = layers
    self.outputNames = outputs
    self.names = names
    self.sources = sources
    self.shapes = shapes
    self.facts = facts
    self.tensors = tensors
  }

  private static func count(of shape: [Int], limit: Int) throws -> Int {
    try shape.reduce(1) { count, size in
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= limit else { throw LayerProblem("too many parameters") }
      return product
    }
  }

  public var parameterCount: Int { tensors.last?.range.upperBound ?? 0 }
  public var trainableParameterCount: Int {
    tensors.reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) }
  }

  /// Numbers that the network gives for one sequence: all outputs, one after the other.
  public var outputCount: Int { outputs.last?.range.upperBound ?? 0 }

  /// The shape of an activation: 0 is the input, i + 1 the output of layer i.
  public func shape(ofActivation activation: Int) -> Shape {
    activation == 0 ? .map(length: input.length, channels: 4) : shapes[activation - 1]
  }

  /// The shape a layer is given; of several, the first.
  public func inputShape(_ layer: Int) -> Shape { shape(ofActivation: sources[layer][0]) }

  /// Whether an activation is taken once, as the only input of the layer after it.
  public func isPassedOn(_ activation: Int) -> Bool {
    activation < layers.count && uses[activation] == 1 && sources[activation] == [activation]
  }

  /// How often an activation is taken, by layers or as an output.
  public func uses(of activation: Int) -> Int { uses[activation] }

  /// The parameters of a layer that have this role, where it has such.
  public func tensor(_ layer: Int, _ role: TensorRole) -> ParameterTensor? {
    tensors.first { $0.layer == layer && $0.role == role }
  }

  /// Indices of the convolutions, first to last.
  public var convolutions: [Int] {
    layers.indices.filter { if case .convolution1D = layers[$0].kind { true } else { false } }
  }

  /// Multiplications and additions for one sequence, in all convolutions and dense layers.
  public var operations: Int { facts.reduce(0) { $0 + $1.operations } }
}
