import Arrays
import Foundation
import HDF5
import Runtime

/// Writes a graph as a Functional model of Keras 3.
struct KerasExport {
  /// A layer of Keras.
  private struct Layer {
    var name: String
    var className: String
    var config: [String: Any]
    /// In the order of `get_weights()`, with Keras's names.
    var weights: [(name: String, array: Weights)] = []
    var inputs: [String] = []
  }

  /// The version whose format is written.
  static let version = "3.15.1"

  private let graph: ExportGraph
  private let name: String
  private let layers: [Layer]

  init(_ graph: ExportGraph, name: String) throws {
    self.graph = graph
    self.name = name
    var layers = [
      Layer(
        name: graph.graph.inputs[0].name, className: "InputLayer",
        config: [
          "batch_shape": [NSNull(), graph.length, 4] as [Any], "dtype": "float32", "sparse": false,
          "ragged": false,
        ])
    ]
    for node in graph.graph.nodes { layers.append(try Self.layer(node, graph)) }
    self.layers = Self.sorted(layers, outputs: graph.graph.outputs)
  }

  private static func layer(_ node: NetworkGraph.Node, _ graph: ExportGraph) throws -> Layer {
    var layer = Layer(name: node.name, className: "", config: [:], inputs: node.inputs)
    func missing() -> InputError {
      InputError("layer \(node.name) (\(node.operation.words)) cannot be written for Keras")
    }
    func set(_ className: String, _ config: [String: Any] = [:], _ weights: [(String, Weights?)] = []) {
      layer.className = className
      layer.config = config
      layer.weights = weights.compactMap { name, array in array.map { (name, $0) } }
    }
    func vector(_ values: [Float]?) -> Weights? { values.map { Weights(shape: [$0.count], values: $0) } }
    func text(_ margins: Operation.Margins) throws -> String {
      switch margins {
      case .valid: return "valid"
      case .same: return "same"
      case .explicit(0, 0): return "valid"
      // Zeros of a convolution's own are a layer of their own before it.
      case .explicit, .ceiling: throw missing()
      }
    }
    let isMap: Bool
    if case .map = graph.shape(node.inputs[0]) { isMap = true } else { isMap = false }
    switch node.operation {
    case .convolution(let convolution):
      set(
        "Conv1D",
        [
          "filters": convolution.kernel.shape[2], "kernel_size": [convolution.kernel.shape[0]],
          "strides": [convolution.stride], "padding": try text(convolution.margins),
          "data_format": "channels_last",
          "dilation_rate": [convolution.dilation], "groups": convolution.groups, "activation": "linear",
          "use_bias": convolution.bias != nil,
        ], [("kernel", convolution.kernel), ("bias", vector(convolution.bias))])
    case .transposedConvolution(let convolution):
      set(
        "Conv1DTranspose",
        [
          "filters": convolution.kernel.shape[1], "kernel_size": [convolution.kernel.shape[0]],
          "strides": [convolution.stride], "padding": try text(convolution.margins),
          "data_format": "channels_last",
          "activation": "linear", "use_bias": convolution.bias != nil,
        ], [("kernel", convolution.kernel), ("bias", vector(convolution.bias))])
    case .dense(let kernel, let bias):
      set(
        "Dense", ["units": kernel.shape[1], "activation": "linear", "use_bias": bias != nil],
        [("kernel", kernel), ("bias", vector(bias))])
    case .function(let function):
      guard let name = self.name(function) else { throw missing() }
      if case .leakyRelu(let slope) = function {
        set("LeakyReLU", ["negative_slope": slope])
      } else if case .elu(let alpha) = function {
        set("ELU", ["alpha": alpha])
      } else {
        set("Activation", ["activation": name])
      }
    case .softmax: set("Softmax", ["axis": -1])
    case .normalization(let normalization):
      let ones = [Float](repeating: 1, count: normalization.mean.count)
      // Keras keeps what PyTorch's momentum gives away.
      let momentum = normalization.momentum.map { graph.graph.normalization == .keras ? $0 : 1 - $0 } ?? 0.99
      set(
        "BatchNormalization",
        ["axis": -1, "momentum": momentum, "epsilon": normalization.epsilon, "center": true, "scale": true],
        [
          ("gamma", vector(normalization.gamma ?? ones)),
          ("beta", vector(normalization.beta ?? ones.map { _ in 0 })),
          ("moving_mean", vector(normalization.mean)), ("moving_variance", vector(normalization.variance)),
        ])
    case .layerNormalization(let gamma, let beta, let epsilon):
      set(
        "LayerNormalization", ["axis": -1, "epsilon": epsilon, "center": beta != nil, "scale": gamma != nil],
        [("gamma", vector(gamma)), ("beta", vector(beta))])
    case .pooling(let reduction, let size, let stride, let margins):
      guard reduction != .sum else { throw missing() }
      set(
        reduction == .maximum ? "MaxPooling1D" : "AveragePooling1D",
        [
          "pool_size": [size], "strides": [stride], "padding": try text(margins),
          "data_format": "channels_last",
        ])
    case .globalPooling(let reduction):
      guard reduction != .sum, isMap else { throw missing() }
      set(
        reduction == .maximum ? "GlobalMaxPooling1D" : "GlobalAveragePooling1D",
        ["data_format": "channels_last", "keepdims": false])
    case .flatten: set("Flatten", ["data_format": "channels_last"])
    case .dropout(let rate): set("Dropout", ["rate": rate, "seed": NSNull(), "noise_shape": NSNull()])
    case .cropping(let left, let right): set("Cropping1D", ["cropping": [left, right]])
    case .padding(let left, let right, let value):
      guard value == 0 else { throw missing() }
      set("ZeroPadding1D", ["padding": [left, right], "data_format": "channels_last"])
    case .addition: set("Add")
    case .product: set("Multiply")
    case .maximum: set("Maximum")
    case .concatenation: set("Concatenate", ["axis": -1])
    case .singlePosition: set("Reshape", ["target_shape": [1, graph.shape(node.name).channels]])
    case .recurrent(let recurrent):
      // Keras leaves the states of a backward layer in the order in which it made them.
      guard recurrent.direction != .backward || !recurrent.returnsSequences,
        Self.name(recurrent.recurrentActivation) != nil
      else { throw missing() }
      let (className, config) = Self.recurrent(recurrent, name: node.name)
      let names = ["kernel", "recurrent_kernel", "bias"]
      let parts = [recurrent.forward, recurrent.backward].compactMap { $0 }
      let isBoth = parts.count == 2
      set(
        className, config,
        zip(["forward_", "backward_"], parts).flatMap { prefix, part in
          zip(names, [part.kernel, part.recurrent, part.bias]).map { ((isBoth ? prefix : "") + $0, $1) }
        })
    case .separate(let length, false):
      set("Reshape", ["target_shape": [length, graph.shape(node.name).channels]])
    case .separate, .logSumExp, .logSoftmax, .affine, .adaptivePooling, .upsampling, .tiling,
      .groupNormalization, .rootMeanSquareNormalization, .mixing, .gate,
      .reversal, .succession:
      throw missing()
    }
    return layer
  }

  /// Class and options of a recurrent layer, or of the `Bidirectional` around two.
  private static func recurrent(_ layer: Operation.Recurrent, name: String) -> (String, [String: Any]) {
    let className = layer.cell.rawValue.uppercased()
    var config: [String: Any] = [
      "units": layer.units, "activation": "tanh",
      "recurrent_activation": Self.name(layer.recurrentActivation) ?? "sigmoid",
      "use_bias": (layer.forward ?? layer.backward)?.bias != nil,
      "return_sequences": layer.returnsSequences, "go_backwards": layer.direction == .backward,
    ]
    if layer.cell == .gru { config["reset_after"] = layer.resetsAfter }
    guard layer.direction == .both else { return (className, config) }
    func inner(_ prefix: String, backwards: Bool) -> [String: Any] {
      config["go_backwards"] = backwards
      config["name"] = "\(prefix)_\(name)"
      return [
        "module": "keras.layers", "class_name": className, "config": config, "registered_name": NSNull(),
      ]
    }
    return (
      "Bidirectional",
      [
        "merge_mode": "concat", "layer": inner("forward", backwards: false),
        "backward_layer": inner("backward", backwards: true),
      ]
    )
  }

  private static func name(_ function: Operation.Function) -> String? {
    switch function {
    case .linear: "linear"
    case .relu: "relu"
    case .selu: "selu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .softplus: "softplus"
    case .softsign: "softsign"
    case .exponential: "exponential"
    case .silu: "silu"
    case .leakyRelu: "leaky_relu"
    case .elu: "elu"
    case .gelu(let isApproximate): isApproximate ? nil : "gelu"
    case .hardSigmoid(let slope): abs(slope - 1.0 / 6) < 1e-9 ? "hard_sigmoid" : nil
    case .threshold, .parametricRelu, .clipped, .mish, .hardSilu, .logSigmoid, .absolute, .narrowed, .erf: nil
    }
  }

  /// As `Functional.layers` has them: those furthest from the outputs first, then as a walk back from the outputs meets them.
  /// Files of weights count layers in this order.
  private static func sorted(_ layers: [Layer], outputs: [String]) -> [Layer] {
    let places = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.name, $0) })
    var depths = [Int](repeating: 0, count: layers.count)
    for index in layers.indices.reversed() {
      for input in layers[index].inputs {
        if let place = places[input] { depths[place] = max(depths[place], depths[index] + 1) }
      }
    }
    var visits: [Int: Int] = [:]
    var stack = outputs.reversed().map { places[$0] ?? 0 }
    while let place = stack.last {
      let open = layers[place].inputs.compactMap { places[$0] }.filter { visits[$0] == nil }
      if visits[place] != nil || open.isEmpty {
        stack.removeLast()
        if visits[place] == nil { visits[place] = visits.count }
      } else {
        stack += open.reversed()
      }
    }
    return layers.indices.sorted { (-depths[$0], visits[$0] ?? 0) < (-depths[$1], visits[$1] ?? 0) }.map {
      layers[$0]
    }
  }

  private func sizes(_ tensor: String) -> [Any] {
    if tensor == graph.graph.inputs[0].name { return [NSNull(), graph.length, 4] }
    switch graph.shape(tensor) {
    case .map(let length, let channels): return [NSNull(), length, channels]
    case .features(let count): return [NSNull(), count]
    }
  }

  /// What `Model.to_json` gives.
  private var configuration: [String: Any] {
    let entries = layers.map { layer -> [String: Any] in
      let tensors = layer.inputs.map { input -> [String: Any] in
        let config: [String: Any] = [
          "shape": sizes(input), "dtype": "float32", "keras_history": [input, 0, 0] as [Any],
        ]
        return ["class_name": "__keras_tensor__", "config": config]
      }
      let merges = ["Add", "Multiply", "Maximum", "Concatenate"].contains(layer.className)
      let arguments: [Any] = merges ? [tensors] : tensors
      let call: [String: Any] = ["args": arguments, "kwargs": [String: Any]()]
      var config = layer.config
      config["name"] = layer.name
      config["trainable"] = true
      return [
        "module": "keras.layers", "class_name": layer.className, "config": config,
        "registered_name": NSNull(),
        "name": layer.name,
        "inbound_nodes": layer.inputs.isEmpty ? [] : [call],
      ]
    }
    func history(_ name: String) -> [Any] { [name, 0, 0] }
    let outputs: [Any] =
      graph.graph.outputs.count == 1 ? history(graph.graph.outputs[0]) : graph.graph.outputs.map(history)
    let config: [String: Any] = [
      "name": name, "trainable": true, "layers": entries, "input_layers": history(graph.graph.inputs[0].name),
      "output_layers": outputs,
    ]
    return [
      "module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
      "config": config,
    ]
  }

  private func json(_ value: Any) throws -> [UInt8] {
    Array(try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes]))
  }

  private func dataset(_ weights: Weights) -> HDF5Dataset {
    HDF5Dataset(TypedArray(.float32(weights.values), shape: weights.shape))
  }

  /// `.keras`: a zip archive of metadata, configuration and weights.
  func writeArchive(to path: String) throws {
    var groups: [String: HDF5Group] = [:]
    for layer in layers {
      let base = KerasWeights.snakeCase(layer.className)
      var name = base
      var number = 1
      while groups[name] != nil {
        name = "\(base)_\(number)"
        number += 1
      }
      groups[name] = group(layer)
    }
    let weights = HDF5Group(groups: [
      "layers": HDF5Group(groups: groups),
      "vars": HDF5Group(attributes: ["name": TypedArray(name)]),
    ])
    try ZipWriter.write(
      [
        // The date is that of no day, so that the same network gives the same bytes.
        ("metadata.json", try json(["keras_version": Self.version, "date_saved": "1980-01-01@00:00:00"])),
        ("config.json", try json(configuration)), ("model.weights.h5", try HDF5Writer.encoded(weights)),
      ], to: path)
  }

  /// A layer's arrays in `vars`, those of recurrent layers in `vars` of their cells.
  private func group(_ layer: Layer) -> HDF5Group {
    func variables(_ weights: ArraySlice<(name: String, array: Weights)>, name: String) -> HDF5Group {
      HDF5Group(
        attributes: ["name": TypedArray(name)],
        datasets: Dictionary(uniqueKeysWithValues: weights.enumerated().map { ("\($0)", dataset($1.array)) }))
    }
    let none = variables([], name: layer.name)
    func cell(_ weights: ArraySlice<(name: String, array: Weights)>) -> [String: HDF5Group] {
      ["cell": HDF5Group(groups: ["vars": variables(weights, name: "cell")]), "vars": none]
    }
    switch layer.className {
    case "LSTM", "GRU": return HDF5Group(groups: cell(layer.weights[...]))
    case "Bidirectional":
      let half = layer.weights.count / 2
      return HDF5Group(groups: [
        "forward_layer": HDF5Group(groups: cell(layer.weights[..<half])),
        "backward_layer": HDF5Group(groups: cell(layer.weights[half...])), "vars": none,
      ])
    default: return HDF5Group(groups: ["vars": variables(layer.weights[...], name: layer.name)])
    }
  }

  /// `.h5`: a whole model as Keras has written it since its first version.
  func writeHDF5(to path: String) throws {
    var groups: [String: HDF5Group] = [:]
    for layer in layers {
      let names = layer.weights.map { "\(layer.name)/\($0.name)" }
      var group = HDF5Group(attributes: ["weight_names": TypedArray(names)])
      if !layer.weights.isEmpty {
        group.groups[layer.name] = HDF5Group(
          datasets: Dictionary(uniqueKeysWithValues: layer.weights.map { ($0.name, dataset($0.array)) }))
      }
      groups[layer.name] = group
    }
    groups["top_level_model_weights"] = HDF5Group(attributes: ["weight_names": TypedArray([String]())])
    let version = ["backend": TypedArray("tensorflow"), "keras_version": TypedArray(Self.version)]
    var holder = HDF5Group(attributes: version, groups: groups)
    holder.attributes["layer_names"] = TypedArray(layers.map(\.name))
    var root = HDF5Group(attributes: version, groups: ["model_weights": holder])
    root.attributes["model_config"] = TypedArray(String(decoding: try json(configuration), as: UTF8.self))
    try HDF5Writer.write(root, to: path)
  }
}
