import Runtime

/// Turns modules of PyTorch into a graph.
///
/// Only `nn.Sequential` says in data what is computed; what other modules do is program text, which is not in the file.
/// Layers: pytorch.org/docs, `torch.nn`.
struct TorchReader {
  var graph = NetworkGraph()
  private var tensor = "input"
  private var layout: TorchLayout

  /// - Parameters:
  ///   - length: of the input; found from the weights where these leave no choice.
  ///   - isChannelsFirst: whether the network takes (channels, positions), as PyTorch's layers do.
  /// - Throws: `InputError` when the length cannot be told.
  static func graph(_ module: TorchModule, file: String, length: Int?, isChannelsFirst: Bool) throws
    -> NetworkGraph
  {
    var reader = TorchReader(layout: .input(isChannelsFirst: isChannelsFirst))
    reader.graph.normalization = .pytorch
    reader.graph.inputs = [.init(name: "input", length: length, channels: 4)]
    if module.unwrapped().className == "Sequential" {
      reader.add(module.unwrapped(), path: [])
    } else {
      reader.graph.refuse(
        "module \(module.className): what it computes is program text, which is not in the file (give --architecture or --recipe)"
      )
      reader.list(module, path: [])
    }
    reader.graph.outputs = [reader.tensor]
    return try reader.graph.measured(file: file)
  }

  private init(layout: TorchLayout) { self.layout = layout }

  private mutating func add(_ module: TorchModule, path: [String]) {
    for place in module.children {
      let (child, path) = (place.module.unwrapped(), path + [place.name])
      if child.className == "Sequential" {
        add(child, path: path)
        continue
      }
      let name = path.joined(separator: ".")
      var layer = TorchLayer(module: child, layout: layout)
      switch layer.operations() {
      case nil: graph.refuse("layer \(name) (\(child.className))")
      case .failure(let missing): graph.refuse("layer \(name) (\(child.className)): \(missing.what)")
      case .success(let operations):
        for (index, operation) in operations.enumerated() {
          let output = index == operations.count - 1 ? name : "\(name):\(index + 1)"
          graph.add(output, operation, [tensor])
          tensor = output
        }
        layout = layer.layout
      }
    }
  }

  /// Notes every kind of layer in a module that is not known either.
  private mutating func list(_ module: TorchModule, path: [String]) {
    for place in module.children {
      let (child, path) = (place.module, path + [place.name])
      if child.children.isEmpty {
        var layer = TorchLayer(module: child, layout: .map)
        if layer.operations() == nil {
          graph.refuse("layer \(path.joined(separator: ".")) (\(child.className))")
        }
      } else {
        list(child, path: path)
      }
    }
  }
}
