import Foundation
import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// The same network with every activation function as a layer of its own, so that its input can be read.
  ///
  /// Throws `InputError` if it is for DeepSHAP and a layer has no rule, as a recurrent one.
  package func separatingActivations(forDeepSHAP: Bool = true) throws -> Network {
    let separated = try architecture.replacingLayers { index in
      let layer = architecture.layers[index]
      if forDeepSHAP, case .other(let what) = architecture.facts[index].response, !layer.isSoftmax {
        throw InputError("layer \(index + 1) (\(layer.names.keras)): deepshap has no rule for \(what)")
      }
      guard var weighted = layer.definition as? any WeightedLayer, weighted.activation != .linear else {
        return [layer]
      }
      let activation = Layer(ActivationLayer(weighted.activation))
      weighted.activation = .linear
      return [layer.replaced(by: weighted), activation]
    }
    return Network(architecture: separated, parameters: parameters)
  }

  /// DeepLIFT's multipliers by the rescale rule. The network has its activation functions as layers of their own.
  ///
  /// Multipliers go backwards like gradients; through an activation function by Δoutput / Δinput in place of the derivative,
  /// through a maximum to the winners of the sequence and of the reference (`maximumMultipliers`). Where Δinput = 0 the
  /// derivative stands in; for a function other than ReLU already where |Δinput| < 10⁻⁶, since rounding would decide there.
  func rescaleMultipliers(_ problems: [ReferenceProblem], threads: Int) -> [Multipliers] {
    guard let first = problems.first else { return [] }
    let outputs = architecture.outputCount
    let references = first.references.count
    // A block is a sequence and its references.
    return trace(
      count: problems.count * (references + 1), blockSize: references + 1, threads: threads,
      input: { item, values in
        let problem = problems[item / (references + 1)]
        let place = item % (references + 1)
        values = place == 0 ? problem.input : problem.references[place - 1]
      }
    ) { trace, indices in
      let count = references + 1
      let output = problems[indices.lowerBound / count].output
      trace.backward(seed: unitSeed(output, outputs: outputs, count: count)) { layer in
        switch architecture.facts[layer].response {
        case .linear: return nil
        case .elementwise(let function): return activationMultipliers(function, trace, layer, count)
        case .maximum:
          return maximumMultipliers(trace, layer, count)
        case .other(let what):
          guard architecture.layers[layer].isSoftmax else {
            preconditionFailure("separatingActivations lets no \(what) through")
          }
          return softmaxMultipliers(trace, layer, count)
        }
      }
      let values = trace.outputs
      let multipliers = trace.inputGradient
      let size = multipliers.count / count
      return Multipliers(
        values: (1..<count).map { Array(multipliers[$0 * size..<($0 + 1) * size]) }, output: values[output],
        references: (1..<count).map { values[$0 * outputs + output] })
    }
  }

  /// Multipliers of a function's inputs; item 0 is the sequence, the others its references.
  private func activationMultipliers(_ function: Activation, _ trace: Trace, _ layer: Int, _ count: Int)
    -> [Float]
  {
    let inputs = trace.input(layer: layer)
    let outputs = trace.output(layer: layer)
    var multipliers = trace.gradient(layer: layer)
    let size = inputs.count / count
    let smallest: Float = function == .relu ? .leastNonzeroMagnitude : 1e-6
    for item in 1..<count {
      for i in 0..<size {
        let difference = inputs[i] - inputs[item * size + i]
        multipliers[item * size + i] *=
          abs(difference) < smallest
          ? Float(function.derivative(Double(inputs[i])))
          : (outputs[i] - outputs[item * size + i]) / difference
      }
    }
    return multipliers
  }

  /// Multipliers of what maxima are taken of. With y and y' the maxima of a window in the sequence and in the reference and
  /// h = max(y, y'), the change h − y' belongs to the sequence's winner, y − h to the reference's; both, times the
  /// window's multiplier, are added up for each input and divided by its Δ.
  private func maximumMultipliers(_ trace: Trace, _ layer: Int, _ count: Int) -> [Float] {
    let shape = architecture.inputShape(layer)
    let windows = architecture.shapes[layer].length
    /// The positions of a window.
    func places(_ number: Int) -> Range<Int> {
      guard case .sliding(let span, let stride, let left) = architecture.facts[layer].window else {
        return 0..<shape.length
      }
      return max(0, number * stride - left)..<min(shape.length, number * stride - left + span)
    }
    let channels = shape.channels
    let inputs = trace.input(layer: layer)
    let multipliers = trace.gradient(layer: layer)
    var result = [Float](repeating: 0, count: inputs.count)
    /// The first of the largest values of a window.
    func winner(_ item: Int, _ number: Int, _ channel: Int) -> Int {
      let window = places(number)
      var best = (item * shape.length + window.lowerBound) * channels + channel
      for position in window.dropFirst() {
        let place = (item * shape.length + position) * channels + channel
        if inputs[place] > inputs[best] { best = place }
      }
      return best
    }
    for item in 1..<count {
      let offset = item * shape.count
      var changes = [Float](repeating: 0, count: shape.count)
      var gradients = changes
      for number in 0..<windows {
        for channel in 0..<channels {
          let multiplier = multipliers[(item * windows + number) * channels + channel]
          guard multiplier != 0 else { continue }
          let mine = winner(0, number, channel)
          let other = winner(item, number, channel)
          let highest = max(inputs[mine], inputs[other])
          changes[mine] += multiplier * (highest - inputs[other])
          changes[other - offset] += multiplier * (inputs[mine] - highest)
          gradients[mine] += multiplier
        }
      }
      for i in 0..<shape.count {
        let difference = inputs[i] - inputs[offset + i]
        result[offset + i] = difference == 0 ? gradients[i] : changes[i] / difference
      }
    }
    return result
  }

  /// Multipliers of a softmax's inputs, whose changes sum up to those of its outputs y_i = e_i · b with e = exp(x) and b = 1 / Σ e: a
  /// product's change is Δe_i times the mean b of sequence and reference and Δb times the mean e_i (Shapley's shares), and
  /// Δb = −ΔΣe / (Σe · Σe'). With the multipliers g of the outputs,
  /// m_k = Δe_k / Δx_k · (g_k · (b + b') / 2 − Σ_i g_i (e_i + e'_i) / (2 Σe Σe')).
  private func softmaxMultipliers(_ trace: Trace, _ layer: Int, _ count: Int) -> [Float] {
    let inputs = trace.input(layer: layer)
    var multipliers = trace.gradient(layer: layer)
    let size = inputs.count / count
    let channels = architecture.shapes[layer].channels
    for item in 1..<count {
      for row in stride(from: 0, to: size, by: channels) {
        let x = (row..<row + channels).map { Double(inputs[$0]) }
        let start = (row..<row + channels).map { Double(inputs[item * size + $0]) }
        // A constant taken off all inputs changes no output.
        let largest = max(x.max()!, start.max()!)
        let (e, before) = (x.map { exp($0 - largest) }, start.map { exp($0 - largest) })
        let (sum, sumBefore) = (e.reduce(0, +), before.reduce(0, +))
        let place = item * size + row
        let g = (0..<channels).map { Double(multipliers[place + $0]) }
        let ofSum =
          (0..<channels).reduce(0) { $0 + g[$1] * (e[$1] + before[$1]) } / (2 * sum * sumBefore)
        for channel in 0..<channels {
          let difference = x[channel] - start[channel]
          let slope =
            abs(difference) < 1e-6 ? e[channel] : (e[channel] - before[channel]) / difference
          multipliers[place + channel] = Float(
            slope * (g[channel] * (1 / sum + 1 / sumBefore) / 2 - ofSum))
        }
      }
    }
    return multipliers
  }
}

extension Layer {
  fileprivate var isSoftmax: Bool { if case .softmax = kind { true } else { false } }
}
