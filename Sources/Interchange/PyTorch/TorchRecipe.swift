import Runtime

/// Networks whose program text is known, for files that hold their tensors only.
public enum TorchRecipe: String, CaseIterable, Sendable {
  /// ExplaiNN (Novakovsky, Fornes, Saraswat, Mostafavi & Wasserman 2023, Genome Biology 24:154), github.com/wassermanlab/ExplaiNN.
  case explainn
  /// BPNet as github.com/jmschrei/bpnet-lite has it, without control tracks (they count as zero).
  case bpnetLite = "bpnet-lite"
  /// ChromBPNet as github.com/jmschrei/bpnet-lite has it: the profiles of two BPNets added up, and the logarithm of their counts' sum.
  case chrombpnetLite = "chrombpnet-lite"
  /// Basset (Kelley, Snoek & Rinn 2016) as Kipoi converted it from Torch.
  case bassetKipoi = "basset-kipoi"
  /// DeepSEA (Zhou & Troyanskaya 2015) as Kipoi converted it from Torch: one strand, bases in the order A G C T.
  case deepsea

  /// The network whose own names these are; `nil` for names that others use too.
  init?(_ tensors: [(name: String, weights: Weights)]) {
    let names = Set(tensors.map(\.name))
    let bpnet = ["iconv.weight", "rconvs.0.weight", "fconv.weight", "linear.weight"]
    let own: [(TorchRecipe, [String])] = [
      (
        .explainn,
        [
          "linears.0.weight", "linears.6.weight", "linears.10.weight", "linears.11.running_var",
          "final.weight",
        ]
      ),
      (.bpnetLite, bpnet),
      (.chrombpnetLite, ["accessibility.", "bias."].flatMap { model in bpnet.map { model + $0 } }),
    ]
    guard let recipe = own.first(where: { names.isSuperset(of: $0.1) })?.0 else { return nil }
    self = recipe
  }

  func graph(_ tensors: [(name: String, weights: Weights)], file: String, length: Int?) throws -> NetworkGraph
  {
    var builder = RecipeBuilder(tensors, file: file, recipe: rawValue)
    switch self {
    case .explainn: try builder.explainn()
    case .bpnetLite: try builder.bpnetLite(length: length ?? 2114)
    case .chrombpnetLite: try builder.chrombpnetLite(length: length ?? 2114)
    case .bassetKipoi: try builder.basset()
    case .deepsea: try builder.deepsea()
    }
    if let length { builder.graph.inputs[0].length = length }
    return try builder.graph.measured(file: file)
  }
}

/// Adds layers whose tensors are taken by name or in order.
private struct RecipeBuilder {
  var graph = NetworkGraph()
  private let tensors: [(name: String, weights: Weights)]
  private let file: String
  private let recipe: String
  private var tensor = "input"
  /// Before the names of the model within the network that is being read.
  private var model = ""

  init(_ tensors: [(name: String, weights: Weights)], file: String, recipe: String) {
    self.tensors = tensors
    self.file = file
    self.recipe = recipe
    graph.normalization = .pytorch
    graph.inputs = [.init(name: "input", length: nil, channels: 4)]
  }

  private func weights(_ name: String, rank: Int) throws -> Weights {
    guard let weights = optional(name) else {
      throw InputError(file: file, "tensor \(model)\(name) is missing, which a network of \(recipe) has")
    }
    guard weights.shape.count == rank else {
      throw InputError(
        file: file, "tensor \(model)\(name) has shape \(weights.shape), which is not that of \(recipe)")
    }
    return weights
  }

  private func optional(_ name: String) -> Weights? { tensors.first { $0.name == model + name }?.weights }

  private mutating func add(_ name: String, _ operation: Operation, from source: String? = nil) {
    add(name, operation, of: [source ?? tensor])
  }

  private mutating func add(_ name: String, _ operation: Operation, of sources: [String]) {
    graph.add(model + name, operation, sources)
    tensor = model + name
  }

  /// (filters, channels / groups, size), or with another axis of one or four.
  private mutating func convolution(
    _ name: String, margins: Operation.Margins = .valid, dilation: Int = 1, groups: Int = 1
  ) throws {
    guard let any = optional(name + ".weight"), any.shape.count == 3 || any.shape.count == 4 else {
      throw InputError(file: file, "tensor \(model)\(name).weight is missing or not a kernel of \(recipe)")
    }
    let kernel = Weights(
      shape: [any.shape[0], any.shape[1], any.shape.dropFirst(2).reduce(1, *)], values: any.values)
    add(
      name,
      .convolution(
        .init(
          kernel: kernel.transposed([2, 1, 0]), bias: optional(name + ".bias")?.values, margins: margins,
          dilation: dilation, groups: groups)))
  }

  private mutating func normalization(_ name: String) throws {
    add(
      name,
      .normalization(
        .init(
          gamma: optional(name + ".weight")?.values, beta: optional(name + ".bias")?.values,
          mean: try weights(name + ".running_mean", rank: 1).values,
          variance: try weights(name + ".running_var", rank: 1).values, epsilon: 1e-5, momentum: 0.1)))
  }

  private mutating func linear(_ name: String, from source: String? = nil, inputs: Int? = nil) throws {
    var kernel = try weights(name + ".weight", rank: 2).transposed([1, 0])
    if let inputs {
      guard kernel.shape[0] >= inputs else {
        throw InputError(file: file, "tensor \(model)\(name).weight is too small for \(recipe)")
      }
      kernel = Weights(
        shape: [inputs, kernel.shape[1]], values: Array(kernel.values[..<(inputs * kernel.shape[1])]))
    }
    add(name, .dense(kernel: kernel, bias: optional(name + ".bias")?.values), from: source)
  }

  /// Each unit: a filter, its exponential, maxima of 7 positions, two dense layers of its own; then a sum of the units.
  mutating func explainn() throws {
    let units = try weights("linears.0.weight", rank: 3).shape[0]
    try convolution("linears.0")
    try normalization("linears.1")
    add("linears.2", .function(.exponential))
    add("linears.3", .pooling(.maximum, size: 7, stride: 7, margins: .valid))
    add("linears.4", .flatten(channelsFirst: true))
    add("linears.5", .singlePosition)
    try convolution("linears.6", groups: units)
    try normalization("linears.7")
    add("linears.8", .function(.relu))
    add("linears.9", .dropout(0.3))
    try convolution("linears.10", groups: units)
    try normalization("linears.11")
    add("linears.12", .function(.relu))
    add("linears.13", .flatten(channelsFirst: true))
    try linear("final")
    graph.outputs = [tensor]
  }

  mutating func bpnetLite(length: Int) throws {
    let first = try weights("iconv.weight", rank: 3)
    let filters = first.shape[0]
    func half(_ size: Int) -> Operation.Margins { .explicit(left: (size - 1) / 2, right: (size - 1) / 2) }
    try convolution("iconv", margins: half(first.shape[2]))
    add("irelu", .function(.relu))
    var index = 0
    while let kernel = optional("rconvs.\(index).weight") {
      guard kernel.shape.count == 3, index < 30 else {
        throw InputError(file: file, "tensor \(model)rconvs.\(index).weight is not that of \(recipe)")
      }
      let trunk = tensor
      let dilation = 1 << (index + 1)
      let margin = (kernel.shape[2] - 1) / 2 * dilation
      try convolution("rconvs.\(index)", margins: .explicit(left: margin, right: margin), dilation: dilation)
      add("rrelus.\(index)", .function(.relu))
      add("residual.\(index)", .addition, of: [trunk, tensor])
      index += 1
    }
    let trunk = tensor
    var head = try weights("fconv.weight", rank: 3)
    // Channels after the filters are control tracks.
    guard head.shape[1] >= filters else {
      throw InputError(file: file, "tensor \(model)fconv.weight is too small for \(recipe)")
    }
    let ordered = head.transposed([1, 0, 2])
    head = Weights(
      shape: [filters, head.shape[0], head.shape[2]],
      values: Array(ordered.values[..<(filters * head.shape[0] * head.shape[2])]))
    // The profile is as much shorter than the sequence as 1,000 is than 2,114.
    let trimming = (2114 - 1000) / 2
    let size = head.shape[2]
    let crop = trimming - (size - 1) / 2
    guard crop > 0, length > 2 * trimming else {
      throw InputError(file: file, "sequences of \(length) are too short for \(recipe)")
    }
    add("crop", .cropping(left: crop, right: crop), from: trunk)
    let cropped = tensor
    add(
      "profile",
      .convolution(.init(kernel: head.transposed([2, 0, 1]), bias: optional("fconv.bias")?.values)))
    add("mean", .globalPooling(.average), from: cropped)
    try linear("linear", inputs: filters)
    graph.inputs[0].length = length
    graph.outputs = [model + "profile", model + "linear"]
  }

  mutating func chrombpnetLite(length: Int) throws {
    let parts = try ["accessibility.", "bias."].map { name -> [String] in
      (model, tensor) = (name, "input")
      try bpnetLite(length: length)
      return graph.outputs
    }
    model = ""
    add("profile", .addition, of: parts.map { $0[0] })
    // log(exp a + exp b) = a + softplus(b − a)
    add("negative", .affine(scale: [-1], shift: [0]), from: parts[0][1])
    add("difference", .addition, of: [parts[1][1], tensor])
    add("softplus", .function(.softplus))
    add("counts", .addition, of: [parts[0][1], tensor])
    graph.outputs = ["profile", "counts"]
  }

  /// Tensors in the order of the file: three convolutions, two dense layers, each with normalization, and a dense layer.
  mutating func basset() throws {
    let names = modules()
    guard names.count == 11 else {
      throw InputError(file: file, "has \(names.count) layers with tensors, but \(recipe) has 11")
    }
    for (index, pool) in [3, 4, 4].enumerated() {
      try convolution(names[2 * index])
      try normalization(names[2 * index + 1])
      add("relu\(index)", .function(.relu))
      add("pool\(index)", .pooling(.maximum, size: pool, stride: pool, margins: .valid))
    }
    add("flatten", .flatten(channelsFirst: true))
    for index in 0..<2 {
      try linear(names[6 + 2 * index])
      try normalization(names[7 + 2 * index])
      add("relu\(3 + index)", .function(.relu))
      add("dropout\(index)", .dropout(0.3))
    }
    try linear(names[10])
    add("sigmoid", .function(.sigmoid))
    graph.outputs = [tensor]
  }

  mutating func deepsea() throws {
    let names = modules()
    guard names.count == 5 else {
      throw InputError(file: file, "has \(names.count) layers with tensors, but \(recipe) has 5")
    }
    for index in 0..<3 {
      try convolution(names[index])
      if index == 0 { graph.reorderBases(from: "AGCT") }
      add("relu\(index)", .function(.relu))
      if index < 2 { add("pool\(index)", .pooling(.maximum, size: 4, stride: 4, margins: .valid)) }
      add("dropout\(index)", .dropout(index < 2 ? 0.2 : 0.5))
    }
    add("flatten", .flatten(channelsFirst: true))
    try linear(names[3])
    add("relu3", .function(.relu))
    try linear(names[4])
    add("sigmoid", .function(.sigmoid))
    graph.outputs = [tensor]
  }

  /// The layers that have tensors, in the order of the file.
  private func modules() -> [String] {
    var names: [String] = []
    for (name, _) in tensors {
      let module = name.split(separator: ".").dropLast().joined(separator: ".")
      if !names.contains(module) { names.append(module) }
    }
    return names
  }
}

extension NetworkGraph {
  /// Lets the network take bases in the order A C G T, whose own order is another.
  ///
  /// What is neither a convolution nor a pass to one is noted as a problem.
  mutating func reorderBases(from order: String) {
    let places = "ACGT".map { base in
      order.firstIndex(of: base).map { order.distance(from: order.startIndex, to: $0) } ?? 0
    }
    for index in nodes.indices
    where nodes[index].inputs.contains(where: { name in inputs.contains { $0.name == name } }) {
      switch nodes[index].operation {
      case .convolution(var layer) where layer.groups == 1 && layer.kernel.shape[1] == 4:
        layer.kernel = layer.kernel.reordered(axis: 1, places)
        nodes[index].operation = .convolution(layer)
      default: refuse("layer \(nodes[index].name): bases in the order \(order)")
      }
    }
  }
}

extension Weights {
  /// Slices along an axis in another order: slice i of the result is slice `places[i]` of this.
  func reordered(axis: Int, _ places: [Int]) -> Weights {
    let inner = shape.dropFirst(axis + 1).reduce(1, *)
    let size = shape[axis]
    let outer = values.count / max(1, inner * size)
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for block in 0..<outer {
      for place in places {
        let start = (block * size + place) * inner
        result += values[start..<start + inner]
      }
    }
    return Weights(shape: shape, values: result)
  }
}
