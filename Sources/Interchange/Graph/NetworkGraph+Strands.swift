extension NetworkGraph {
  /// Takes two inputs of bases that can change places, and nothing changes, for the strands of one sequence, as DeepMEL has them
  /// (Minnoye and others 2020): the second is the reverse complement of the first.
  func joiningStrands() -> NetworkGraph {
    guard inputs.count == 2, inputs[0].channels == 4, inputs[1].channels == 4,
      inputs[0].length == inputs[1].length
    else { return self }
    var known: [Computation: Int] = [:]
    guard computations([0, 1], &known) == computations([1, 0], &known) else { return self }
    var graph = self
    graph.nodes.insert(
      Node(name: inputs[1].name, operation: .reversal(channels: true), inputs: [inputs[0].name]), at: 0)
    graph.inputs.removeLast()
    graph.assumption = "input \(inputs[1].name) as the reverse complement of \(inputs[0].name)"
    return graph
  }

  private struct Computation: Hashable {
    var operation: Operation
    var inputs: [Int]
  }

  /// A number for what each output computes of the inputs with the given numbers; the same for the same.
  private func computations(_ given: [Int], _ known: inout [Computation: Int]) -> [Int?] {
    var numbers = Dictionary(zip(inputs.map(\.name), given), uniquingKeysWith: { first, _ in first })
    for node in nodes {
      var own = Computation(operation: node.operation, inputs: node.inputs.map { numbers[$0] ?? -1 })
      switch node.operation {
      case .addition, .product, .maximum: own.inputs.sort()
      default: break
      }
      let number = known[own] ?? known.count + given.count
      known[own] = number
      numbers[node.name] = number
    }
    return outputs.map { numbers[$0] }
  }
}
