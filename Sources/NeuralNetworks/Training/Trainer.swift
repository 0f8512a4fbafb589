internal import CKernels
import Foundation
import Sequences

/// Trains a network with one output on labelled sequences.
///
/// Each minibatch is split into a fixed number of shards; each shard has its own gradient and they are added in order, so the
/// result does not depend on the number of threads, to the byte. Order, dropout and first parameters are functions of
/// the seed.
public final class Trainer {
  /// Shards of a minibatch: the most threads that training can use.
  static let shards = 8

  public let options: TrainingOptions
  public let threads: Int
  private let engine: Engine
  private let adam: Adam
  private let workspaces: [Workspace]
  private let shardGradients: FloatBuffer
  private let group: Int
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
    guard !network.architecture.tensors.contains(where: { !$0.isTrainable }) else {
      throw InputError("networks with batch normalization cannot be trained yet")
    }
    self.options = options
    self.threads = threads
    engine = Engine(network, kernels: kernels)
    adam = Adam(count: engine.parameters.count)
    let shardSize = (options.batchSize + Self.shards - 1) / Self.shards
    group = engine.groupSize(atMost: shardSize)
    let (engine, group) = (engine, group)
    workspaces = (0..<max(1, min(threads, Self.shards))).map { _ in
      Workspace(engine: engine, capacity: group, training: true)
    }
    shardGradients = FloatBuffer(count: Self.shards * engine.parameters.count)
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
    let stride = engine.parameters.count
    let scale = 1 / Double(indices.count)
    let (engine, shardGradients, workspaces, group) = (engine, shardGradients, workspaces, group)
    let (seed, epoch) = (options.seed, epoch)
    let length = engine.architecture.input.length
    let results = sequences.codes.withUnsafeBufferPointer { codes in
      nonisolated(unsafe) let codes = codes.baseAddress!
      return Parallel.map(Self.shards, threads: threads) {
        worker, shard -> (loss: Double, correct: Int) in
        let work = workspaces[worker]
        let gradients = shardGradients.pointer + shard * stride
        gradients.update(repeating: 0, count: stride)
        var loss = 0.0
        var correct = 0
        let begin = indices.startIndex + shard * indices.count / Self.shards
        let end = indices.startIndex + (shard + 1) * indices.count / Self.shards
        for first in Swift.stride(from: begin, to: end, by: group) {
          let count = min(group, end - first)
          for slot in 0..<count {
            let index = indices[first + slot]
            work.load(codes + index * length, slot: slot)
            for dropout in 0..<engine.dropouts {
              work.keys[dropout * work.capacity + slot] = CounterRandom.key(
                seed: seed, purpose: .dropout, epoch: epoch, index: index * engine.dropouts + dropout)
            }
          }
          engine.forward(work, count: count, training: true)
          let last = engine.steps.count - 1
          let outputStride = engine.steps[last].output.stride
          for slot in 0..<count {
            let label = sequences.labels[indices[first + slot]]
            let logit = work.outputs[last].pointer[slot * outputStride]
            let weight = weights[Int(label)]
            loss += weight * BinaryCrossEntropy.value(logit: Double(logit), label: label)
            if (logit > 0) == (label == 1) { correct += 1 }
            work.gradients[last].pointer[slot * outputStride] = Float(
              BinaryCrossEntropy.derivative(logit: Double(logit), label: label) * weight * scale)
          }
          engine.backward(work, count: count, gradients: gradients)
        }
        (engine.steps[0] as? DNAConvolutionStep)?.fold(work, hasUnknown: hasUnknown, gradients: gradients)
        return (loss, correct)
      }
    }
    adam.step(engine, gradients: shardGradients, shards: Self.shards, options: options, threads: threads)
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
