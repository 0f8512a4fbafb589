import Arrays
import HDF5
import Runtime

/// The weights of a Keras file, found by the layer they belong to.
struct KerasWeights {
  private enum Layout {
    /// Keras 1 to 3: a group a layer, with the order of its arrays in `weight_names`.
    case named
    /// Keras 3's `layers/<class>/vars/0`, …
    case numbered
    /// Keras 0.3: `layer_0/param_0`, …
    case counted
  }

  /// A layer or a model within the one around it.
  struct Place {
    let name: String
    /// In the file's spelling.
    let className: String
    /// Its place among those of the same class.
    let occurrence: Int
  }

  private let root: HDF5Group
  private let layout: Layout
  private let file: String

  init(_ root: HDF5Group, file: String) throws {
    self.root = root
    self.file = file
    if root.attributes["nb_layers"] != nil {
      layout = .counted
    } else if Self.isNumbered(root) {
      layout = .numbered
    } else if Self.texts("layer_names", of: root) != nil {
      layout = .named
    } else {
      throw InputError(file: file, "an HDF5 file, but not one with a network of Keras")
    }
  }

  /// Whether arrays lie as Keras 3 puts them.
  static func isNumbered(_ root: HDF5Group) -> Bool {
    root.groups["layers"] != nil || root.groups["_layer_checkpoint_dependencies"] != nil
  }

  /// The arrays of a layer in Keras's order (`get_weights()`).
  ///
  /// - Parameters:
  ///   - path: the models around it and the layer itself.
  ///   - index: its place among the layers of its model.
  /// - Throws: `InputError` when an array is damaged.
  func arrays(_ path: [Place], index: Int) throws -> [Weights] {
    switch layout {
    case .counted:
      let group = root.groups["layer_\(index)"] ?? HDF5Group()
      return try sorted(group.datasets).map(load)
    case .named: return try named(path.map(\.name))
    case .numbered:
      var container = root
      for place in path {
        let members =
          (container.groups["layers"] ?? container.groups["_layer_checkpoint_dependencies"])?.groups ?? [:]
        let suffix = place.occurrence == 0 ? "" : "_\(place.occurrence)"
        // Files before Keras 3.1 carry no names; groups are called by class, so that the name of one layer may be another's group.
        guard
          let member = members.values.first(where: {
            $0.groups["vars"]?.attributes["name"]?.string == place.name
          }) ?? members[Self.snakeCase(place.className) + suffix] ?? members[place.name]
        else { return [] }
        container = member
      }
      return try variables(container)
    }
  }

  private func named(_ path: [String]) throws -> [Weights] {
    guard let top = path.first, let name = path.last, let group = root.groups[top],
      let names = Self.texts("weight_names", of: group)
    else { return [] }
    // A model's group holds the arrays of all layers inside; each has its layer's name on its way.
    let own =
      path.count == 1
      ? names : names.filter { $0.split(separator: "/").dropLast().contains { $0 == name } }
    return try own.map { weight in
      guard let dataset = group.dataset(weight) else {
        throw InputError(file: file, "the array \(weight) of layer \(name) is missing or damaged")
      }
      return try load(dataset)
    }
  }

  /// Arrays of a group, then of what it holds: a cell, a forward and a backward layer.
  private func variables(_ group: HDF5Group, depth: Int = 0) throws -> [Weights] {
    let own = try sorted(group.groups["vars"]?.datasets ?? [:]).map(load)
    guard depth < 4 else { return own }
    return try own
      + ["cell", "forward_layer", "backward_layer", "layer"].flatMap { name in
        try group.groups[name].map { try variables($0, depth: depth + 1) } ?? []
      }
  }

  private func load(_ dataset: HDF5Dataset) throws -> Weights {
    let array = try dataset.array(limit: 1 << 31)
    guard let values = array.floats else { throw InputError(file: file, "holds weights that are no numbers") }
    return Weights(shape: array.shape, values: values)
  }

  /// In the order of the numbers at the end of their names.
  private func sorted(_ datasets: [String: HDF5Dataset]) -> [HDF5Dataset] {
    func number(_ name: String) -> Int { Int(name.split(separator: "_").last ?? "") ?? .max }
    return datasets.sorted { (number($0.key), $0.key) < (number($1.key), $1.key) }.map(\.value)
  }

  /// An attribute with a list of texts, which Keras splits into `name0`, `name1`, … when it is long.
  static func texts(_ name: String, of group: HDF5Group) -> [String]? {
    if let array = group.attributes[name] { return array.strings ?? (array.values.count == 0 ? [] : nil) }
    var texts: [String] = []
    var part = 0
    while let strings = group.attributes["\(name)\(part)"]?.strings {
      texts += strings
      part += 1
    }
    return part == 0 ? nil : texts
  }

  /// `GlobalMaxPooling1D` → `global_max_pooling1d`, as Keras names its groups.
  static func snakeCase(_ name: String) -> String {
    var result = ""
    let letters = Array(name)
    for (index, letter) in letters.enumerated() {
      let startsWord =
        letter.isUppercase && index > 0
        && (letters[index - 1].isLowercase
          || (index + 1 < letters.count && letters[index + 1].isLowercase && !letters[index - 1].isNumber))
      if startsWord { result += "_" }
      result += letter.lowercased()
    }
    return result
  }
}
