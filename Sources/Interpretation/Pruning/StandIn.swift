import NeuralNetworks
import Runtime

/// What the channels of a removed filter are replaced by where a layer takes them: Σ slope · those of another filter + a constant.
public struct StandIn: Equatable, Sendable {
  /// Slopes by the first input of the layer that belongs to a filter that stays; empty for a constant alone.
  public var slopes: [Int: Double]
  /// One for each input of the layer that belongs to the removed filter, in order: a single one, or one for each position after
  /// `Flatten`.
  public var constants: [Double]

  public init(slopes: [Int: Double] = [:], constants: [Double]) {
    self.slopes = slopes
    self.constants = constants
  }
}

extension Network {
  /// The network in which a layer takes stand-ins for groups that go; it still has those groups' own weights.
  ///
  /// - Parameter standIns: by the first of the layer's inputs that belong to a group; those of groups that stay have no part.
  func applying(_ standIns: [Int: StandIn], at consumer: ChannelConsumer, without gone: Set<Int>) throws
    -> Network
  {
    let replaced = consumer.inputs.filter { gone.contains($0.key) }.map(\.value)
      .compactMap { inputs in standIns[inputs[0]].map { (inputs, $0) } }
      .sorted { $0.0[0] < $1.0[0] }
    guard !replaced.isEmpty else { return self }
    let inputs = Dictionary(uniqueKeysWithValues: consumer.inputs.values.map { ($0[0], $0) })
    var network = try withBias(layer: consumer.layer)
    let architecture = network.architecture
    let kernels = architecture.tensors.filter { $0.layer == consumer.layer && $0.role == .kernel }
    let biases = architecture.tensors.filter {
      $0.layer == consumer.layer && ($0.role == .bias || $0.role == .gateBias)
    }
    for ((kernel, bias), old) in zip(zip(kernels, biases), consumer.kernels) {
      let width = kernel.shape.last!
      var shifts = [Double](repeating: 0, count: width)
      for (own, standIn) in replaced {
        for (number, input) in own.enumerated() {
          for row in consumer.rows(of: input) {
            for column in 0..<width {
              let weight = Double(self.parameters[old.offset + row * width + column])
              shifts[column] += standIn.constants[number % standIn.constants.count] * weight
              for (other, slope) in standIn.slopes.sorted(by: { $0.key < $1.key }) {
                guard let others = inputs[other], number < others.count else { continue }
                let place = kernel.offset + (row - input + others[number]) * width + column
                network.parameters[place] += Float(slope * weight)
              }
            }
          }
        }
      }
      for column in 0..<width {
        let value = Double(network.parameters[bias.offset + column]) + shifts[column]
        network.parameters[bias.offset + column] = Float(value)
      }
    }
    return network
  }

  /// The same network with a bias, zero if it had none, in a weighted layer.
  private func withBias(layer: Int) throws -> Network {
    guard var weighted = architecture.layers[layer].definition as? any WeightedLayer, !weighted.useBias else {
      return self
    }
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
