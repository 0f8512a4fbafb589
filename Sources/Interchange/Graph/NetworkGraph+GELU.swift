extension NetworkGraph {
  /// Finds x · (1 + erf(x / √2)) / 2, as exporters without an operation of this name write GELU (Hendrycks & Gimpel 2016), however
  /// its factors are put.
  mutating func recognizeGELU() {
    for index in nodes.indices.reversed() {
      guard case .product = nodes[index].operation, nodes[index].inputs.count == 2 else { continue }
      let factors = nodes[index].inputs.map(line)
      for (var error, plain) in [(factors[0], factors[1]), (factors[1], factors[0])] {
        // (scale · erf(inner · x) + shift) · outer · x
        guard let node = nodes.first(where: { $0.name == error.source }),
          case .function(.erf) = node.operation, case var argument = line(node.inputs[0])
        else { continue }
        // erf(−x) = −erf x
        if argument.scale < 0 { (argument.scale, error.scale) = (-argument.scale, -error.scale) }
        guard argument.source == plain.source, argument.shift == 0,
          plain.shift == 0, abs(argument.scale - 0.5.squareRoot()) < 1e-6,
          abs(error.scale - error.shift) < 1e-6 * abs(error.scale)
        else { continue }
        let name = nodes[index].name
        nodes[index] = Node(
          name: name, operation: .affine(scale: [Float(2 * error.scale * plain.scale)], shift: [0]),
          inputs: [name + ":gelu"])
        nodes.insert(
          Node(
            name: name + ":gelu", operation: .function(.gelu(isApproximate: false)), inputs: [plain.source]),
          at: index)
        break
      }
    }
    prune()
  }

  /// A tensor as a multiple of another and a number.
  private func line(_ tensor: String) -> (source: String, scale: Double, shift: Double) {
    var result = (source: tensor, scale: 1.0, shift: 0.0)
    while let node = nodes.first(where: { $0.name == result.source }),
      case .affine(let scale, let shift) = node.operation, Set(scale).count == 1, Set(shift).count == 1
    {
      result = (
        node.inputs[0], result.scale * Double(scale[0]), result.scale * Double(shift[0]) + result.shift
      )
    }
    return result
  }
}
