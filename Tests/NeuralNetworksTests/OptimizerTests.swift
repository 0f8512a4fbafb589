import NeuralNetworks
import Sequences
import Testing

/// Steps agree with Keras (`Golden/optimizers.py`).
@Suite struct OptimizerTests {
  struct Golden: Decodable {
    let losses: [Double]
    let parameters: [Double]
  }

  static let golden: [String: Golden] = goldenFile("optimizers.json")

  @Test(arguments: [
    ("adam", 0.001, 0.9, 0.999, 1e-7), ("adam, rate 0.05, epsilon 0.001", 0.05, 0.8, 0.9, 1e-3),
  ])
  func adam(_ name: String, _ rate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double) throws {
    var options = TrainingOptions()
    options.learningRate = rate
    options.beta1 = beta1
    options.beta2 = beta2
    options.epsilon = epsilon
    try check(name, options)
  }

  private func check(_ name: String, _ options: TrainingOptions) throws {
    let golden = try #require(Self.golden[name])
    let architecture = try Architecture(
      input: .dna(length: 20),
      layers: [
        .convolution1D(Convolution1D(filters: 3, kernelSize: 4, activation: .relu)), .globalMaxPooling1D,
        .dense(Dense(1)),
      ])
    var options = options
    options.epochs = golden.losses.count
    options.batchSize = 6
    let (network, report) = try goldenNetwork(architecture).trained(
      on: goldenSequences(6, length: 20), options: options)
    for (record, loss) in zip(report.epochs, golden.losses) { #expect(abs(record.loss - loss) < 1e-6 * loss) }
    expectClose(network.parameters, golden.parameters, tolerance: 1e-5, "parameters")
  }
}
