import Runtime

/// How the layers of a list find their inputs.
extension Architecture {
  /// The sequence, where a layer names it among its inputs.
  static let inputName = "input"

  static func error(_ reason: String, at index: Int, _ layers: [Layer]) -> InputError {
    let name = layers[index].name.map { " \"\($0)\"" } ?? ""
    return InputError("layer \(index + 1) (\(layers[index].names.keras)\(name)): \(reason)")
  }

  /// Own names, and for the other layers those that Keras would give them, but for names that are taken.
  static func names(of layers: [Layer]) throws -> [String] {
    let taken = Set(layers.compactMap(\.name))
    var kinds: [String: Int] = [:]
    func free(_ kind: String) -> String {
      while true {
        let number = kinds[kind, default: 0]
        kinds[kind] = number + 1
        let name = number == 0 ? kind : "\(kind)_\(number)"
        if !taken.contains(name) { return name }
      }
    }
    let names = layers.map { $0.name ?? free($0.names.keras) }
    var seen: Set<String> = [inputName]
    for (index, name) in names.enumerated() {
      guard !name.isEmpty, name.utf8.count <= 200, name.unicodeScalars.allSatisfy(isAllowed) else {
        throw error("a name has up to 200 letters, digits and . _ - / :", at: index, layers)
      }
      guard seen.insert(name).inserted else {
        throw error("there is another \"\(name)\" before it; names must differ", at: index, layers)
      }
    }
    return names
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-/:".unicodeScalars.contains(scalar)
  }

  /// The numbers of the activations that each layer takes.
  static func sources(of layers: [Layer], names: [String]) throws -> [[Int]] {
    let places = Dictionary(uniqueKeysWithValues: zip([inputName] + names, 0...))
    return try layers.enumerated().map { index, layer in
      func fail(_ reason: String) -> InputError { error(reason, at: index, layers) }
      let several = type(of: layer.definition).takesSeveralInputs
      if case .addition(let addition) = layer.kind, let passed = addition.layers {
        guard layer.inputs == nil else { throw fail("has inputs, so it cannot count layers too") }
        guard passed >= 1, passed <= index else {
          throw fail("passes \(passed) layers, but \(index) stand before it")
        }
        return [index, index - passed]
      }
      guard let inputs = layer.inputs else {
        if several { throw fail("needs the names of its inputs") }
        return [index]
      }
      guard several ? inputs.count >= 2 : inputs.count == 1 else {
        throw fail("takes \(several ? "two inputs or more" : "one input"), not \(inputs.count)")
      }
      return try inputs.map { name in
        guard let place = places[name] else { throw fail("takes \"\(name)\", but no layer has that name") }
        guard place <= index else { throw fail("takes \"\(name)\", which does not come before it") }
        return place
      }
    }
  }

  static func outputs(_ outputs: [String]?, names: [String], shapes: [Shape]) throws -> [NetworkOutput] {
    let wanted = outputs ?? [names[names.count - 1]]
    guard !wanted.isEmpty else { throw InputError("a network needs an output") }
    guard Set(wanted).count == wanted.count else { throw InputError("an output is named twice") }
    var first = 0
    return try wanted.map { name in
      guard let layer = names.firstIndex(of: name) else {
        throw InputError("there is no layer \"\(name)\" to be an output")
      }
      guard shapes[layer].count <= limit - first else { throw InputError("too many outputs") }
      defer { first += shapes[layer].count }
      return NetworkOutput(
        name: name, layer: layer, shape: shapes[layer], range: first..<first + shapes[layer].count)
    }
  }

  /// How often each activation is taken; every layer's must be.
  static func uses(_ sources: [[Int]], _ outputs: [NetworkOutput], _ layers: [Layer]) throws -> [Int] {
    var uses = [Int](repeating: 0, count: layers.count + 1)
    for activation in sources.joined() { uses[activation] += 1 }
    for output in outputs { uses[output.layer + 1] += 1 }
    for index in layers.indices where uses[index + 1] == 0 {
      throw error(
        "nothing takes what it gives: name it in a later layer's inputs or in outputs", at: index, layers)
    }
    return uses
  }

  /// The same graph with a chain of one layer or more in place of each layer: the first takes its inputs, the last gives its
  /// output and has its name. Layers that count others, and names that Keras would give, are brought up to date.
  package func replacingLayers(_ chain: (_ layer: Int) throws -> [Layer]) throws -> Architecture {
    var new: [Layer] = []
    // The new number of each activation, and the place of each layer's first one.
    var activations = [0]
    var firsts: [Int] = []
    for (index, layer) in layers.enumerated() {
      var part = try chain(index)
      for i in part.indices { (part[i].name, part[i].inputs) = (nil, nil) }
      part[part.count - 1].name = layer.name
      firsts.append(new.count)
      new += part
      activations.append(new.count)
    }
    let names = try [Self.inputName] + Self.names(of: new)
    for (index, layer) in layers.enumerated() {
      let (first, sources) = (firsts[index], sources[index].map { activations[$0] })
      if layer.inputs != nil { new[first].inputs = sources.map { names[$0] } }
      if case .addition(let addition) = new[first].kind, addition.layers != nil {
        new[first] = new[first].replaced(by: Addition(layers: first - sources[1]))
      }
    }
    return try Architecture(
      input: input, layers: new,
      outputs: outputNames.map { _ in outputs.map { names[activations[$0.layer + 1]] } })
  }
}
