import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Testing

@Suite struct ScheduleTests {
  /// Keras: [float(keras.optimizers.schedules.CosineDecay(1.0, 10, alpha)(t)) for t in range(11)]
  @Test(arguments: [
    (
      0.0,
      [1, 0.9755283, 0.9045085, 0.7938926, 0.6545085, 0.5, 0.34549153, 0.20610738, 0.0954915, 0.02447175, 0]
    ),
    (
      0.1,
      [
        1, 0.9779755, 0.91405767, 0.8145034, 0.6890577, 0.55, 0.41094238, 0.28549665, 0.18594235, 0.12202457,
        0.1,
      ]
    ),
  ]) func cosine(_ lowest: Double, _ expected: [Double]) {
    for (step, share) in expected.enumerated() {
      let found = Schedule.cosine(lowest: lowest).share(step: step, total: 10, warmUp: 0, plateau: 1)
      #expect(abs(found - share) < 1e-6, "step \(step)")
    }
  }

  @Test func warmUpRisesThenTheCourseBegins() {
    let shares = (0..<8).map { Schedule.cosine().share(step: $0, total: 8, warmUp: 3, plateau: 1) }
    #expect(Array(shares[..<4]) == [0.25, 0.5, 0.75, 1])
    #expect(zip(shares[3...], shares[4...]).allSatisfy { $0 > $1 })
    #expect(
      (0..<3).map { Schedule.constant.share(step: $0, total: 3, warmUp: 0, plateau: 0.5) } == [1, 1, 1])
    #expect(Schedule.reduceOnPlateau().share(step: 5, total: 8, warmUp: 3, plateau: 0.5) == 0.5)
  }

  /// Keras's ReduceLROnPlateau(factor=0.5, patience=2, min_delta=1e-4, min_lr=0.2 · rate) on the same losses.
  @Test func plateau() {
    var options = TrainingOptions()
    options.schedule = .reduceOnPlateau(factor: 0.5, patience: 2, lowest: 0.2)
    var state = TrainingState()
    let shares = [1, 0.9, 0.95, 0.89995, 0.8, 0.81, 0.82, 0.83, 0.84, 0.79, 0.8, 0.8].map { loss in
      _ = state.finish(EpochRecord(epoch: state.epoch + 1, loss: loss, seconds: 0), options: options)
      return state.plateau
    }
    #expect(shares == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2])
  }

  @Test func earlyStoppingKeepsTheBest() {
    var options = TrainingOptions()
    options.earlyStopping = EarlyStopping(patience: 3, minimumChange: 0.01)
    var state = TrainingState()
    var best: [Bool] = []
    for loss in [1, 0.9, 0.895, 0.95, 0.7, 0.8, 0.8, 0.69] {
      var record = EpochRecord(epoch: state.epoch + 1, loss: 0, seconds: 0)
      record.validationLoss = loss
      best.append(state.finish(record, options: options))
      #expect(state.isStopped == (state.epoch == 8))
    }
    #expect(best == [true, true, false, false, true, false, false, false])
    #expect(state.bestEpoch == 5)
  }

  /// A rate that is far too high after a good start: the weights of the best epoch are what remains.
  @Test func earlyStoppingRestoresWeights() throws {
    let network = Network(input: .dna(length: 30), seed: 1) {
      Convolution1D(filters: 8, kernelSize: 6, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    var options = TrainingOptions()
    options.epochs = 60
    options.batchSize = 32
    options.learningRate = 0.05
    options.earlyStopping = EarlyStopping(patience: 3)
    let validation = plantedSequences(100, seed: 2)
    var weights: [[Float]] = []
    let trained = try network.trained(
      on: plantedSequences(200), validation: validation, options: options,
      epochDone: { _, trainer in weights.append(trainer.network.parameters) })
    let best = try #require(trained.report.bestEpoch)
    #expect(trained.report.epochs.count == best + 3 && best < 57)
    #expect(trained.network.parameters == weights[best - 1])
    let losses = trained.report.epochs.map { $0.validationLoss! }
    #expect(losses[best - 1] == losses.min())
    let loss = try Objective.binary.mean(trained.network.logits(of: validation.sequences), validation.targets)
      .loss
    #expect(loss == losses[best - 1])
  }

  @Test func impossibleOptions() {
    for (change, reason) in [
      ({ $0.batchSize = 0 }, "the batch size must be from 1 to 16777216, not 0"),
      ({ $0.epochs = -1 }, "epochs must be from 0 to 1000000, not -1"),
      ({ $0.epochs = .max }, "epochs must be from 0 to 1000000, not \(Int.max)"),
      (
        { $0.warmUpBatches = .max },
        "minibatches of warm-up must be from 0 to 1000000000, not \(Int.max)"
      ),
      ({ $0.learningRate = .nan }, "the learning rate must be above 0, not nan"),
      ({ $0.weightDecay = 1000 }, "weight decay must be 0 or more and below 1 / learning rate, not 1000.0"),
      ({ $0.clipNorm = 0 }, "the norm to clip gradients to must be above 0"),
      ({ $0.clipValue = -1 }, "the value to clip gradients to must be above 0"),
      ({ $0.optimizer = .adam(beta1: 1) }, "beta1 must be at least 0 and below 1, not 1.0"),
      ({ $0.optimizer = .rmsprop(epsilon: 0) }, "epsilon must be above 0, not 0.0"),
      ({ $0.optimizer = .sgd(momentum: -0.1) }, "momentum must be at least 0 and below 1, not -0.1"),
      ({ $0.schedule = .cosine(lowest: 2) }, "the lowest learning rate must be a share from 0 to 1"),
      ({ $0.schedule = .reduceOnPlateau(factor: 1) }, "a plateau's factor must be above 0 and below 1"),
      (
        { $0.earlyStopping = EarlyStopping(patience: 0) },
        "early stopping needs a patience of 1 epoch or more"
      ),
      ({ $0.augmentation.shift = -1 }, "a shift must be from 0 to 1048576, not -1"),
    ] as [((inout TrainingOptions) -> Void, String)] {
      var options = TrainingOptions()
      change(&options)
      #expect(throws: InputError(reason)) { try options.validate() }
    }
  }
}
