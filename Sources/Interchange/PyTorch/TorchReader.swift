import Runtime

/// Turns modules of PyTorch into a graph.
///
/// Only `nn.Sequential` says in data what is computed; what other modules do is program text, which is not in the file.
/// Layers: pytorch.org/docs, `torch.nn`.
struct TorchReader {
  var graph = NetworkGraph()
  private var tensor: String
  /// Whether the input is a picture whose rows are the bases.
  private var isFirst = true
  /// Whether there are features, and positions no more.
  private var isFlat = false

  /// - Parameters:
  ///   - length: of the input; found from the weights where these leave no choice.
  ///   - isChannelsFirst: whether the network takes (channels, positions), as PyTorch's layers do.
  /// - Throws: `InputError` when the length cannot be told.
  static func graph(_ module: TorchModule, file: String, length: Int?, isChannelsFirst: Bool) throws
    -> NetworkGraph
  {
    var reader = TorchReader()
    reader.graph.normalization = .pytorch
    reader.graph.inputs = [.init(name: "input", length: length, channels: 4)]
    if module.unwrapped().className == "Sequential" {
      reader.add(module.unwrapped(), path: [], isChannelsFirst: isChannelsFirst)
    } else {
      reader.graph.refuse(
        "module \(module.className): what it computes is program text, which is not in the file (give --architecture or --recipe)"
      )
      reader.list(module, path: [])
    }
    reader.graph.outputs = [reader.tensor]
    return try reader.graph.measured(file: file)
  }

  private init() { tensor = "input" }

  private mutating func add(_ module: TorchModule, path: [String], isChannelsFirst: Bool) {
    for place in module.children {
      let (child, path) = (place.module, path + [place.name])
      if child.unwrapped().className == "Sequential" {
        add(child.unwrapped(), path: path, isChannelsFirst: isChannelsFirst)
        continue
      }
      let name = path.joined(separator: ".")
      guard
        let operations = TorchLayer(
          module: child, isFirst: isFirst, isFlat: isFlat, isChannelsFirst: isChannelsFirst
        ).operations
      else {
        graph.refuse("layer \(name) (\(child.className))")
        continue
      }
      switch operations {
      case .failure(let missing): graph.refuse("layer \(name) (\(child.className)): \(missing.what)")
      case .success(let operations):
        for (index, operation) in operations.enumerated() {
          let output = operations.count == 1 ? name : "\(name):\(index)"
          graph.add(output, operation, [tensor])
          tensor = output
          isFirst = false
          switch operation {
          case .flatten: isFlat = true
          case .separate: isFlat = false
          default: break
          }
        }
      }
    }
  }

  /// Notes every kind of layer in a module that is not known either.
  private mutating func list(_ module: TorchModule, path: [String]) {
    for place in module.children {
      let (child, path) = (place.module, path + [place.name])
      if child.children.isEmpty {
        let layer = TorchLayer(module: child, isFirst: false, isFlat: false, isChannelsFirst: true)
          .operations
        if layer == nil { graph.refuse("layer \(path.joined(separator: ".")) (\(child.className))") }
      } else {
        list(child, path: path)
      }
    }
  }
}
