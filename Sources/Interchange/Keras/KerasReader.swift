import Runtime

/// Turns the configuration and weights of a Keras model into a graph.
///
/// Configurations: Keras's `to_json()` of the versions 0.3, 1, 2 and 3 (`keras/src/models/functional.py`, `sequential.py`).
struct KerasReader {
  let file: KerasFile
  /// The bases in the order of their numbers, or of their columns.
  let bases: String
  var graph = NetworkGraph()
  /// Tensors by layer and call, as configurations name them.
  private var tensors: [Call: String] = [:]
  /// What a two-dimensional network's axes mean.
  var plane: KerasPlane?
  /// Tensors with channels before positions, and what they were before that.
  var permuted: [String: String] = [:]
  /// Tensors whose positions are the rows of a picture one column wide.
  var columns: Set<String> = []
  /// Tensors some of whose positions later layers may be told to leave out.
  var masked: Set<String> = []
  private var occurrences: [String: Int] = [:]
  /// Class and place among layers of the same class, by path; a model that is called again has the same.
  private var places: [String: KerasWeights.Place] = [:]
  /// After the names of tensors that models make which are called again.
  private var calls = ""

  private struct Call: Hashable {
    var model: String
    var layer: String
    var call: Int
    var output: Int
  }

  /// A layer with all that is known of it.
  struct Layer {
    var name: String
    var className: String
    var config: JSON
    var arrays: [Weights]
    var inputs: [String]
    /// What it is called with besides tensors, as its node says: `args` of Keras 3, or options by name.
    var arguments = JSON(nil)
    /// The name of the tensor it makes.
    var output: String
  }

  /// Throws `InputError` when the file is damaged. What cannot be represented is in the graph's `problems`.
  static func graph(_ file: KerasFile, bases: String = "ACGT") throws -> NetworkGraph {
    var reader = KerasReader(file: file, bases: bases)
    guard let outputs = try reader.model(file.configuration, path: [], inputs: nil) else {
      throw InputError(file: file.configurationFile, "its configuration is not one of Keras")
    }
    reader.graph.outputs = outputs.map { reader.permuted[$0] ?? $0 }
    if outputs.contains(where: { reader.permuted[$0] != nil }) {
      reader.graph.outputsChannelsFirst = outputs.map { reader.permuted[$0] != nil }
    }
    return reader.graph
  }

  private init(file: KerasFile, bases: String) {
    self.file = file
    self.bases = bases
  }

  /// Reads a model, the outermost one (`inputs` is `nil`) or one inside another; `nil` when it is not a model's configuration.
  private mutating func model(_ json: JSON, path: [String], inputs: [String]?) throws -> [String]? {
    guard path.count < 8 else { throw InputError(file: file.configurationFile, "models are nested too deep") }
    let config = json["config"]
    if let layers = config["layers"].array, config["input_layers"].exists {
      return try functional(config, layers, path: path, inputs: inputs)
    }
    if let layers = config["layers"].array ?? config.array ?? json["layers"].array {
      return try sequential(layers, path: path, inputs: inputs)
    }
    return nil
  }

  private func prefixed(_ name: String, _ path: [String]) -> String { (path + [name]).joined(separator: "/") }

  private mutating func sequential(_ layers: [JSON], path: [String], inputs: [String]?) throws -> [String]? {
    var tensor = inputs?.first
    // A model inside another whose input could not be read is read for what else is missing.
    let isLost = inputs?.isEmpty == true
    for (index, json) in layers.enumerated() {
      let className = json["class_name"].text ?? json["name"].text ?? "?"
      // Keras 0.3 has options and class beside each other.
      let config = json["class_name"].text == nil ? json : json["config"]
      let name =
        json["class_name"].text == nil
        ? "\(config["custom_name"].text ?? className)_\(index + 1)"
        : config["name"].text ?? "layer_\(index + 1)"
      if className == "InputLayer" {
        if tensor == nil, !isLost { tensor = input(config, name: name) }
        continue
      }
      if tensor == nil, !isLost {
        guard let made = input(config, name: "input") else {
          throw InputError(file: file.configurationFile, "its first layer says no shape of the input")
        }
        tensor = made
      }
      let input = tensor
      tensor = try layer(
        json, name: name, className: className, config: config, index: index, path: path,
        inputs: input.map { [$0] } ?? [], call: 0)?.first
      if tensor == nil, let input { return [input] }
    }
    return tensor.map { [$0] }
  }

  private mutating func functional(_ config: JSON, _ layers: [JSON], path: [String], inputs: [String]?) throws
    -> [String]?
  {
    let model = path.joined(separator: "/")
    let inputLayers = ends(config["input_layers"])
    var uses: [KerasCall] = []
    for (index, json) in layers.enumerated() {
      let config = json["config"]
      guard let className = json["class_name"].text, let name = json["name"].text ?? config["name"].text
      else {
        throw InputError(
          file: file.configurationFile, "layer \(index + 1) of its configuration has no class or name")
      }
      if className == "InputLayer" {
        let position = inputLayers.firstIndex { $0.layer == name } ?? 0
        let tensor: String?
        if let inputs {
          tensor = inputs.indices.contains(position) ? inputs[position] : nil
        } else {
          tensor = input(config, name: name)
        }
        tensors[Call(model: model, layer: name, call: 0, output: 0)] = tensor
        continue
      }
      place(name, className: className, path: path)
      for (call, node) in (json["inbound_nodes"].array ?? []).enumerated() {
        uses.append(
          KerasCall(
            layer: name, number: call, sources: histories(node), json: json, className: className,
            index: index, arguments: arguments(node)))
      }
    }
    let outputs = ends(config["output_layers"])
    let firsts = KerasCall.firstNumbers(of: uses, takenBy: uses.flatMap(\.sources) + outputs)
    func tensor(_ source: KerasCall.Source) -> String? {
      let call = source.call - (firsts[source.layer] ?? 0)
      return tensors[Call(model: model, layer: source.layer, call: call, output: source.output)]
    }
    for call in KerasCall.ordered(uses, firsts: firsts) {
      let known = call.sources.compactMap(tensor)
      // After what could not be read, the rest is read all the same, so that the list of problems is whole.
      let isWhole = known.count == call.sources.count && (!known.isEmpty || call.sources.isEmpty)
      let made = try layer(
        call.json, name: call.layer, className: call.className, config: call.json["config"],
        index: call.index, path: path, inputs: known, call: call.number,
        arguments: isWhole ? call.arguments : JSON(nil))
      guard isWhole else { continue }
      for (place, output) in (made ?? []).enumerated() {
        tensors[Call(model: model, layer: call.layer, call: call.number, output: place)] = output
      }
    }
    let known = outputs.compactMap(tensor)
    guard known.count == outputs.count || !graph.problems.isEmpty else {
      throw InputError(file: file.configurationFile, "its configuration names outputs that no layer makes")
    }
    return known
  }

  /// The inputs or outputs of a model; those with names of their own in the order of these, as Keras flattens them.
  private func ends(_ json: JSON) -> [KerasCall.Source] {
    guard let object = json.object else { return histories(json) }
    return object.sorted { $0.key < $1.key }.flatMap { histories($0.value) }
  }

  /// `[layer, call, output]` wherever they stand: in Keras 2 plain, in Keras 3 within tensors.
  private func histories(_ json: JSON, depth: Int = 0) -> [KerasCall.Source] {
    if depth > 8 { return [] }
    if let history = json["config"]["keras_history"].array {
      return histories(JSON(history.map(\.value)), depth: depth + 1)
    }
    if json["args"].exists {
      return histories(json["args"], depth: depth + 1)
    }
    guard let array = json.array else { return [] }
    if let layer = array.first?.text, array.count >= 3, let call = array[1].integer,
      let output = array[2].integer
    {
      // A function of TensorFlow has its second tensor among its options.
      let second = histories(array[safe: 3]?["y"] ?? JSON(nil), depth: depth + 1)
      return [KerasCall.Source(layer: layer, call: call, output: output)] + second
    }
    return array.flatMap { histories($0, depth: depth + 1) }
  }

  /// What a node calls its layer with: in Keras 2 the options after the first tensor's place.
  private func arguments(_ node: JSON) -> JSON {
    node["args"].exists ? node : node[0][3].exists ? node[0][3] : node[3]
  }

  /// Notes an input; `nil` without a shape.
  private mutating func input(_ config: JSON, name: String) -> String? {
    var sizes: [Int?]?
    for key in ["batch_shape", "batch_input_shape"] {
      if let array = config[key].array { sizes = array.dropFirst().map(\.integer) }
    }
    if sizes == nil, let array = config["input_shape"].array { sizes = array.map(\.integer) }
    if sizes == nil, let channels = config["input_dim"].integer {
      sizes = [config["input_length"].integer, channels]
    }
    guard let sizes else { return nil }
    switch sizes.count {
    case 2 where sizes[0] == 4 && sizes[1] != 4:
      // Bases before positions, as other programs have them.
      graph.inputs.append(.init(name: name, length: sizes[1], channels: 4))
      permuted[name + ":turned"] = name
      return name + ":turned"
    case 2:
      guard let channels = sizes[1] else { return nil }
      graph.inputs.append(.init(name: name, length: sizes[0], channels: channels))
    case 3:
      guard let plane = KerasPlane(input: sizes) else {
        graph.refuse(
          "input \(name) of shape \(sizes.map { $0.map(String.init) ?? "?" }.joined(separator: " × "))")
        graph.inputs.append(.init(name: name, length: nil, channels: 4))
        return name
      }
      self.plane = plane
      graph.inputs.append(.init(name: name, length: plane.length(sizes), channels: 4))
    default: graph.inputs.append(.init(name: name, length: 1, channels: sizes.last.flatMap { $0 } ?? 0))
    }
    return name
  }

  /// Notes which layer of its class it is in its model, once.
  private mutating func place(_ name: String, className: String, path: [String]) {
    let own = (path + [name]).joined(separator: "/")
    guard places[own] == nil else { return }
    let key = (path + [className]).joined(separator: "/")
    let occurrence = occurrences[key, default: 0]
    places[own] = KerasWeights.Place(name: name, className: className, occurrence: occurrence)
    occurrences[key] = occurrence + 1
  }

  /// Adds a layer, or the layers of a model; the tensors it makes, `nil` if it cannot be represented.
  private mutating func layer(
    _ json: JSON, name: String, className: String, config: JSON, index: Int, path: [String], inputs: [String],
    call: Int, arguments: JSON = JSON(nil)
  ) throws -> [String]? {
    let suffix = call == 0 ? "" : "#\(call + 1)"
    place(name, className: className, path: path)
    if ["Sequential", "Model", "Functional"].contains(className) {
      let outer = calls
      calls += suffix
      defer { calls = outer }
      return try model(json, path: path + [name], inputs: inputs)
    }
    let way = (0...path.count).compactMap { depth in
      places[(path + [name])[...depth].joined(separator: "/")]
    }
    let arrays = try file.weights.arrays(way, index: index)
    let layer = Layer(
      name: prefixed(name, path), className: className, config: config, arrays: arrays, inputs: inputs,
      arguments: arguments,
      output: prefixed(name, path) + calls + suffix)
    return try add(layer).map { [$0] }
  }
}
