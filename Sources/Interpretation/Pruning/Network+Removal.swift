import NeuralNetworks
import Sequences

/// Filters of a network's convolutions: for each layer's index, the numbers of filters.
public typealias FilterSelection = [Int: Set<Int>]

extension Network {
  /// The smaller network without these filters: their kernels and biases go, and with them the input channels of the next
  /// convolution, or the rows of the next dense layer behind global pooling or `Flatten`.
  ///
  /// - Parameter constants: What stands for a removed filter, by layer and filter: one value for each of its features as
  ///   the next layer with weights sees them (a single one unless `Flatten` comes between). It goes into that layer's
  ///   bias; filters without one count as zero.
  /// - Throws: `InputError` if a layer is no convolution, has no such filter or would be left without any.
  public func removing(filters removed: FilterSelection, constants: [Int: [Int: [Double]]] = [:]) throws
    -> Network
  {
    for (layer, filters) in removed {
      let count = try convolution(layer).filters
      guard filters.allSatisfy((0..<count).contains) else {
        throw InputError("layer \(layer + 1) has filters 0 to \(count - 1) only")
      }
      guard filters.count < count else {
        throw InputError("layer \(layer + 1) would be left without a filter")
      }
    }
    var layers: [Layer] = []
    var numbers: [Float] = []
    // Channels (or features) of the layer before that are left, and constants for the others.
    var kept = Array(0..<4)
    var constant: [Int: Double] = [:]
    for (index, layer) in architecture.layers.enumerated() {
      switch layer {
      case .convolution1D(var convolution):
        let outputs = (0..<convolution.filters).filter { !(removed[index]?.contains($0) ?? false) }
        let part = parameters(of: index, inputs: kept, outputs: outputs, constants: constant)
        convolution.filters = outputs.count
        convolution.useBias = part.hasBias
        numbers += part.numbers
        layers.append(.convolution1D(convolution))
        kept = outputs
        constant = [:]
        for filter in removed[index] ?? [] {
          for (feature, value) in (constants[index]?[filter] ?? []).enumerated() where value != 0 {
            constant[filter + feature * convolutionChannels(index)] = value
          }
        }
      case .dense(var dense):
        let part = parameters(
          of: index, inputs: kept, outputs: Array(0..<dense.units), constants: constant)
        dense.useBias = part.hasBias
        numbers += part.numbers
        layers.append(.dense(dense))
        kept = Array(0..<dense.units)
        constant = [:]
      case .flatten:
        let input = architecture.inputShape(index)
        kept = (0..<input.length).flatMap { position in kept.map { position * input.channels + $0 } }
        layers.append(layer)
      default: layers.append(layer)
      }
    }
    return Network(
      architecture: try Architecture(input: architecture.input, layers: layers), parameters: numbers)
  }

  private func convolutionChannels(_ layer: Int) -> Int { architecture.shapes[layer].channels }

  /// Kernel, then bias, of a layer that sees only `inputs` and has only `outputs`; inputs that became constants move into
  /// the bias.
  private func parameters(of layer: Int, inputs: [Int], outputs: [Int], constants: [Int: Double])
    -> (numbers: [Float], hasBias: Bool)
  {
    let kernel = architecture.tensor(layer, "kernel")!
    let units = kernel.shape.last!
    let channels = kernel.shape[kernel.shape.count - 2]
    let taps = kernel.count / units / channels
    func weight(_ tap: Int, _ input: Int, _ output: Int) -> Float {
      parameters[kernel.offset + (tap * channels + input) * units + output]
    }
    var numbers: [Float] = []
    numbers.reserveCapacity(taps * inputs.count * outputs.count + outputs.count)
    for tap in 0..<taps {
      for input in inputs { for output in outputs { numbers.append(weight(tap, input, output)) } }
    }
    let bias = architecture.tensor(layer, "bias")
    guard bias != nil || !constants.isEmpty else { return (numbers, false) }
    let ordered = constants.sorted { $0.key < $1.key }
    for output in outputs {
      let start = bias.map { parameters[$0.offset + output] } ?? 0
      guard !ordered.isEmpty else {
        numbers.append(start)
        continue
      }
      var sum = Double(start)
      for (input, value) in ordered {
        for tap in 0..<taps { sum += value * Double(weight(tap, input, output)) }
      }
      numbers.append(Float(sum))
    }
    return (numbers, true)
  }
}
