import ArgumentParser
import MotifKit

/// How to train: the options that become `TrainingOptions`.
struct TrainingArguments: ParsableArguments {
  enum OptimizerName: String, ExpressibleByArgument, CaseIterable { case adam, adamw, sgd, rmsprop }
  enum ScheduleName: String, ExpressibleByArgument, CaseIterable { case constant, cosine, plateau }

  @Option(
    name: .customLong("epochs"),
    help: "Passes over the training sequences. (default: 10)") var givenEpochs: Int?
  @Option(help: "Sequences in one step.") var batchSize = 256
  @Option(help: "Step size of the optimizer.") var learningRate = 0.001
  @Option(help: "balanced gives the rarer class more weight.")
  var classWeight = TrainingOptions.ClassWeight.none
  @Option(
    help: ArgumentHelp(
      """
      Take the classes equally often in training: up repeats the rarer ones, down takes as many of each as the rarest has, \
      drawn again in each epoch, batches fills every batch alike. What is measured on stays as it is.
      """))
  var balance = ClassBalance.none
  @Option(
    help: ArgumentHelp(
      "Gamma of the focal loss: answers that are nearly right count less. (default: 0; 2 with --loss focal)",
      valueName: "gamma"))
  var focalGamma: Double?
  @Option(help: "adamw is adam with a weight decay of 0.004.") var optimizer = OptimizerName.adam
  @Option(help: "Of sgd and rmsprop.") var momentum = 0.0
  @Option(
    help: ArgumentHelp(
      """
      cosine lets the step size fall to zero; plateau divides it by 10 after 5 epochs in which the test loss (without \
      --test the loss) does not fall.
      """))
  var schedule = ScheduleName.constant
  @Option(help: ArgumentHelp("Steps in which the step size rises to its full value.", valueName: "steps"))
  var warmUp = 0
  @Option(help: "Share of each parameter that a step of size 1 takes away.") var weightDecay: Double?
  @Option(help: ArgumentHelp("Largest norm of a gradient.", valueName: "norm")) var clipNorm: Double?
  @Option(help: ArgumentHelp("Largest value in a gradient.", valueName: "value")) var clipValue: Double?
  @Option(
    help: ArgumentHelp(
      "End after this many epochs without a better test loss; the best epoch's weights are kept.",
      valueName: "epochs"))
  var earlyStopping: Int?
  @Flag(help: "Train on the reverse complement of every other sequence, at random.") var reverseComplement =
    false
  @Option(help: ArgumentHelp("Move sequences by up to this many bases, at random.", valueName: "bases"))
  var shift = 0

  var epochs: Int { givenEpochs ?? 10 }

  func validate() throws {
    if epochs < 1 { throw ValidationError("--epochs \(epochs): expected 1 or more") }
    if momentum != 0, optimizer != .sgd, optimizer != .rmsprop {
      throw ValidationError("--momentum is for sgd and rmsprop")
    }
    do { try options(seed: 0).validate() } catch let error as InputError {
      throw ValidationError(error.reason)
    }
  }

  /// The words of a command line for what differs from the defaults, without epochs, batch size, learning rate and weight
  /// decay.
  var otherWords: [String] {
    let words: [(String, String?)] = [
      ("--class-weight", classWeight == .none ? nil : classWeight.rawValue),
      ("--balance", balance == .none ? nil : balance.rawValue),
      ("--focal-gamma", focalGamma.map { "\($0)" }),
      ("--optimizer", optimizer == .adam ? nil : optimizer.rawValue),
      ("--momentum", momentum == 0 ? nil : "\(momentum)"),
      ("--schedule", schedule == .constant ? nil : schedule.rawValue),
      ("--warm-up", warmUp == 0 ? nil : "\(warmUp)"), ("--clip-norm", clipNorm.map { "\($0)" }),
      ("--clip-value", clipValue.map { "\($0)" }), ("--reverse-complement", reverseComplement ? "" : nil),
      ("--shift", shift == 0 ? nil : "\(shift)"),
    ]
    return words.flatMap { name, value in
      value.map { $0.isEmpty ? [name] : [name, $0] } ?? []
    }
  }

  /// The options where a command has its own number of epochs and its own end of training.
  func options(seed: UInt64, else standard: TrainingOptions) -> TrainingOptions {
    var options = options(seed: seed)
    options.epochs = givenEpochs ?? standard.epochs
    options.earlyStopping = options.earlyStopping ?? standard.earlyStopping
    return options
  }

  /// - Parameter isFocal: whether `--loss focal` asks for the focal loss.
  func options(seed: UInt64, isFocal: Bool = false) -> TrainingOptions {
    var options = TrainingOptions()
    options.seed = seed
    options.epochs = epochs
    options.batchSize = batchSize
    options.learningRate = learningRate
    options.classWeight = classWeight
    options.balance = balance
    options.focusing = focalGamma ?? (isFocal ? 2 : 0)
    options.optimizer =
      switch optimizer {
      case .adam, .adamw: .adam()
      case .sgd: .sgd(momentum: momentum)
      case .rmsprop: .rmsprop(momentum: momentum)
      }
    options.schedule =
      switch schedule {
      case .constant: .constant
      case .cosine: .cosine()
      case .plateau: .reduceOnPlateau(factor: 0.1, patience: 5)
      }
    options.warmUpBatches = warmUp
    options.weightDecay = weightDecay ?? (optimizer == .adamw ? 0.004 : 0)
    options.clipNorm = clipNorm
    options.clipValue = clipValue
    options.earlyStopping = earlyStopping.map { EarlyStopping(patience: $0) }
    options.augmentation = Augmentation(reverseComplement: reverseComplement, shift: shift)
    return options
  }
}

/// What a run keeps so that it may be interrupted.
struct CheckpointArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Keep the state of training in the model's file name and .checkpoint, after this many epochs, or steps as in \
      200-steps; the file goes when the model is written.
      """, valueName: "epochs"))
  var checkpointEvery: Interval?
  @Flag(help: "Go on from the checkpoint, if there is one.") var resume = false

  struct Interval: ExpressibleByArgument {
    let interval: TrainingCheckpoint.Interval

    init?(argument: String) {
      let steps = "-steps"
      if argument.hasSuffix(steps), let count = Int(argument.dropLast(steps.count)), count > 0 {
        interval = .batches(count)
      } else if let count = Int(argument), count > 0 {
        interval = .epochs(count)
      } else {
        return nil
      }
    }
  }

  func checkpoint(model: String) -> TrainingCheckpoint? {
    guard checkpointEvery != nil || resume else { return nil }
    return TrainingCheckpoint(
      model + ".checkpoint", every: checkpointEvery?.interval ?? .epochs(1), resumes: resume)
  }
}

extension TrainingOptions.ClassWeight: ExpressibleByArgument {}
extension ClassBalance: ExpressibleByArgument {}
