import Foundation
import NeuralNetworks
import Sequences
import Testing

/// Forward and backward pass agree with PyTorch (`Golden/networks.py`).
@Suite struct GoldenNetworkTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let network: Architecture
    let outputs: [Double]
    /// Σ |g| and Σ g·cos(i) of each tensor's gradient.
    let gradients: [[Double]]
    let input: [Double]

    var testDescription: String { name }
  }

  static let cases: [Golden] = goldenFile("networks.json")
  private static let count = 6

  @Test(arguments: cases) func reference(_ golden: Golden) {
    let reference = ReferenceNetwork(goldenNetwork(golden.network))
    let sequences = goldenSequences(Self.count, length: golden.network.input.length)
    let pass = reference.forward(
      ReferenceActivations(oneHot: (0..<Self.count).map { Array(sequences[$0]) }))
    let gradients = reference.backward(pass, seed: pass.last!)
    expectClose(pass.last!.values.map(Float.init), golden.outputs, tolerance: 1e-7, "outputs")
    check(gradients.parameters, gradients.inputs[0].values, golden, tolerance: 1e-9)
  }

  @Test(arguments: cases, [true, false]) func engine(_ golden: Golden, _ isFused: Bool) {
    let network = goldenNetwork(golden.network)
    let sequences = goldenSequences(Self.count, length: golden.network.input.length)
    for kernels in Kernels.available {
      let probe = network.probe(
        sequences, seed: golden.outputs.map(Float.init), isFused: isFused, kernels: kernels)
      expectClose(probe.outputs, golden.outputs, "outputs")
      check(
        probe.parameterGradients.map(Double.init), isFused ? nil : probe.inputGradient.map(Double.init),
        golden,
        tolerance: 1e-5)
    }
  }

  /// Compares checksums, relative to the gradient's size.
  private func check(_ parameters: [Double], _ input: [Double]?, _ golden: Golden, tolerance: Double) {
    for (tensor, expected) in zip(golden.network.tensors, golden.gradients) {
      let found = checksums(parameters[tensor.range])
      #expect(abs(found[0] - expected[0]) <= tolerance * expected[0], "\(tensor.name)")
      #expect(abs(found[1] - expected[1]) <= tolerance * expected[0], "\(tensor.name)")
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
  let parameters = (0..<architecture.parameterCount).map { Float(0.1 * sin(1.7 * Double($0))) }
  return Network(architecture: architecture, parameters: parameters)
}

/// The sequences of the Python scripts, labels 0, 1, 0, 1, ….
func goldenSequences(_ count: Int, length: Int) -> SequenceSet {
  var sequences = SequenceSet()
  for s in 0..<count {
    var x = s + 1
    let codes = (0..<length).map { _ in
      x = (x * 1_103_515_245 + 12345) % (1 << 31)
      return UInt8((x >> 16) & 3)
    }
    sequences.append(codes, label: UInt8(s % 2))
  }
  return sequences
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
