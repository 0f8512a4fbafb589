import Foundation
import NeuralNetworks
import Sequences
import Testing

/// Whole training steps agree with PyTorch (`Golden/training.py`): layers, loss, weights, optimizer and schedule together.
@Suite struct TrainingRunTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    struct Options: Decodable, Sendable {
      let optimizer: String
      let rate: Double
      let decay: Double
      let clip: Double?
      let schedule: String?
      let warm: Int
      let momentum: Double?
    }

    let name: String
    let network: Architecture
    let loss: Loss
    let targets: [Float?]
    let options: Options
    let losses: [Double]
    let parameters: [Double]

    var testDescription: String { name }
  }

  static let cases: [Golden] = goldenFile("training.json")
  private static let count = 6

  @Test(arguments: cases, Kernels.available) func agreesWithPyTorch(_ golden: Golden, _ kernels: Kernels)
    throws
  {
    var options = TrainingOptions()
    options.epochs = golden.losses.count
    options.batchSize = Self.count
    options.classWeight = golden.loss == .categoricalCrossEntropy ? .balanced : .none
    options.learningRate = golden.options.rate
    options.weightDecay = golden.options.decay
    options.clipNorm = golden.options.clip
    options.warmUpBatches = golden.options.warm
    options.schedule = golden.options.schedule == "cosine" ? .cosine() : .constant
    options.optimizer =
      switch golden.options.optimizer {
      case "sgd": .sgd(momentum: golden.options.momentum ?? 0)
      case "adam": .adam(epsilon: 1e-12)
      default: .rmsprop(epsilon: 1e-24)
      }
    let outputs = golden.network.outputCount
    let set = try dataSet(
      goldenSequences(Self.count, length: golden.network.input.length), outputs: outputs,
      golden.targets.map { $0 ?? .nan }, golden.loss)
    let trainer = try Trainer(goldenNetwork(golden.network), options: options, kernels: kernels)
    for loss in golden.losses {
      let record = try trainer.trainEpoch(on: set)
      #expect(abs(record.loss - loss) < 1e-5 * abs(loss))
    }
    for tensor in golden.network.tensors {
      // Parameters begin at sizes up to 0.1; one that has moved close to zero keeps the rounding of its way.
      expectClose(
        trainer.network.values(tensor), golden.parameters[tensor.range], tolerance: 1e-5, floor: 0.1,
        tensor.name)
    }
  }
}
