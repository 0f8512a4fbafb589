import Runtime
import Sequences

/// How a network is trained; the loss belongs to the data's objective. Defaults are the exercise's: Adam, batches of 256,
/// 10 epochs.
public struct TrainingOptions: Codable, Equatable, Sendable {
  /// What an error costs, by class.
  public enum ClassWeight: String, Codable, CaseIterable, Sendable {
    /// The same for both.
    case none
    /// n / (2 · n of the class), as scikit-learn's `balanced`.
    case balanced
  }

  public var epochs = 10
  public var batchSize = 256
  public var seed: UInt64 = 0
  public var classWeight = ClassWeight.none
  /// How often an epoch takes the sequences of each class.
  public var balance = ClassBalance.none
  /// γ of the focal loss of questions of yes and no (Lin et al. 2017); 0 is cross-entropy. 2 is the paper's.
  public var focusing = 0.0
  public var optimizer = Optimizer.adam()
  public var learningRate = 0.001
  public var schedule = Schedule.constant
  /// Minibatches over which the learning rate rises linearly to its full size.
  public var warmUpBatches = 0
  /// Each step takes rate · weightDecay of every parameter away, beside the optimizer's own move (Loshchilov & Hutter
  /// 2019); AdamW is Adam with 0.004.
  public var weightDecay = 0.0
  /// Gradients are scaled down to this Euclidean norm over all parameters; applied before `clipValue`.
  public var clipNorm: Double?
  /// Gradients are cut to −clipValue … clipValue.
  public var clipValue: Double?
  public var augmentation = Augmentation.none
  public var earlyStopping: EarlyStopping?

  /// The largest numbers that are taken: the steps of a whole training stay countable.
  public static let (mostEpochs, mostWarmUpBatches) = (1_000_000, 1_000_000_000)

  public init() {}

  /// Options that are missing have their defaults, so that files of earlier versions can be read.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, _ path: WritableKeyPath<Self, Value>) throws {
      if let value = try values.decodeIfPresent(Value.self, forKey: key) { self[keyPath: path] = value }
    }
    try read(.epochs, \.epochs)
    try read(.batchSize, \.batchSize)
    try read(.seed, \.seed)
    try read(.classWeight, \.classWeight)
    try read(.balance, \.balance)
    try read(.focusing, \.focusing)
    try read(.optimizer, \.optimizer)
    try read(.learningRate, \.learningRate)
    try read(.schedule, \.schedule)
    try read(.warmUpBatches, \.warmUpBatches)
    try read(.weightDecay, \.weightDecay)
    try read(.augmentation, \.augmentation)
    clipNorm = try values.decodeIfPresent(Double.self, forKey: .clipNorm)
    clipValue = try values.decodeIfPresent(Double.self, forKey: .clipValue)
    earlyStopping = try values.decodeIfPresent(EarlyStopping.self, forKey: .earlyStopping)
  }

  /// Throws `InputError` that says which number is impossible.
  public func validate() throws {
    func require(_ condition: Bool, _ expected: String) throws {
      if !condition { throw InputError(expected) }
    }
    try require(
      (0...Self.mostEpochs).contains(epochs), "epochs must be from 0 to \(Self.mostEpochs), not \(epochs)")
    try require(
      (1...1 << 24).contains(batchSize), "the batch size must be from 1 to \(1 << 24), not \(batchSize)")
    try require(
      learningRate > 0 && learningRate.isFinite, "the learning rate must be above 0, not \(learningRate)")
    try require(
      (0...Self.mostWarmUpBatches).contains(warmUpBatches),
      "minibatches of warm-up must be from 0 to \(Self.mostWarmUpBatches), not \(warmUpBatches)")
    try require(
      weightDecay >= 0 && weightDecay * learningRate < 1,
      "weight decay must be 0 or more and below 1 / learning rate, not \(weightDecay)")
    try require(
      (0...100).contains(focusing), "gamma of the focal loss must be from 0 to 100, not \(focusing)")
    for (name, limit) in [("norm", clipNorm), ("value", clipValue)] {
      try require(limit.map { $0 > 0 } ?? true, "the \(name) to clip gradients to must be above 0")
    }
    try require(
      (0...1 << 20).contains(augmentation.shift),
      "a shift must be from 0 to \(1 << 20), not \(augmentation.shift)")
    if let earlyStopping {
      try require(earlyStopping.patience >= 1, "early stopping needs a patience of 1 epoch or more")
      try require(earlyStopping.minimumChange >= 0, "the minimum change must be 0 or more")
    }
    if let problem = optimizer.problem ?? schedule.problem { throw InputError(problem) }
  }
}

/// Loss and accuracy of one epoch, and of the validation set after it.
public struct EpochRecord: Codable, Equatable, Sendable {
  /// 1-based.
  public var epoch: Int
  /// Mean loss and accuracy over the epoch, dropout on, while the weights changed, as Keras reports them. There is no
  /// accuracy of numbers and counts.
  public var loss: Double
  public var accuracy: Double?
  public var validationLoss: Double?
  public var validationAccuracy: Double?
  /// Seconds spent training, without the validation.
  public var seconds: Double

  public init(
    epoch: Int, loss: Double, accuracy: Double? = nil, validationLoss: Double? = nil,
    validationAccuracy: Double? = nil, seconds: Double
  ) {
    self.epoch = epoch
    self.loss = loss
    self.accuracy = accuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.seconds = seconds
  }
}
