import NeuralNetworks
import Runtime

/// The straight way between two inputs of a network of ReLU and maxima, in double precision.
///
/// Where no ReLU changes sign and no maximum its winner, the network is linear, and those inputs form a convex set (Montúfar et al. 2014,
/// arXiv:1402.1869). So if both ends of a piece of the way have the same pattern, its gradient is constant. If not, all layers before the first
/// that differs are linear on the piece, so that layer's inputs are linear in the place, and where they change is known exactly: the piece is
/// cut there.
package struct PiecewisePath {
  private let network: ReferenceNetwork
  private let output: Int
  private let start: [Double]
  private let end: [Double]
  private var architecture: Architecture { network.architecture }

  /// Pieces of one way at most.
  static let mostPieces = 1 << 20

  /// - Parameters:
  ///   - network: has its activation functions as layers of their own, ReLU alone.
  ///   - start: (length, 4), as `end`.
  package init(_ network: ReferenceNetwork, output: Int, from start: [Double], to end: [Double]) {
    (self.network, self.output, self.start, self.end) = (network, output, start, end)
  }

  /// Throws `InputError` naming the first layer that is not linear piece by piece.
  static func require(_ architecture: Architecture) throws {
    for (index, facts) in architecture.facts.enumerated() {
      let what: String
      switch facts.response {
      case .linear, .maximum, .elementwise(.relu), .elementwise(.linear): continue
      case .elementwise(let function): what = "\(function)"
      case .other(let name): what = name
      }
      throw InputError(
        "layer \(index + 1) (\(architecture.layers[index].names.keras)): exact integrated gradients are for ReLU and maxima, not for \(what)"
      )
    }
  }

  /// Integral of the gradient over the way, (length, 4), and the outputs at its ends.
  ///
  /// Throws `InputError` if the way has more pieces than anyone waits for.
  package func integral() throws -> (gradient: [Double], start: Double, end: Double) {
    var sum = [Double](repeating: 0, count: start.count)
    var pieces = 0
    // Pieces that are still to do, the first of the way last.
    var open = [(0.0, 1.0)]
    while let (from, to) = open.popLast() {
      // Ends are where something ties; just inside nothing does.
      let inset = 1e-9 * (to - from)
      let first = pass(at: from + inset)
      let last = pass(at: to - inset)
      let cuts = cuts(first, last).map { from + inset + $0 * (to - from - 2 * inset) }
        .filter { $0 > from + 1e-15 && $0 < to - 1e-15 }
      if cuts.isEmpty {
        let gradient = gradient(first)
        for place in sum.indices { sum[place] += (to - from) * gradient[place] }
        pieces += 1
        guard pieces <= Self.mostPieces else {
          throw InputError("exact integrated gradients: the way has more than \(Self.mostPieces) pieces")
        }
      } else {
        let ends = [from] + Set(cuts).sorted() + [to]
        for (a, b) in zip(ends, ends.dropFirst()).reversed() { open.append((a, b)) }
      }
    }
    return (sum, value(pass(at: 0)), value(pass(at: 1)))
  }

  private func pass(at share: Double) -> ReferenceNetwork.Pass {
    let values = zip(start, end).map { $0 + share * ($1 - $0) }
    return network.forward(
      ReferenceActivations(count: 1, length: architecture.input.length, channels: 4, values: values))
  }

  private func value(_ pass: ReferenceNetwork.Pass) -> Double { network.outputs(pass)[output] }

  private func gradient(_ pass: ReferenceNetwork.Pass) -> [Double] {
    var seed = [Double](repeating: 0, count: architecture.outputCount)
    seed[output] = 1
    return network.backward(pass, seed: seed).activations[0].values
  }

  /// Where on the piece, as shares of it, the first layer changes that has another pattern at its end than at its start.
  private func cuts(_ first: ReferenceNetwork.Pass, _ last: ReferenceNetwork.Pass) -> [Double] {
    for layer in architecture.layers.indices {
      let source = architecture.sources[layer][0]
      let found: [Double]
      switch architecture.facts[layer].response {
      case .elementwise(.relu): found = signChanges(first[source].values, last[source].values)
      case .maximum: found = winnerChanges(layer, first[source], last[source])
      case .linear, .elementwise, .other: continue
      }
      if !found.isEmpty { return found }
    }
    return []
  }

  private func signChanges(_ first: [Double], _ last: [Double]) -> [Double] {
    zip(first, last).compactMap { a, b in (a > 0) != (b > 0) ? a / (a - b) : nil }
  }

  private func winnerChanges(_ layer: Int, _ first: ReferenceActivations, _ last: ReferenceActivations)
    -> [Double]
  {
    var found: [Double] = []
    for number in 0..<architecture.shapes[layer].length {
      var window = 0..<first.length
      if case .sliding(let span, let stride, let left) = architecture.facts[layer].window {
        window = max(0, number * stride - left)..<min(first.length, number * stride - left + span)
      }
      for channel in 0..<first.channels {
        func winner(_ x: ReferenceActivations) -> Int {
          window.dropFirst().reduce(window.lowerBound) { x[0, $1, channel] > x[0, $0, channel] ? $1 : $0 }
        }
        let (one, other) = (winner(first), winner(last))
        guard one != other else { continue }
        // The lead of the later winner, from below zero to above.
        let a = first[0, other, channel] - first[0, one, channel]
        let b = last[0, other, channel] - last[0, one, channel]
        // Ties all along, as of equal windows, are no change.
        if b - a > 0 { found.append(a / (a - b)) }
      }
    }
    return found
  }
}

extension Network {
  /// Mean gradients over the whole of each way from a reference to the sequence, exact but for rounding in double precision.
  ///
  /// Throws `InputError` if a layer is not linear piece by piece, or a way has too many pieces.
  func exactMultipliers(_ problems: [ReferenceProblem], threads: Int) throws -> [Multipliers] {
    let network = try separatingActivations(forDeepSHAP: false)
    try PiecewisePath.require(network.architecture)
    let shared = ReferenceNetwork(network)
    let found = Parallel.map(problems.count, threads: threads) { index -> Result<Multipliers, InputError> in
      let problem = problems[index]
      var result = Multipliers(values: [], output: 0, references: [])
      do {
        for start in problem.references {
          let path = PiecewisePath(
            shared, output: problem.output, from: start.map(Double.init), to: problem.input.map(Double.init))
          let integral = try path.integral()
          result.values.append(integral.gradient.map { Float($0) })
          result.references.append(Float(integral.start))
          result.output = Float(integral.end)
        }
        return .success(result)
      } catch { return .failure(error as? InputError ?? InputError("\(error)")) }
    }
    return try found.map { try $0.get() }
  }
}
