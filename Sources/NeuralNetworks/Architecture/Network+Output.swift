import Runtime

extension Network {
  /// The same network with one of its outputs alone: layers that only others need are left out, and a dense layer of weights 0 and 1
  /// picks it from what is given beside it.
  ///
  /// - Parameter output: its place in the network's flat output.
  public func selecting(output: Int) throws -> Network {
    precondition((0..<architecture.outputCount).contains(output), "an output of the network")
    guard architecture.outputCount > 1,
      let end = architecture.outputs.first(where: { $0.range.contains(output) })
    else { return self }
    var needed: Set<Int> = [end.layer]
    for layer in architecture.layers.indices.reversed() where needed.contains(layer) {
      needed.formUnion(architecture.sources[layer].filter { $0 > 0 }.map { $0 - 1 })
    }
    let names = [Architecture.inputName] + architecture.names
    let kept = architecture.layers.indices.filter(needed.contains)
    var layers = kept.map { index in
      var layer = architecture.layers[index].named(architecture.names[index])
      if case .addition = layer.kind { layer = Layer(Addition(), name: architecture.names[index]) }
      layer.inputs = architecture.sources[index].map { names[$0] }
      return layer
    }
    var parameters = kept.flatMap { index in
      architecture.tensors.filter { $0.layer == index }.flatMap { values($0) }
    }
    if end.shape.count > 1 {
      func free(_ name: String) -> String { names.contains(name) ? free(name + "_") : name }
      if end.shape.isMap { layers.append(Layer(Flatten(), name: free("positions"), inputs: [end.name])) }
      layers.append(
        Layer(
          Dense(1, useBias: false), name: free("selected"),
          inputs: [layers[layers.count - 1].name ?? end.name]))
      parameters += end.range.map { $0 == output ? 1 : 0 }
    }
    return Network(
      architecture: try Architecture(input: architecture.input, layers: layers), parameters: parameters)
  }
}
