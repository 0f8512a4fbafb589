import NeuralNetworks
import Runtime
import Sequences

/// Filters of a network's convolutions: for each layer's index, the numbers of filters.
public typealias FilterSelection = [Int: Set<Int>]

/// What a removed filter's activation is replaced by: Σ slope · another filter's activation + a constant.
public struct StandIn: Equatable, Sendable {
  /// Slopes by the numbers of filters that stay; empty for a constant alone.
  public var slopes: [Int: Double]
  /// One for each of the filter's features as the next layer with weights sees them: a single one unless `Flatten` comes
  /// between, which makes a feature of each position.
  public var constants: [Double]

  public init(slopes: [Int: Double] = [:], constants: [Double]) {
    self.slopes = slopes
    self.constants = constants
  }
}

extension Network {
  /// The smaller network without these filters: their kernels and biases go, and with them the input channels of the next
  /// convolution, or the rows of the next dense layer after global pooling or `Flatten`.
  ///
  /// - Parameter standIns: What replaces a removed filter's activation, by layer and filter. It goes into the weights and
  ///   the bias of the next layer with weights; filters without one count as zero.
  /// - Throws: `InputError` if a layer is no convolution, has no such filter or would be left without any.
  public func removing(filters removed: FilterSelection, standIns: [Int: [Int: StandIn]] = [:]) throws
    -> Network
  {
    for (layer, filters) in removed where !filters.isEmpty {
      let count = try convolution(layer).filters
      guard filters.allSatisfy((0..<count).contains) else {
        throw InputError("layer \(layer + 1) has filters 0 to \(count - 1) only")
      }
      guard filters.count < count else {
        throw InputError("layer \(layer + 1) would be left without a filter")
      }
      _ = try consumer(of: layer)
    }
    var layers: [Layer] = []
    var numbers: [Float] = []
    // Channels (or features) of each activation that are left.
    var kept = [Array(0..<4)]
    var source = self
    for (index, layer) in architecture.layers.enumerated() {
      let inputs = architecture.sources[index].map { kept[$0] }
      var outputs = inputs[0]
      switch architecture.facts[index].channels {
      case .kept: break
      case .tied: outputs = Array(0..<architecture.shapes[index].channels)
      case .weighted: outputs = Array(0..<source.architecture.tensor(index, .kernel)!.shape.last!)
      case .flattened:
        let input = architecture.inputShape(index)
        outputs = (0..<input.length).flatMap { position in inputs[0].map { position * input.channels + $0 } }
      case .separated:
        let (shape, features) = (architecture.shapes[index], Set(inputs[0]))
        outputs = (0..<shape.channels).filter { channel in
          (0..<shape.length).allSatisfy { features.contains($0 * shape.channels + channel) }
        }
      case .joined:
        var first = 0
        outputs = zip(inputs, architecture.sources[index]).flatMap { channels, activation in
          defer { first += architecture.shape(ofActivation: activation).channels }
          return channels.map { first + $0 }
        }
      }
      if var weighted = layer.definition as? any WeightedLayer {
        let width = source.architecture.tensor(index, .kernel)!.shape
        outputs = (0..<width.last!).filter { !(removed[index]?.contains($0) ?? false) }
        // With groups every input stays, and each filter has only its part of them.
        let rows = width[width.count - 2] < inputs[0].count ? Array(0..<width[width.count - 2]) : inputs[0]
        numbers += source.parameters(of: index, inputs: rows, outputs: outputs)
        weighted.useBias = source.architecture.tensor(index, .bias) != nil
        var layer = layer.replaced(by: weighted)
        if case .convolution1D(var convolution) = layer.kind {
          if convolution.outputChannels > convolution.filters {
            kept.append(outputs + outputs.map { $0 + convolution.filters })
          }
          convolution.filters = outputs.count
          layer = layer.replaced(by: convolution)
        }
        layers.append(layer)
        source = try source.applying(standIns[index] ?? [:], of: index)
      } else {
        let isByChannel = architecture.facts[index].channels == .kept
        for tensor in source.architecture.tensors where tensor.layer == index {
          numbers +=
            isByChannel
            ? inputs[0].map { source.parameters[tensor.offset + $0] } : Array(source.values(tensor))
        }
        layers.append(layer)
      }
      if kept.count < index + 2 { kept.append(outputs) }
    }
    return Network(
      architecture: try Architecture(
        input: architecture.input, layers: layers, outputs: architecture.outputNames), parameters: numbers)
  }

  /// Kernel, then bias, of a layer that sees only `inputs` and has only `outputs`.
  private func parameters(of layer: Int, inputs: [Int], outputs: [Int]) -> [Float] {
    let kernel = architecture.tensor(layer, .kernel)!
    let units = kernel.shape.last!
    let channels = kernel.shape[kernel.shape.count - 2]
    var numbers: [Float] = []
    numbers.reserveCapacity(kernel.count / units / channels * inputs.count * outputs.count + outputs.count)
    for tap in 0..<kernel.count / units / channels {
      for input in inputs {
        let row = kernel.offset + (tap * channels + input) * units
        for output in outputs { numbers.append(parameters[row + output]) }
      }
    }
    if let bias = architecture.tensor(layer, .bias) {
      for output in outputs { numbers.append(parameters[bias.offset + output]) }
    }
    return numbers
  }

  /// The network whose next layer takes the stand-ins for these filters of `layer` (and still has the filters' own weights).
  private func applying(_ standIns: [Int: StandIn], of layer: Int) throws -> Network {
    guard !standIns.isEmpty else { return self }
    let consumer = try consumer(of: layer)
    var network = try withBias(layer: consumer.layer)
    let old = architecture.tensor(consumer.layer, .kernel)!
    let kernel = network.architecture.tensor(consumer.layer, .kernel)!
    let bias = network.architecture.tensor(consumer.layer, .bias)!
    let units = kernel.shape.last!
    var shifts = [Double](repeating: 0, count: units)
    for (filter, standIn) in standIns.sorted(by: { $0.key < $1.key }) {
      let slopes = standIn.slopes.sorted { $0.key < $1.key }
      for (strand, channel) in consumer.channels[filter].enumerated() {
        for (number, row) in consumer.rows(from: channel).enumerated() {
          let constant = standIn.constants[number % standIn.constants.count]
          for unit in 0..<units {
            let weight = Double(parameters[old.offset + row * units + unit])
            shifts[unit] += constant * weight
            for (other, slope) in slopes {
              let place = kernel.offset + (row - channel + consumer.channels[other][strand]) * units + unit
              network.parameters[place] += Float(slope * weight)
            }
          }
        }
      }
    }
    for unit in 0..<units {
      network.parameters[bias.offset + unit] = Float(
        Double(network.parameters[bias.offset + unit]) + shifts[unit])
    }
    return network
  }

  /// The same network with a bias, zero if it had none, in a weighted layer.
  private func withBias(layer: Int) throws -> Network {
    guard architecture.tensor(layer, .bias) == nil,
      var weighted = architecture.layers[layer].definition as? any WeightedLayer
    else { return self }
    var layers = architecture.layers
    weighted.useBias = true
    layers[layer] = layers[layer].replaced(by: weighted)
    let kernel = architecture.tensor(layer, .kernel)!
    var numbers = parameters
    numbers.insert(
      contentsOf: [Float](repeating: 0, count: kernel.shape.last!), at: kernel.range.upperBound)
    return Network(
      architecture: try Architecture(
        input: architecture.input, layers: layers, outputs: architecture.outputNames), parameters: numbers)
  }
}
