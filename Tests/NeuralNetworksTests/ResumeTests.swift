import Foundation
import NeuralNetworks
import Runtime
import Sequences
import TestSupport
import Testing

/// A run cut at any moment and resumed ends with the same bytes.
@Suite struct ResumeTests {
  private struct Cut: Error {}

  private static let network = Network(input: .dna(length: 30), seed: 5) {
    Convolution1D(filters: 8, kernelSize: 5)
    BatchNormalization()
    ActivationLayer(.relu)
    Dropout(0.3)
    GlobalMaxPooling1D()
    Dense(1)
  }

  private static let optimizers: [(Optimizer, Schedule)] = [
    (.adam(), .cosine()), (.sgd(momentum: 0.9), .reduceOnPlateau(factor: 0.5, patience: 1)),
    (.sgd(), .constant), (.rmsprop(momentum: 0.5), .constant),
  ]

  private static func options(_ number: Int) -> TrainingOptions {
    var options = TrainingOptions()
    options.epochs = 5
    options.batchSize = 16
    options.learningRate = 0.02
    (options.optimizer, options.schedule) = optimizers[number]
    options.warmUpBatches = 3
    options.augmentation = Augmentation(reverseComplement: true, shift: 2)
    if number % 2 == 0 { options.earlyStopping = EarlyStopping(patience: 2) }
    return options
  }

  /// Trains until `batches` minibatches are done, then dies.
  private static func train(_ number: Int, _ checkpoint: TrainingCheckpoint?, cutAfter batches: Int = .max)
    throws -> TrainedNetwork
  {
    var done = 0
    return try network.trained(
      on: plantedSequences(100), validation: plantedSequences(40, seed: 2), options: options(number),
      checkpoint: checkpoint,
      progress: { _ in
        done += 1
        if done >= batches { throw Cut() }
      })
  }

  private func expectSame(_ result: TrainedNetwork, _ number: Int) throws {
    let whole = try Self.train(number, nil)
    #expect(result.network.parameters.map(\.bitPattern) == whole.network.parameters.map(\.bitPattern))
    #expect(result.report.tsv == whole.report.tsv)
    #expect(result.report.bestEpoch == whole.report.bestEpoch)
  }

  /// Every process dies after a few minibatches more than a checkpoint takes.
  @Test(arguments: 0..<4, [TrainingCheckpoint.Interval.epochs(1), .epochs(2), .batches(1), .batches(3)])
  func cutAgainAndAgain(_ number: Int, _ interval: TrainingCheckpoint.Interval) throws {
    try withTemporaryDirectory { folder in
      let checkpoint = TrainingCheckpoint(folder + "/run.checkpoint", every: interval, resumes: true)
      let batches = interval == .epochs(2) ? 15 : interval == .epochs(1) ? 9 : 4
      for _ in 0..<50 {
        guard let result = try? Self.train(number, checkpoint, cutAfter: batches) else { continue }
        return try expectSame(result, number)
      }
      Issue.record("never ends")
    }
  }

  @Test(arguments: 0..<20) func cutAtRandomMoments(_ seed: Int) throws {
    var random = CounterRandom(seed: UInt64(seed), purpose: .sampling)
    try withTemporaryDirectory { folder in
      for _ in 0..<3 {
        let interval = TrainingCheckpoint.Interval.batches(1 + random.below(4))
        _ = try? Self.train(
          seed % 4, TrainingCheckpoint(folder + "/run.checkpoint", every: interval, resumes: true),
          cutAfter: 1 + random.below(20))
      }
      let result = try Self.train(seed % 4, TrainingCheckpoint(folder + "/run.checkpoint", resumes: true))
      try expectSame(result, seed % 4)
    }
  }

  @Test func resumingAFinishedRunGivesItsResult() throws {
    try withTemporaryDirectory { folder in
      let checkpoint = TrainingCheckpoint(folder + "/run.checkpoint", every: .epochs(2), resumes: true)
      let first = try Self.train(1, checkpoint)
      let again = try Self.train(1, checkpoint, cutAfter: 1)
      #expect(again.network.parameters == first.network.parameters)
      #expect(again.report == first.report)
    }
  }

  @Test func checkpointsOfOtherRuns() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/run.checkpoint"
      _ = try? Self.train(0, TrainingCheckpoint(path, every: .batches(2)), cutAfter: 10)
      func expect(
        _ reason: String, network: Network = Self.network, sequences: DataSet = plantedSequences(100),
        _ change: (inout TrainingOptions) -> Void = { _ in }
      ) {
        var options = Self.options(0)
        change(&options)
        #expect(throws: InputError(file: path, reason)) {
          try network.trained(
            on: sequences, validation: plantedSequences(40, seed: 2), options: options,
            checkpoint: TrainingCheckpoint(path, resumes: true))
        }
      }
      expect("belongs to a run with other options: batchSize, learningRate, optimizer") {
        $0.batchSize = 8
        $0.learningRate = 1
        $0.optimizer = .sgd()
      }
      let planted = plantedSequences(100)
      expect(
        "belongs to a run with another objective or from an earlier version",
        sequences: try dataSet(planted.sequences, outputs: 1, planted.targets.values, .meanSquaredError))
      expect("belongs to a run on other data", sequences: plantedSequences(100, seed: 3))
      expect(
        "belongs to another network; train without resuming, or with that network",
        network: Network(architecture: try Preset.v1.architecture(length: 30)))
      #expect(throws: InputError(file: path, "is the checkpoint of a training run, not a model")) {
        try Model(contentsOf: path)
      }
      try Model(Self.network).write(to: path)
      expect("is no checkpoint of a training run")
    }
  }

  /// A checkpoint cut short or damaged is refused, never believed and never a crash.
  @Test func damagedCheckpoints() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/run.checkpoint"
      _ = try? Self.train(0, TrainingCheckpoint(path, every: .batches(2)), cutAfter: 10)
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      for count in stride(from: 0, to: whole.count, by: 97) {
        try AtomicFile.write(Array(whole[..<count]), to: path)
        #expect("cut at \(count)") {
          _ = try Self.train(0, TrainingCheckpoint(path, resumes: true), cutAfter: 1)
        } throws: {
          ($0 as? InputError)?.file == path
        }
      }
      var mutator = ByteMutator(seeds: [whole], seed: 1)
      for _ in 0..<300 {
        try AtomicFile.write(mutator.next(), to: path)
        do { _ = try Self.train(0, TrainingCheckpoint(path, resumes: true), cutAfter: 1) } catch {
          #expect(error is Cut || (error as? InputError)?.file == path, "\(error)")
        }
      }
    }
  }
}
