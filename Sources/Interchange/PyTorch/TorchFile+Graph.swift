import Arrays
import Foundation
import NeuralNetworks
import Runtime

extension TorchFile {
  /// The network of a whole module, or of its tensors with an architecture or a recipe.
  func graph(_ options: ImportOptions) throws -> NetworkGraph {
    if let module = try module() {
      if options.recipe != nil || options.architecture != nil {
        return try Self.graph(module.stateDictionary(), file: file, options)
      }
      // Classes of others whose program text is known.
      let recipes: [String: TorchRecipe] = [
        "ExplaiNN": .explainn, "BPNet": .bpnetLite, "ChromBPNet": .chrombpnetLite,
      ]
      if let recipe = recipes[module.unwrapped().className] {
        return try recipe.graph(module.unwrapped().stateDictionary(), file: file, length: options.length)
      }
      return try TorchReader.graph(
        module, file: file, length: options.length, isChannelsFirst: options.isChannelsFirst)
    }
    return try Self.graph(stateDictionary(), file: file, options)
  }

  /// The file's module, or the one a checkpoint keeps under a usual name.
  private func module() throws -> TorchModule? {
    if let module = try TorchModule(pickle.root, in: self) { return module }
    for key in ["model", "module", "net", "network", "model_ema"] {
      if let value = pickle.member(key, of: pickle.root), let module = try TorchModule(value, in: self) {
        return module
      }
    }
    // A tuple or list with a module first.
    guard let first = pickle.items(pickle.root)?.first else { return nil }
    return try TorchModule(first, in: self)
  }

  /// Without the names that wrappers for several processors, compilation, averaging and training put before every other, and
  /// without what these keep for themselves.
  private static func unwrapped(_ tensors: [(name: String, weights: Weights)]) -> [(
    name: String, weights: Weights
  )] {
    let wrappers = ["module.", "model.", "net.", "network.", "_orig_mod."]
    let own = ["n_averaged", "loss", "criterion", "metric", "train_", "val_", "test_"]
    var tensors = tensors
    // Wrappers stand in each other.
    for _ in 0..<4 {
      guard
        let prefix = wrappers.first(where: { prefix in
          tensors.contains { $0.name.hasPrefix(prefix) }
            && tensors.allSatisfy { tensor in
              tensor.name.hasPrefix(prefix) || own.contains { tensor.name.hasPrefix($0) }
            }
        })
      else { break }
      tensors = tensors.filter { $0.name.hasPrefix(prefix) }.map {
        (String($0.name.dropFirst(prefix.count)), $0.weights)
      }
    }
    return tensors
  }

  /// The network of tensors alone.
  ///
  /// - Parameter isOrdered: whether they stand as the program made them.
  static func graph(
    _ tensors: [(name: String, weights: Weights)], isOrdered: Bool = true, file: String,
    _ options: ImportOptions
  ) throws -> NetworkGraph {
    let tensors = unwrapped(tensors)
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
    return try TorchMatching(
      tensors, file: file, isOrdered: isOrdered, flattensChannelsFirst: options.isChannelsFirst
    ).graph(architecture)
  }
}
