import Runtime

extension NetworkGraph {
  /// The shape of every tensor for sequences of `length`.
  ///
  /// Throws `GraphShape.Failure` with the node's name when something does not fit.
  func shapes(length: Int) throws -> [String: GraphShape] {
    var shapes: [String: GraphShape] = [:]
    for input in inputs {
      shapes[input.name] = .map(length: input.length ?? length, channels: input.channels)
    }
    for node in nodes {
      do {
        shapes[node.name] = try node.operation.shape(node.inputs.compactMap { shapes[$0] })
      } catch let failure as GraphShape.Failure {
        throw GraphShape.Failure(reason: "layer \(node.name): \(failure.reason)")
      }
    }
    return shapes
  }

  /// The same with the input's length, where the file leaves it open: the one for which the weights are made, the least where
  /// several lengths round to it.
  ///
  /// - Throws: `UnknownLength` when the network takes any, `InputError` when it takes none.
  func measured(file: String, fallback: Int? = nil) throws -> NetworkGraph {
    guard problems.isEmpty, inputs.count == 1, inputs[0].length == nil else { return self }
    var graph = self
    func fits(_ length: Int) -> Bool { (try? shapes(length: length)) != nil }
    if let fallback, fits(fallback) {
      graph.inputs[0].length = fallback
      return graph
    }
    // A network that has no weights for single positions takes long sequences of any length.
    if fits(99_991), fits(100_003) {
      guard let fallback else { throw UnknownLength() }
      graph.inputs[0].length = fallback
      return graph
    }
    guard let length = (1...1 << 16).first(where: fits) else {
      do { _ = try shapes(length: 1 << 10) } catch let failure as GraphShape.Failure {
        throw InputError(file: file, "its layers fit no length of sequences (\(failure.reason))")
      }
      throw InputError(file: file, "its layers fit no length of sequences")
    }
    graph.inputs[0].length = length
    return graph
  }
}
