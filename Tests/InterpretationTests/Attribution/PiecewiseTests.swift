import Interpretation
import NeuralNetworks
import Runtime
import Testing

/// Exact integrals on networks that hold every linear layer and every maximum.
@Suite struct PiecewiseTests {
  static let networks: [(name: String, network: Network)] = [
    (
      "pooled, normalized, grouped, dilated",
      Network(input: .dna(length: 23), seed: 1) {
        Convolution1D(filters: 6, kernelSize: 4, padding: .same, activation: .relu)
        MaxPooling1D(3, stride: 2, padding: .same)
        BatchNormalization()
        Convolution1D(filters: 6, kernelSize: 2, dilation: 2, groups: 3, useBias: false)
        MaxPooling1D(2, stride: 3)
        ActivationLayer(.relu)
        Dropout(0.5)
        Flatten()
        Dense(5, activation: .relu)
        Dense(2)
      }
    ),
    (
      "both strands, residual, means",
      Network(input: .dna(length: 20), seed: 2) {
        Convolution1D(filters: 3, kernelSize: 5, padding: .full, reverseComplement: .concatenation)
        ActivationLayer(.relu)
        AveragePooling1D(3, stride: 2, padding: .same)
        Residual {
          Convolution1D(filters: 6, kernelSize: 3, padding: .same, activation: .relu)
          ActivationLayer(.linear)
        }
        GlobalAveragePooling1D()
        Dense(1)
      }
    ),
    (
      "spread, cropped, padded, side by side",
      Network(input: .dna(length: 15), seed: 3) {
        Convolution1D(filters: 4, kernelSize: 3, stride: 2, activation: .relu)
        TransposedConvolution1D(filters: 3, kernelSize: 4, stride: 3, activation: .relu)
        Cropping1D(left: 2, right: 3).named("cropped")
        ZeroPadding1D(left: 1, right: 4)
        Cropping1D(left: 2, right: 3).named("moved")
        Concatenate().taking("moved", "cropped")
        Convolution1D(filters: 4, kernelSize: 3, activation: .relu)
        GlobalMaxPooling1D()
        Dense(1)
      }
    ),
  ]

  private static func random(_ network: Network) -> Network {
    var network = network
    var random = CounterRandom(seed: 5, purpose: .initialization)
    for tensor in network.architecture.tensors where tensor.role != .kernel {
      for place in tensor.range {
        network.parameters[place] = Float(random.uniform()) - (tensor.role == .variance ? -0.5 : 0.5)
      }
    }
    return network
  }

  /// Complete to 10⁻¹⁰, its ends are the network's outputs, and its integral is the mean of many gradients.
  @Test(arguments: networks.indices) func integralsAreExact(_ index: Int) throws {
    let separated = try Self.random(Self.networks[index].network).separatingActivations()
    let (piecewise, reference) = (try PiecewiseNetwork(separated), ReferenceNetwork(separated))
    let architecture = separated.architecture
    var random = CounterRandom(seed: 6, purpose: .simulation)
    func rows() -> [Double] {
      (0..<architecture.input.length).flatMap { _ -> [Double] in
        let base = Int(5 * random.uniform())
        return (0..<4).map { $0 == base ? 1 : 0 }
      }
    }
    func pass(_ values: [Double]) -> ReferenceNetwork.Pass {
      reference.forward(
        ReferenceActivations(count: 1, length: architecture.input.length, channels: 4, values: values))
    }
    for output in 0..<architecture.outputCount {
      for from in [[Double](repeating: 0, count: 4 * architecture.input.length), rows()] {
        let to = rows()
        let integral = try PiecewisePath(piecewise, output: output, from: from, to: to).walk()
        #expect(abs(integral.start - reference.outputs(pass(from))[output]) < 1e-12)
        #expect(abs(integral.end - reference.outputs(pass(to))[output]) < 1e-12)
        let sum = from.indices.reduce(0.0) { $0 + (to[$1] - from[$1]) * integral.gradient[$1] }
        #expect(abs(sum - (integral.end - integral.start)) < 1e-10)
        let steps = 2000
        var mean = from.map { _ in 0.0 }
        let seed = (0..<architecture.outputCount).map { $0 == output ? 1.0 : 0 }
        for step in 0..<steps {
          let share = (Double(step) + 0.5) / Double(steps)
          let gradient = reference.backward(
            pass(zip(from, to).map { $0 + share * ($1 - $0) }), seed: seed)
          for place in mean.indices { mean[place] += gradient.activations[0].values[place] / Double(steps) }
        }
        let largest = mean.reduce(0) { max($0, abs($1)) }
        #expect(largest > 0)
        #expect(zip(mean, integral.gradient).allSatisfy { abs($0 - $1) < 5e-3 * largest })
      }
    }
  }
}
