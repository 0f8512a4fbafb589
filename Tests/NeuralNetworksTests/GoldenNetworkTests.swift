import Foundation
import NeuralNetworks
import Sequences
import Testing

/// Forward and backward pass agree with PyTorch (`Golden/networks.py`).
@Suite struct GoldenNetworkTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    struct Numbers: Decodable, Sendable {
      let outputs: [Double]
      /// Σ |g| and Σ g·cos(i) of each tensor's gradient; of the values where it is not trained.
      let gradients: [[Double]]
      let input: [Double]
    }

    let name: String
    let network: Architecture
    let inference: Numbers
    let training: Numbers

    var testDescription: String { name }
  }

  static let cases: [Golden] = goldenFile("networks.json")
  private static let count = 6

  @Test(arguments: cases) func reference(_ golden: Golden) {
    let reference = ReferenceNetwork(goldenNetwork(golden.network))
    let sequences = goldenSequences(Self.count, length: golden.network.input.length)
    let x = ReferenceActivations(oneHot: (0..<Self.count).map { Array(sequences[$0]) })
    for (expected, key) in [(golden.inference, nil), (golden.training, Optional(dropoutKey))] {
      let pass = reference.forward(x, dropoutKey: key)
      let gradients = reference.backward(pass, seed: reference.outputs(pass), dropoutKey: key)
      expectClose(reference.outputs(pass).map(Float.init), expected.outputs, tolerance: 1e-7, "outputs")
      let parameters = key == nil ? reference.parameters : reference.movedStatistics(pass)
      check(
        gradients.parameters, parameters, gradients.activations[0].values, golden.network, expected,
        tolerance: 1e-7)
    }
  }

  @Test(arguments: cases) func engine(_ golden: Golden) {
    let network = goldenNetwork(golden.network)
    let sequences = goldenSequences(Self.count, length: golden.network.input.length)
    for kernels in Kernels.available {
      let traced = network.probe(sequences, seed: golden.inference.outputs.map(Float.init), kernels: kernels)
      expectClose(traced.outputs, golden.inference.outputs, "outputs")
      check(
        traced.parameterGradients.map(Double.init), network.parameters.map(Double.init),
        traced.inputGradient.map(Double.init), golden.network, golden.inference, tolerance: 1e-5)
      let trained = network.trainingProbe(
        sequences, seed: golden.training.outputs.map(Float.init), kernels: kernels, dropoutKey: dropoutKey)
      expectClose(trained.outputs, golden.training.outputs, "outputs")
      check(
        trained.parameterGradients.map(Double.init), trained.parameters.map(Double.init), nil, golden.network,
        golden.training, tolerance: 1e-5)
    }
  }

  /// Compares checksums, relative to the gradient's size.
  private func check(
    _ gradients: [Double], _ parameters: [Double], _ input: [Double]?, _ network: Architecture,
    _ golden: Golden.Numbers, tolerance: Double
  ) {
    let normalizes = network.tensors.contains { !$0.isTrainable }
    // Biases before a normalization have no gradient but rounding.
    let floor = normalizes ? 0.1 * golden.gradients.reduce(0) { max($0, $1[0]) } : 0
    for (tensor, expected) in zip(network.tensors, golden.gradients) {
      let found = checksums((tensor.isTrainable ? gradients : parameters)[tensor.range])
      let scale = max(expected[0], floor)
      #expect(abs(found[0] - expected[0]) <= tolerance * scale, "\(tensor.name)")
      #expect(abs(found[1] - expected[1]) <= tolerance * scale, "\(tensor.name)")
    }
    guard let input else { return }
    let found = checksums(input[...])
    #expect(abs(found[0] - golden.input[0]) <= tolerance * golden.input[0])
    #expect(abs(found[1] - golden.input[1]) <= tolerance * golden.input[0])
  }

  private func checksums(_ values: ArraySlice<Double>) -> [Double] {
    [
      values.reduce(0) { $0 + abs($1) },
      values.enumerated().reduce(0) { $0 + $1.element * cos(Double($1.offset)) },
    ]
  }
}

/// A network with the parameters of the Python scripts.
func goldenNetwork(_ architecture: Architecture) -> Network {
  var parameters = (0..<architecture.parameterCount).map { Float(0.1 * sin(1.7 * Double($0))) }
  for tensor in architecture.tensors where [.scale, .variance].contains(tensor.role) {
    for i in tensor.range { parameters[i] = Float(1 + Double(parameters[i])) }
  }
  return Network(architecture: architecture, parameters: parameters)
}

/// The sequences of the Python scripts, whose labels are 0, 1, 0, 1, ….
func goldenSequences(_ count: Int, length: Int) -> SequenceSet {
  var sequences = SequenceSet()
  for s in 0..<count {
    var x = s + 1
    let codes = (0..<length).map { _ in
      x = (x * 1_103_515_245 + 12345) % (1 << 31)
      return UInt8((x >> 16) & 3)
    }
    sequences.append(codes)
  }
  return sequences
}

/// The same with their labels.
func goldenData(_ count: Int, length: Int) throws -> DataSet {
  try DataSet(goldenSequences(count, length: length), labels: (0..<count).map { UInt8($0 % 2) })
}

/// A file beside the tests that a Python script made.
func goldenPath(_ name: String, test: StaticString = #filePath) -> String {
  URL(fileURLWithPath: "\(test)").deletingLastPathComponent().appendingPathComponent("Golden/\(name)").path
}

/// Golden numbers that a Python script wrote as JSON.
func goldenFile<Golden: Decodable>(_ name: String) -> Golden {
  let path = goldenPath(name)
  do {
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  } catch { fatalError("\(path): \(error)") }
}
