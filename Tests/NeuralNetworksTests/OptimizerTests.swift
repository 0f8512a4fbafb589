import Foundation
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

  static let cases: [String: @Sendable (inout TrainingOptions) -> Void] = [
    "adam": { _ in },
    "adam, rate 0.05, epsilon 0.001": {
      $0.learningRate = 0.05
      $0.optimizer = .adam(beta1: 0.8, beta2: 0.9, epsilon: 1e-3)
    },
    "adamW": {
      $0.learningRate = 0.01
      $0.weightDecay = 0.1
    },
    "sgd": {
      $0.learningRate = 0.5
      $0.optimizer = .sgd()
    },
    "sgd, momentum": {
      $0.learningRate = 0.1
      $0.optimizer = .sgd(momentum: 0.9)
    },
    "sgd, nesterov": {
      $0.learningRate = 0.1
      $0.optimizer = .sgd(momentum: 0.9, nesterov: true)
    },
    "rmsprop": {
      $0.learningRate = 0.01
      $0.optimizer = .rmsprop()
    },
    "rmsprop, momentum": {
      $0.learningRate = 0.01
      $0.optimizer = .rmsprop(rho: 0.8, momentum: 0.5, epsilon: 1e-4)
    },
    "sgd, weight decay": {
      $0.learningRate = 0.1
      $0.optimizer = .sgd()
      $0.weightDecay = 0.2
    },
    "sgd, clipped norm": {
      $0.learningRate = 0.5
      $0.optimizer = .sgd()
      $0.clipNorm = 0.05
    },
    "sgd, clipped value": {
      $0.learningRate = 0.5
      $0.optimizer = .sgd()
      $0.clipValue = 0.01
    },
  ]

  @Test func everyGoldenNumberIsTested() { #expect(Set(Self.golden.keys) == Set(Self.cases.keys)) }

  @Test(arguments: cases.keys.sorted()) func agreesWithKeras(_ name: String) throws {
    let golden = try #require(Self.golden[name])
    let architecture = try Architecture(
      input: .dna(length: 20),
      layers: [
        .convolution1D(Convolution1D(filters: 3, kernelSize: 4, activation: .relu)), .globalMaxPooling1D,
        .dense(Dense(1)),
      ])
    var options = TrainingOptions()
    options.epochs = golden.losses.count
    options.batchSize = 6
    let change = try #require(Self.cases[name])
    change(&options)
    for kernels in Kernels.available {
      let trainer = try Trainer(goldenNetwork(architecture), options: options, kernels: kernels)
      for loss in golden.losses {
        let record = try trainer.trainEpoch(on: goldenData(6, length: 20))
        #expect(abs(record.loss - loss) < 1e-6 * loss, "\(kernels.name)")
      }
      expectClose(trainer.network.parameters, golden.parameters, tolerance: 1e-5, "\(kernels.name)")
    }
  }

  /// Both strands share their filters: a norm counts each number once.
  @Test func clippedNormCountsSharedFiltersOnce() throws {
    func moved(_ layers: [Layer]) throws -> Double {
      let network = Network(architecture: try Architecture(input: .dna(length: 20), layers: layers), seed: 1)
      var options = TrainingOptions()
      options.epochs = 1
      options.batchSize = 6
      options.optimizer = .sgd()
      options.learningRate = 1
      options.clipNorm = 0.001
      let trained = try network.trained(on: goldenData(6, length: 20), options: options).network
      return zip(trained.parameters, network.parameters).reduce(0) { $0 + pow(Double($1.0 - $1.1), 2) }
        .squareRoot()
    }
    let shared = Convolution1D(filters: 3, kernelSize: 4, reverseComplement: .concatenation)
    #expect(abs(try moved([.convolution1D(shared), .globalMaxPooling1D, .dense(Dense(1))]) - 0.001) < 1e-6)
  }
}
