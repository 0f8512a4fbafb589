internal import CKernels
import Foundation
import Sequences

/// Trains a network with one output on labelled sequences.
///
/// The result does not depend on the number of threads, to the byte: order, dropout and first parameters are functions of
/// the seed, and the gradients of a minibatch's parts are added in order.
public final class Trainer {
  public let options: TrainingOptions
  public let threads: Int
  private let engine: Engine
  private let adam: Adam
  private let runner: BatchRunner
  public private(set) var epoch = 0

  /// Throws `InputError` if the network has not exactly one output.
  public init(
    _ network: Network, options: TrainingOptions, threads: Int = Parallel.threads, kernels: Kernels = .best
  )
    throws
  {
    guard network.architecture.shapes.last == .features(1) else {
      throw InputError("training for two classes needs a network that ends in one unit")
    }
    self.options = options
    self.threads = threads
    engine = Engine(network, kernels: kernels)
    adam = Adam(count: engine.parameters.count)
    runner = BatchRunner(engine, batchSize: options.batchSize, threads: threads)
  }

  /// The network as it stands.
  public var network: Network {
    Network(architecture: engine.architecture, parameters: engine.gather(engine.parameters))
  }

  /// One pass over `sequences` in a new random order, then the validation set.
  ///
  /// `progress` is told the number of sequences done. Throws `InputError` when the loss is no longer a number.
  public func trainEpoch(
    _ sequences: SequenceSet, validation: SequenceSet? = nil, progress: ((Int) -> Void)? = nil
  ) throws -> EpochRecord {
    precondition(sequences.isLabeled && sequences.uniformLength == engine.architecture.input.length)
    epoch += 1
    let clock = ContinuousClock()
    let start = clock.now
    var random = CounterRandom(seed: options.seed, purpose: .order, epoch: epoch)
    let order = random.permutation(sequences.count)
    let weights = classWeights(sequences.labels)
    let hasUnknown = sequences.codes.contains(Nucleotide.unknown)
    var loss = 0.0
    var correct = 0
    for first in stride(from: 0, to: order.count, by: options.batchSize) {
      let batch = first..<min(order.count, first + options.batchSize)
      let (batchLoss, batchCorrect) = train(
        order[batch], of: sequences, weights: weights, hasUnknown: hasUnknown)
      guard batchLoss.isFinite else { throw divergence(batch: first / options.batchSize + 1) }
      loss += batchLoss
      correct += batchCorrect
      progress?(batch.upperBound)
    }
    let elapsed = start.duration(to: clock.now)
    var record = EpochRecord(
      epoch: epoch, loss: loss / Double(order.count), accuracy: Double(correct) / Double(order.count),
      seconds: Double(elapsed.components.seconds) + 1e-18 * Double(elapsed.components.attoseconds))
    if let validation {
      let (loss, accuracy) = BinaryCrossEntropy.evaluate(
        engine.outputs(validation, threads: threads), validation.labels)
      record.validationLoss = loss
      record.validationAccuracy = accuracy
    }
    return record
  }

  /// One step on one minibatch; its summed loss and the number it got right.
  private func train(
    _ indices: ArraySlice<Int>, of sequences: SequenceSet, weights: [Double], hasUnknown: Bool
  )
    -> (loss: Double, correct: Int)
  {
    let scale = 1 / Double(indices.count)
    let (engine, seed, epoch) = (engine, options.seed, epoch)
    let results = sequences.codes.withUnsafeBufferPointer { codes in
      let batch = BatchRunner.Batch(
        indices: indices, codes: codes.baseAddress!, hasUnknown: hasUnknown,
        dropoutKey: { index, dropout in
          CounterRandom.key(
            seed: seed, purpose: .dropout, epoch: epoch, index: index * engine.dropouts + dropout)
        })
      return runner.run(batch, initial: (loss: 0.0, correct: 0)) { result, index, outputs, gradient in
        let label = sequences.labels[index]
        let logit = Double(outputs[0])
        let weight = weights[Int(label)]
        result.loss += weight * BinaryCrossEntropy.value(logit: logit, label: label)
        if (logit > 0) == (label == 1) { result.correct += 1 }
        gradient[0] = Float(BinaryCrossEntropy.derivative(logit: logit, label: label) * weight * scale)
      }
    }
    adam.step(
      engine, gradients: runner.gradients, shards: BatchRunner.shards, options: options, threads: threads)
    engine.prepare()
    return results.reduce((0, 0)) { ($0.0 + $1.loss, $0.1 + $1.correct) }
  }

  private func classWeights(_ labels: [UInt8]) -> [Double] {
    guard options.classWeight == .balanced else { return [1, 1] }
    let positives = labels.reduce(0) { $0 + Int($1) }
    return [labels.count - positives, positives].map { Double(labels.count) / (2 * Double(max(1, $0))) }
  }

  private func divergence(batch: Int) -> InputError {
    let network = network
    let tensor = network.architecture.tensors.first { !network.values($0).allSatisfy(\.isFinite) }
    let place = tensor.map { "; \($0.name) holds values that are no numbers" } ?? ""
    return InputError(
      "the loss is no longer a number in epoch \(epoch), batch \(batch)\(place): lower the learning rate")
  }
}
