import Runtime

/// A module of PyTorch as data: its class, its own tensors, its plain attributes, and the modules in it, in the order of their
/// registration.
struct TorchModule {
  /// Without the package: `Conv1d`, `Sequential`, `BPNet`.
  let className: String
  /// Whether PyTorch has the class, not the one who wrote the file.
  let isOfTorch: Bool
  var tensors: [String: Weights] = [:]
  var children: [Child] = []

  /// A module within another.
  struct Child {
    var name: String
    var module: TorchModule
  }

  private let state: Pickle.Value?
  private let pickle: Pickle

  /// The module a value describes; `nil` for anything else.
  ///
  /// - Throws: `InputError` when its tensors are damaged or modules are nested too deep.
  init?(_ value: Pickle.Value?, in file: TorchFile, depth: Int = 0) throws {
    guard depth < 32 else { throw InputError(file: file.file, "modules are nested too deep") }
    let pickle = file.pickle
    guard let object = pickle.node(value), object.kind == .object,
      let global = pickle.global(object.constructor)
    else { return nil }
    // A compiled module is made from the one that it runs.
    if global.hasSuffix(".OptimizedModule"), let own = pickle.items(object.arguments)?.first,
      let inner = try TorchModule(own, in: file, depth: depth + 1)
    {
      self = inner
      return
    }
    guard pickle.member("_modules", of: object.state) != nil else { return nil }
    isOfTorch = global.hasPrefix("torch.")
    className = global.split(separator: ".").last.map(String.init) ?? global
    state = object.state
    self.pickle = pickle
    for key in ["_parameters", "_buffers"] {
      for (name, value) in pickle.node(pickle.member(key, of: state))?.pairs ?? [] {
        guard let name = pickle.text(name), let tensor = try file.tensor(value) else { continue }
        tensors[name] = Weights(shape: tensor.shape, values: tensor.values)
      }
    }
    for (name, value) in pickle.node(pickle.member("_modules", of: state))?.pairs ?? [] {
      guard let name = pickle.text(name), let module = try TorchModule(value, in: file, depth: depth + 1)
      else {
        continue
      }
      children.append(Child(name: name, module: module))
    }
    tensors = TorchParametrization.folded(tensors)
  }

  func attribute(_ name: String) -> Pickle.Value? { pickle.member(name, of: state) }
  func integer(_ name: String) -> Int? { pickle.integer(attribute(name)) }
  func number(_ name: String) -> Double? { pickle.double(attribute(name)) }
  func bool(_ name: String) -> Bool? { pickle.bool(attribute(name)) ?? integer(name).map { $0 != 0 } }
  func text(_ name: String) -> String? { pickle.text(attribute(name)) }
  func doubles(_ name: String) -> [Double]? {
    number(name).map { [$0] } ?? pickle.items(attribute(name))?.compactMap { pickle.double($0) }
  }
  /// One number or several.
  func integers(_ name: String) -> [Int]? { integer(name).map { [$0] } ?? pickle.integers(attribute(name)) }

  /// All tensors below it, named as in a state_dict.
  func stateDictionary(_ prefix: String = "") -> [(name: String, weights: Weights)] {
    tensors.sorted { $0.key < $1.key }.map { (prefix + $0.key, $0.value) }
      + children.flatMap { $0.module.stateDictionary(prefix + $0.name + ".") }
  }
}

extension TorchModule {
  /// The module within those that only run it, on several processors or compiled, or keep the mean of its weights.
  func unwrapped() -> TorchModule {
    let wrappers = ["DataParallel", "DistributedDataParallel", "OptimizedModule", "AveragedModel"]
    var module = self
    while wrappers.contains(module.className), let inner = module.children.first?.module { module = inner }
    return module
  }
}

extension TorchFile {
  /// The tensors of a state_dict, in its order: the file's object itself, or what a checkpoint keeps under a usual name.
  ///
  /// - Throws: `InputError` when a tensor is damaged, or there is none.
  func stateDictionary() throws -> [(name: String, weights: Weights)] {
    var value = pickle.root
    for key in ["state_dict", "model_state_dict", "model_state", "model", "weights"] {
      if let inner = pickle.member(key, of: value), pickle.node(inner)?.kind == .dictionary {
        value = inner
        break
      }
    }
    var result = try namedTensors(value)
    if result.isEmpty {
      // One level down, under whatever name, if there is one such.
      let node = pickle.node(pickle.root)
      let inner: [(name: String, value: Pickle.Value)] =
        (node?.pairs ?? []).compactMap { pair in pickle.text(pair.0).map { ($0, pair.1) } }
        + (node?.items ?? []).enumerated().map { ("item \($0 + 1)", $1) }
      let found = try inner.map { ($0.name, try namedTensors($0.value)) }.filter { !$0.1.isEmpty }
      guard found.count <= 1 else {
        throw InputError(
          file: file,
          "holds the tensors of several networks (\(found.map(\.0).joined(separator: ", "))); save the one that is meant"
        )
      }
      result = found.first?.1 ?? []
    }
    guard !result.isEmpty else {
      throw InputError(file: file, "a file of PyTorch, but it holds neither a module nor the tensors of one")
    }
    return TorchParametrization.folded(result)
  }

  /// The tensors that a dictionary holds under names.
  private func namedTensors(_ value: Pickle.Value?) throws -> [(name: String, weights: Weights)] {
    try (pickle.node(value)?.pairs ?? []).compactMap { name, value in
      guard let name = pickle.text(name), let tensor = try tensor(value) else { return nil }
      return (name, Weights(shape: tensor.shape, values: tensor.values))
    }
  }
}
