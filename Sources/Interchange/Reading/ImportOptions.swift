/// What a file of another program does not say about its network.
public struct ImportOptions: Sendable {
  /// A JSON file with the layers, for files that hold weights only: Keras's `to_json()`, or a network of MotifKit.
  public var architecture: String?
  /// A network whose program text is known, for tensors of PyTorch.
  public var recipe: TorchRecipe?
  /// Length of the sequences, for networks that take any.
  public var length: Int?
  /// Where that is not given: the length of the sequences at hand, `nil` without some. Networks that do not say their own take it.
  public var lengthOfData: (@Sendable () throws -> Int?)?
  /// The order in which the network takes bases.
  public var bases: String
  /// What the network is given in the four columns of an unknown base: 0, or 0.25.
  public var unknownBase: Float
  /// Whether outputs are means over both strands of a sequence, by a wrapper that is not in the file.
  public var averagesStrands: Bool
  /// Whether a network of PyTorch takes (4, positions), as its layers do, and numbers features channel by channel; matters where it
  /// flattens.
  public var isChannelsFirst: Bool

  public init(
    architecture: String? = nil, recipe: TorchRecipe? = nil, length: Int? = nil, bases: String = "ACGT",
    isChannelsFirst: Bool = true, unknownBase: Float = 0, averagesStrands: Bool = false,
    lengthOfData: (@Sendable () throws -> Int?)? = nil
  ) {
    self.architecture = architecture
    self.recipe = recipe
    self.length = length
    self.bases = bases
    self.isChannelsFirst = isChannelsFirst
    self.unknownBase = unknownBase
    self.averagesStrands = averagesStrands
    self.lengthOfData = lengthOfData
  }

  /// Whether they say which layers tensors belong to.
  var describesTensors: Bool { architecture != nil || recipe != nil }
  /// Whether they say how bases go into the network, and strands.
  var describesInput: Bool { bases != "ACGT" || !isChannelsFirst || unknownBase != 0 || averagesStrands }
}
