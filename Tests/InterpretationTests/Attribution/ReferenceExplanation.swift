import Interpretation
import NeuralNetworks

/// Explanations of single sequences as a textbook writes them, in Double: one pass for every question.
struct ReferenceExplanation {
  private let network: ReferenceNetwork
  private let output: Int
  /// The least distance seen on a way from where a ReLU or a maximum turns, as a share of its layer's largest value. Rounding to
  /// Float decides which side it is on where this is near 1e-7.
  private(set) var margin = Double.infinity

  init(_ network: Network, output: Int) {
    self.network = ReferenceNetwork((try? network.separatingActivations()) ?? network)
    self.output = output
  }

  private var seed: [Double] { network.architecture.outputCount.seed(output) }

  /// (1, L, 4); rows of zeros for unknown bases.
  private func rows(_ codes: [UInt8]) -> ReferenceActivations { ReferenceActivations(oneHot: [codes]) }

  private func value(_ input: ReferenceActivations) -> Double {
    network.outputs(network.forward(input))[output]
  }

  /// ∂ output / ∂ input, (L, 4).
  func gradient(_ codes: [UInt8]) -> [Double] {
    network.backward(network.forward(rows(codes)), seed: seed).activations[0].values
  }

  /// By what the output changes for each base at each position, less the mean over the four, (L, 4).
  func mutagenesis(_ codes: [UInt8]) -> [Double] {
    let now = value(rows(codes))
    return codes.indices.flatMap { position -> [Double] in
      let effects = (0..<4).map { base -> Double in
        var mutant = codes
        mutant[position] = UInt8(base)
        return mutant == codes ? 0 : value(rows(mutant)) - now
      }
      return effects.map { $0 - effects.reduce(0, +) / 4 }
    }
  }

  /// Hypothetical integrated gradients at the middles of `steps` equal parts of the way, (L, 4).
  mutating func integratedGradients(_ codes: [UInt8], from reference: [UInt8], steps: Int) -> [Double] {
    let (start, end) = (rows(reference), rows(codes))
    var mean = [Double](repeating: 0, count: end.values.count)
    for step in 0..<steps {
      let share = (Double(step) + 0.5) / Double(steps)
      var point = start
      for i in point.values.indices { point.values[i] += share * (end.values[i] - start.values[i]) }
      let pass = network.forward(point)
      measureMargin(pass)
      let gradient = network.backward(pass, seed: seed).activations[0].values
      for i in mean.indices { mean[i] += gradient[i] / Double(steps) }
    }
    return hypothetical(mean, start)
  }

  /// Hypothetical attributions by the rescale rule, (L, 4).
  func deepLIFT(_ codes: [UInt8], from reference: [UInt8]) -> [Double] {
    let inputs = (rows(codes), rows(reference))
    return hypothetical(rescaleMultipliers(network.forward(inputs.0), network.forward(inputs.1)), inputs.1)
  }

  /// m_a − Σ_c reference_c · m_c.
  private func hypothetical(_ multipliers: [Double], _ reference: ReferenceActivations) -> [Double] {
    multipliers.indices.map { i in
      let row = i / 4 * 4..<i / 4 * 4 + 4
      return multipliers[i] - row.reduce(0) { $0 + reference.values[$1] * multipliers[$1] }
    }
  }

  private func rescaleMultipliers(_ x: ReferenceNetwork.Pass, _ r: ReferenceNetwork.Pass) -> [Double] {
    let architecture = network.architecture
    var unused = network.parameters
    var multipliers = ReferenceActivations(
      count: 1, length: x.last!.length, channels: x.last!.channels, values: seed)
    for layer in architecture.layers.indices.reversed() {
      let (now, before) = (x[layer], r[layer])
      switch architecture.facts[layer].response {
      case .elementwise(let function):
        for i in multipliers.values.indices {
          let change = now.values[i] - before.values[i]
          multipliers.values[i] *=
            change == 0
            ? function.derivative(now.values[i]) : (x[layer + 1].values[i] - r[layer + 1].values[i]) / change
        }
      case .maximum:
        multipliers = maximumMultipliers(now, before, multipliers, windows(layer, now))
      case .linear, .other:
        multipliers = network.inputGradients(of: layer, [before], multipliers, nil, &unused)[0]
      }
    }
    return multipliers.values
  }

  private func windows(_ layer: Int, _ x: ReferenceActivations) -> [Range<Int>] {
    guard case .sliding(let span, let stride, let left) = network.architecture.facts[layer].window else {
      return [0..<x.length]
    }
    return (0..<network.architecture.shapes[layer].length).map {
      max(0, $0 * stride - left)..<min(x.length, $0 * stride - left + span)
    }
  }

  private func maximumMultipliers(
    _ x: ReferenceActivations, _ r: ReferenceActivations, _ multipliers: ReferenceActivations,
    _ windows: [Range<Int>]
  ) -> ReferenceActivations {
    func winner(_ values: ReferenceActivations, _ window: Range<Int>, _ channel: Int) -> Int {
      window.first { place in window.allSatisfy { values[0, place, channel] >= values[0, $0, channel] } }!
    }
    var changes = ReferenceActivations(count: 1, length: x.length, channels: x.channels)
    var gradients = changes
    for (number, window) in windows.enumerated() {
      for channel in 0..<x.channels {
        let (mine, other) = (winner(x, window, channel), winner(r, window, channel))
        let (high, low) = (x[0, mine, channel], r[0, other, channel])
        let multiplier = multipliers[0, number, channel]
        changes[0, mine, channel] += multiplier * (max(high, low) - low)
        changes[0, other, channel] += multiplier * (high - max(high, low))
        gradients[0, mine, channel] += multiplier
      }
    }
    for i in changes.values.indices {
      let change = x.values[i] - r.values[i]
      changes.values[i] = change == 0 ? gradients.values[i] : changes.values[i] / change
    }
    return changes
  }

  private mutating func measureMargin(_ pass: ReferenceNetwork.Pass) {
    for layer in network.architecture.layers.indices {
      let x = pass[layer]
      let scale = x.values.reduce(0) { max($0, abs($1)) }
      switch network.architecture.facts[layer].response {
      case .elementwise: for value in x.values where value != 0 { margin = min(margin, abs(value) / scale) }
      case .maximum:
        for window in windows(layer, x) {
          for channel in 0..<x.channels {
            let values = window.map { x[0, $0, channel] }.sorted()
            // Equal values are equal in Float too: zeros, or windows of the same bases.
            guard let second = values.last(where: { $0 != values.last! }) else { continue }
            margin = min(margin, (values.last! - second) / scale)
          }
        }
      case .linear, .other: break
      }
    }
  }
}

extension Int {
  /// 1 at `index` among this many zeros.
  fileprivate func seed(_ index: Int) -> [Double] { (0..<self).map { $0 == index ? 1 : 0 } }
}
