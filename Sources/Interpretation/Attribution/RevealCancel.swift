import NeuralNetworks
import Runtime

/// DeepLIFT's RevealCancel rule (Shrikumar, Greenside & Kundaje 2017, arXiv:1704.02685, §3.5.3) in double precision.
///
/// Each activation's difference from its reference has a positive and a negative part, Δ⁺ and Δ⁻, with multipliers of their own. A layer
/// of weights sums what each product w·Δx adds by its sign; a function f that starts at x⁰ shares its change between the two parts as if
/// either came first, half and half:
/// Δy⁺ = ½ (f(x⁰ + Δ⁺) − f(x⁰)) + ½ (f(x⁰ + Δ⁻ + Δ⁺) − f(x⁰ + Δ⁻)), and Δy⁻ likewise. So inputs that cancel each other are both
/// seen, where the rescale rule sees neither.
struct RevealCancel {
  /// Its activation functions are layers of their own.
  private let network: ReferenceNetwork
  /// With the weights above zero alone, and those below, and no bias.
  private let above: ReferenceNetwork
  private let below: ReferenceNetwork
  private var architecture: Architecture { network.architecture }

  /// Difference of one layer's output, or its multipliers, in two parts.
  private struct Parts {
    var positive: ReferenceActivations
    var negative: ReferenceActivations
  }

  /// Throws `InputError` naming the first layer that has no rule.
  init(_ network: Network) throws {
    let network = try network.foldingNormalization().separatingActivations()
    for (index, layer) in network.architecture.layers.enumerated() {
      guard !Self.isSuited(layer) else { continue }
      throw InputError(
        "layer \(index + 1) (\(layer.names.keras)): deepshap by reveal-cancel has rules for convolutions (not for the better of two strands), transposed ones, dense layers, pooling, activation functions, sums and joins; by rescale it may work"
      )
    }
    self.network = ReferenceNetwork(network)
    var (above, below) = (self.network, self.network)
    for tensor in network.architecture.tensors {
      for place in tensor.offset..<tensor.offset + tensor.count {
        above.parameters[place] = tensor.role == .kernel ? max(0, above.parameters[place]) : 0
        below.parameters[place] = tensor.role == .kernel ? min(0, below.parameters[place]) : 0
      }
    }
    (self.above, self.below) = (above, below)
  }

  private static func isSuited(_ layer: Layer) -> Bool {
    switch layer.kind {
    case .convolution1D(let convolution): convolution.reverseComplement != .maximum
    case .transposedConvolution1D, .dense, .activation, .maxPooling1D, .globalMaxPooling1D, .averagePooling1D,
      .globalAveragePooling1D,
      .flatten, .dropout, .reshape, .addition, .concatenate, .cropping1D, .zeroPadding1D:
      true
    case .softmax, .batchNormalization, .multiplication, .layerNormalization, .recurrent,
      .globalLogSumExpPooling1D:
      false
    }
  }

  /// Whether a layer's products of weights and inputs are told apart by their sign.
  private func hasWeights(_ layer: Int) -> Bool {
    switch architecture.layers[layer].kind {
    case .convolution1D, .transposedConvolution1D, .dense: true
    case .activation, .maxPooling1D, .globalMaxPooling1D, .averagePooling1D, .globalAveragePooling1D,
      .flatten,
      .dropout, .reshape, .addition, .concatenate, .cropping1D, .zeroPadding1D, .softmax, .batchNormalization,
      .multiplication, .layerNormalization, .recurrent, .globalLogSumExpPooling1D:
      false
    }
  }

  /// What a problem's references give.
  func multipliers(_ problem: ReferenceProblem) -> Multipliers {
    let pass = forward(problem.input)
    var result = Multipliers(values: [], output: Float(network.outputs(pass)[problem.output]), references: [])
    for reference in problem.references {
      let start = forward(reference)
      result.references.append(Float(network.outputs(start)[problem.output]))
      result.values.append(multipliers(pass, start, output: problem.output).map { Float($0) })
    }
    return result
  }

  private func forward(_ input: [Float]) -> ReferenceNetwork.Pass {
    network.forward(
      ReferenceActivations(
        count: 1, length: architecture.input.length, channels: 4, values: input.map(Double.init)))
  }

  /// Of the input, (length, 4).
  private func multipliers(
    _ pass: ReferenceNetwork.Pass, _ start: ReferenceNetwork.Pass, output: Int
  ) -> [Double] {
    var parts = [signed(difference(pass[0], start[0]))]
    for layer in architecture.layers.indices {
      parts.append(part(of: layer, architecture.sources[layer].map { parts[$0] }, pass, start))
    }
    let zeros = pass.map { Self.filled(like: $0) { _ in 0 } }
    var multipliers = zeros.map { Parts(positive: $0, negative: $0) }
    let end = architecture.outputs.first { $0.range.contains(output) }!
    multipliers[end.layer + 1].positive.values[output - end.range.lowerBound] = 1
    multipliers[end.layer + 1].negative.values[output - end.range.lowerBound] = 1
    for layer in architecture.layers.indices.reversed() {
      let sources = architecture.sources[layer]
      let found = inputMultipliers(
        of: layer, sources.map { parts[$0] }, parts[layer + 1], multipliers[layer + 1], pass, start)
      for (source, more) in zip(sources, found) {
        multipliers[source].positive = Self.sum(multipliers[source].positive, more.positive)
        multipliers[source].negative = Self.sum(multipliers[source].negative, more.negative)
      }
    }
    // One of an input's two parts is zero, and so is its difference where both are.
    return parts[0].positive.values.indices.map { place in
      parts[0].negative.values[place] < 0
        ? multipliers[0].negative.values[place] : multipliers[0].positive.values[place]
    }
  }

  /// The difference of a layer's output.
  private func part(
    of layer: Int, _ inputs: [Parts], _ pass: ReferenceNetwork.Pass, _ start: ReferenceNetwork.Pass
  ) -> Parts {
    let source = architecture.sources[layer][0]
    if hasWeights(layer) {
      let change = signed(Self.sum(inputs[0].positive, inputs[0].negative))
      return Parts(
        positive: Self.sum(
          above.output(of: layer, [change.positive]), below.output(of: layer, [change.negative])),
        negative: Self.sum(
          above.output(of: layer, [change.negative]), below.output(of: layer, [change.positive])))
    }
    switch architecture.facts[layer].response {
    case .elementwise(let function):
      let shares = start[source].values.indices.map { place in
        Self.shares(
          function, from: start[source].values[place], inputs[0].positive.values[place],
          inputs[0].negative.values[place])
      }
      return Parts(
        positive: Self.filled(like: start[layer + 1]) { shares[$0].positive },
        negative: Self.filled(like: start[layer + 1]) { shares[$0].negative })
    case .linear:
      return Parts(
        positive: network.output(of: layer, inputs.map(\.positive)),
        negative: network.output(of: layer, inputs.map(\.negative)))
    case .maximum, .other: return signed(difference(pass[layer + 1], start[layer + 1]))
    }
  }

  /// How f's change is shared by the two parts of its input's.
  private static func shares(_ function: Activation, from x: Double, _ positive: Double, _ negative: Double)
    -> (
      positive: Double, negative: Double
    )
  {
    let (origin, up, down, both) = (
      function.value(x), function.value(x + positive), function.value(x + negative),
      function.value(x + positive + negative)
    )
    return ((up - origin + both - down) / 2, (down - origin + both - up) / 2)
  }

  /// Multipliers of what a layer was given, of each input.
  private func inputMultipliers(
    of layer: Int, _ inputs: [Parts], _ output: Parts, _ multipliers: Parts, _ pass: ReferenceNetwork.Pass,
    _ start: ReferenceNetwork.Pass
  ) -> [Parts] {
    var unused = network.parameters
    let sources = architecture.sources[layer]
    func back(_ network: ReferenceNetwork, _ values: ReferenceActivations) -> [ReferenceActivations] {
      network.inputGradients(of: layer, sources.map { pass[$0] }, values, nil, &unused)
    }
    if hasWeights(layer) {
      // By the sign of the input's change: products above zero go on to the positive part.
      let up = Self.sum(back(above, multipliers.positive)[0], back(below, multipliers.negative)[0])
      let down = Self.sum(back(above, multipliers.negative)[0], back(below, multipliers.positive)[0])
      let change = Self.sum(inputs[0].positive, inputs[0].negative)
      let all = Self.filled(like: change) { place in
        let difference = change.values[place]
        return difference > 0
          ? up.values[place]
          : difference < 0 ? down.values[place] : (up.values[place] + down.values[place]) / 2
      }
      return [Parts(positive: all, negative: all)]
    }
    switch architecture.facts[layer].response {
    case .elementwise:
      func scaled(
        _ multipliers: ReferenceActivations, _ change: ReferenceActivations, _ input: ReferenceActivations
      )
        -> ReferenceActivations
      {
        Self.filled(like: input) { place in
          input.values[place] == 0
            ? 0 : multipliers.values[place] * change.values[place] / input.values[place]
        }
      }
      return [
        Parts(
          positive: scaled(multipliers.positive, output.positive, inputs[0].positive),
          negative: scaled(multipliers.negative, output.negative, inputs[0].negative))
      ]
    case .linear:
      return zip(back(network, multipliers.positive), back(network, multipliers.negative)).map {
        Parts(positive: $0, negative: $1)
      }
    case .maximum, .other:
      let all = maximumMultipliers(layer, output, multipliers, pass[sources[0]], start[sources[0]])
      return [Parts(positive: all, negative: all)]
    }
  }

  /// As by the rescale rule (`Network.rescaleMultipliers`): a window's change goes to the winners of sequence and reference.
  private func maximumMultipliers(
    _ layer: Int, _ output: Parts, _ multipliers: Parts, _ x: ReferenceActivations,
    _ start: ReferenceActivations
  ) -> ReferenceActivations {
    var changes = Self.filled(like: x) { _ in 0 }
    var gradients = changes
    for number in 0..<output.positive.length {
      let window = architecture.positions(ofWindow: number, layer: layer)
      for channel in 0..<x.channels {
        func winner(_ values: ReferenceActivations) -> Int {
          window.dropFirst().reduce(window.lowerBound) {
            values[0, $1, channel] > values[0, $0, channel] ? $1 : $0
          }
        }
        let (mine, other) = (winner(x), winner(start))
        let (now, before) = (x[0, mine, channel], start[0, other, channel])
        let multiplier =
          now < before ? multipliers.negative[0, number, channel] : multipliers.positive[0, number, channel]
        let highest = max(now, before)
        changes[0, mine, channel] += multiplier * (highest - before)
        changes[0, other, channel] += multiplier * (now - highest)
        gradients[0, mine, channel] += multiplier
      }
    }
    return Self.filled(like: x) { place in
      let difference = x.values[place] - start.values[place]
      return difference == 0 ? gradients.values[place] : changes.values[place] / difference
    }
  }

  private func difference(_ a: ReferenceActivations, _ b: ReferenceActivations) -> ReferenceActivations {
    Self.filled(like: a) { a.values[$0] - b.values[$0] }
  }

  /// What is above zero, and what below.
  private func signed(_ change: ReferenceActivations) -> Parts {
    Parts(
      positive: Self.filled(like: change) { max(0, change.values[$0]) },
      negative: Self.filled(like: change) { min(0, change.values[$0]) })
  }

  private static func sum(_ a: ReferenceActivations, _ b: ReferenceActivations) -> ReferenceActivations {
    filled(like: a) { a.values[$0] + b.values[$0] }
  }

  private static func filled(like shape: ReferenceActivations, _ value: (Int) -> Double)
    -> ReferenceActivations
  {
    ReferenceActivations(
      count: shape.count, length: shape.length, channels: shape.channels,
      values: shape.values.indices.map(value))
  }
}

extension Architecture {
  /// The positions of its input that a window of a pooling layer sees.
  func positions(ofWindow number: Int, layer: Int) -> Range<Int> {
    let length = inputShape(layer).length
    guard case .sliding(let span, let stride, let left) = facts[layer].window else { return 0..<length }
    return max(0, number * stride - left)..<min(length, number * stride - left + span)
  }
}

extension Network {
  /// Multipliers by the RevealCancel rule: a fraction of a second for each reference.
  ///
  /// Throws `InputError` if a layer has no rule.
  func revealCancelMultipliers(_ problems: [ReferenceProblem], threads: Int) throws -> [Multipliers] {
    let rule = try RevealCancel(self)
    return Parallel.map(problems.count, threads: threads) { rule.multipliers(problems[$0]) }
  }
}
