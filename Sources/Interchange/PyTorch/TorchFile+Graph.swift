import Arrays
import Foundation
import NeuralNetworks
import Runtime

extension TorchFile {
  /// The network of a whole module, or of its tensors with an architecture or a recipe.
  func graph(_ options: ImportOptions) throws -> NetworkGraph {
    if let module = try TorchModule(pickle.root, in: self) {
      if options.recipe != nil || options.architecture != nil {
        return try Self.graph(module.stateDictionary(), file: file, options)
      }
      // Classes of others whose program text is known.
      let recipes: [String: TorchRecipe] = ["ExplaiNN": .explainn, "BPNet": .bpnetLite]
      if let recipe = recipes[module.className] {
        return try recipe.graph(module.stateDictionary(), file: file, length: options.length)
      }
      return try TorchReader.graph(
        module, file: file, length: options.length, isChannelsFirst: options.isChannelsFirst)
    }
    return try Self.graph(stateDictionary(), file: file, options)
  }

  /// The network of tensors alone.
  static func graph(_ tensors: [(name: String, weights: Weights)], file: String, _ options: ImportOptions)
    throws
    -> NetworkGraph
  {
    // Wrappers for several processors and for training put their own name before every other.
    var tensors = tensors
    for prefix in ["module.", "model.", "net."] where tensors.allSatisfy({ $0.name.hasPrefix(prefix) }) {
      tensors = tensors.map { (String($0.name.dropFirst(prefix.count)), $0.weights) }
    }
    if let recipe = options.recipe ?? (options.architecture == nil ? TorchRecipe(tensors) : nil) {
      return try recipe.graph(tensors, file: file, length: options.length)
    }
    guard let path = options.architecture else {
      let list = tensors.prefix(12).map { "\($0.name) \($0.weights.shape)" }.joined(separator: ", ")
      throw InputError(
        file: file,
        "holds tensors without the layers they belong to; give these with --architecture or --recipe (\(TorchRecipe.allCases.map(\.rawValue).joined(separator: ", "))); it holds \(list)\(tensors.count > 12 ? ", …" : "")"
      )
    }
    let architecture = try Architecture(
      json: Data(try WholeFile.bytes(path, limit: 1 << 28)), file: path, length: options.length)
    return try TorchMatching(tensors, file: file).graph(architecture)
  }
}
