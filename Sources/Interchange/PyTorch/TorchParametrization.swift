/// Weights that are kept in parts: weight normalization (Salimans & Kingma 2016) and spectral normalization (Miyato, Kataoka,
/// Koyama & Yoshida 2018), as hooks and as `torch.nn.utils.parametrizations`.
enum TorchParametrization {
  /// The same tensors with each weight whole, in the place of its first part. Parts that do not belong together stay as they are.
  static func folded(_ tensors: [(name: String, weights: Weights)]) -> [(name: String, weights: Weights)] {
    let parts = Dictionary(tensors.map { ($0.name, $0.weights) }, uniquingKeysWith: { first, _ in first })
    var whole: [String: (name: String, weights: Weights)] = [:]
    var used: Set<String> = []
    for (name, _) in tensors where !used.contains(name) {
      guard let (own, names, weights) = weights(of: name, in: parts) else { continue }
      whole[name] = (own, weights)
      used.formUnion(names)
    }
    return tensors.compactMap { whole[$0.name] ?? (used.contains($0.name) ? nil : $0) }
  }

  static func folded(_ tensors: [String: Weights]) -> [String: Weights] {
    let list = folded(tensors.sorted { $0.key < $1.key }.map { (name: $0.key, weights: $0.value) })
    return Dictionary(list.map { ($0.name, $0.weights) }, uniquingKeysWith: { first, _ in first })
  }

  /// The weight one of whose parts has this name, its own name, and the names of all parts.
  private static func weights(of part: String, in parts: [String: Weights])
    -> (name: String, parts: [String], weights: Weights)?
  {
    for (isSpectral, endings) in schemes {
      for ending in endings where part.hasSuffix(ending) {
        let stem = String(part.dropLast(ending.count))
        let names = endings.map { stem + $0 }
        let found = names.compactMap { parts[$0] }
        guard found.count == names.count,
          let weights = isSpectral
            ? spectral(found[0], u: found[1], v: found[2]) : normalized(found[1], length: found[0])
        else { continue }
        // `parametrizations.weight.original` is the weight's.
        let path = stem.split(separator: ".", omittingEmptySubsequences: true)
        let own = path.filter { $0 != "parametrizations" }.joined(separator: ".")
        return (own, names, weights)
      }
    }
    return nil
  }

  /// Whether a scheme is the spectral one, and how the names of its parts end.
  private static let schemes: [(isSpectral: Bool, endings: [String])] = [
    (true, ["_orig", "_u", "_v"]), (true, [".original", ".0._u", ".0._v"]), (false, ["_g", "_v"]),
    (false, [".original0", ".original1"]),
  ]

  /// g · v / ‖v‖, the norm over all axes but the one along which there are lengths.
  private static func normalized(_ direction: Weights, length: Weights) -> Weights? {
    guard
      let axis = length.shape.indices.first(where: { length.shape[$0] != 1 }) ?? direction.shape.indices.first
    else { return nil }
    let isWhole = length.values.count == 1
    guard isWhole || (direction.shape.indices.contains(axis) && direction.shape[axis] == length.values.count)
    else {
      return nil
    }
    let inner = direction.shape.dropFirst(axis + 1).reduce(1, *)
    func row(_ place: Int) -> Int { isWhole ? 0 : place / inner % length.values.count }
    var squares = [Double](repeating: 0, count: length.values.count)
    for (place, value) in direction.values.enumerated() {
      squares[row(place)] += Double(value) * Double(value)
    }
    var result = direction
    for place in result.values.indices {
      result.values[place] = Float(
        Double(result.values[place]) * Double(length.values[row(place)]) / squares[row(place)].squareRoot())
    }
    return result
  }

  /// W / uᵀWv, with W's first axis as rows.
  private static func spectral(_ weight: Weights, u: Weights, v: Weights) -> Weights? {
    let (rows, columns) = (u.values.count, v.values.count)
    guard weight.shape.first == rows, rows * columns == weight.values.count else { return nil }
    var largest = 0.0
    for row in 0..<rows {
      var sum = 0.0
      for column in 0..<columns {
        sum += Double(weight.values[row * columns + column]) * Double(v.values[column])
      }
      largest += Double(u.values[row]) * sum
    }
    guard largest != 0 else { return nil }
    return Weights(shape: weight.shape, values: weight.values.map { Float(Double($0) / largest) })
  }
}
