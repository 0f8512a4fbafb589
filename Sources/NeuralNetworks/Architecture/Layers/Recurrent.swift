/// A recurrent layer, (L, C) → (L, units) or, without `returnsSequences`, the state after the last position, (units); `both`
/// directions have twice as many channels, first those of the forward one.
///
/// LSTM (Hochreiter & Schmidhuber 1997): i, f, g, o of x·W + h·U + b, through σ, σ, tanh, σ; c ← f·c + i·g; h ← o · tanh(c).
/// GRU (Cho et al. 2014): z, r = σ(x·W + h·U + b); g = tanh(x·W + b + r · (h·U + b′)); h ← z·h + (1 − z)·g. Gates stand in this
/// order, as in Keras, where this GRU is `reset_after`, what PyTorch always does; without it, as in the paper and in Keras 1 and 2,
/// g = tanh(x·W + b + (r · h)·U). Parameters of each direction: kernel (C, gates · units), recurrent_kernel (units, gates · units),
/// bias (gates · units), for the GRU that resets after the product (2, 3 · units).
public struct Recurrent: LayerDefinition {
  public enum Cell: String, Codable, CaseIterable, Sendable {
    case lstm, gru

    public var gates: Int { self == .lstm ? 4 : 3 }
  }

  public enum Direction: String, Codable, CaseIterable, Sendable { case forward, backward, both }

  public var cell: Cell
  public var units: Int
  public var direction: Direction
  /// Whether every position's state is given, at its position, or that after the last one seen.
  public var returnsSequences: Bool
  /// σ of the gates i, f, o, z and r: `sigmoid`, or the hard ones of Keras's older files.
  public var recurrentActivation: Activation
  /// Whether a GRU multiplies with r after the product h·U, or the state before it.
  public var resetsAfter: Bool

  public init(
    _ cell: Cell, units: Int, direction: Direction = .forward, returnsSequences: Bool = false,
    recurrentActivation: Activation = .sigmoid, resetsAfter: Bool = true
  ) {
    self.cell = cell
    self.units = units
    self.direction = direction
    self.returnsSequences = returnsSequences
    self.recurrentActivation = recurrentActivation
    self.resetsAfter = resetsAfter
  }

  /// What gates may be.
  static let gateFunctions: [Activation] = [.sigmoid, .hardSigmoid, .hardSigmoidKeras2]

  public static let names = LayerNames(json: "recurrent", type: "Recurrent", keras: "recurrent")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .recurrent(self) }

  /// Whether what the state adds to the gates has a bias of its own.
  var hasOwnBias: Bool { cell == .gru && resetsAfter }
  /// Whether it is a GRU that resets the state before its product.
  var resetsBefore: Bool { cell == .gru && !resetsAfter }

  /// Whether each of its directions runs from the last position to the first.
  var directions: [Bool] {
    switch direction {
    case .forward: [false]
    case .backward: [true]
    case .both: [false, true]
    }
  }

  public func output(of inputs: [Shape]) throws -> Shape {
    let (length, _) = try inputs[0].map()
    guard (1...1 << 14).contains(units) else { throw LayerProblem("units must be from 1 to 16384") }
    guard Self.gateFunctions.contains(recurrentActivation) else {
      throw LayerProblem(
        "recurrentActivation must be one of \(Self.gateFunctions.map(\.rawValue).joined(separator: ", "))")
    }
    let channels = directions.count * units
    return returnsSequences ? .map(length: length, channels: channels) : .features(channels)
  }

  public func resized(units: Int, groups: Int) -> Self {
    var copy = self
    copy.units = units
    return copy
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    let (channels, width) = (inputs[0].channels, cell.gates * units)
    let tensors = directions.indices.flatMap { number in
      let prefix = number == 0 ? "" : "backward_"
      return [
        LayerFacts.Tensor(part: prefix + "kernel", role: .kernel, shape: [channels, width]),
        LayerFacts.Tensor(part: prefix + "recurrent_kernel", role: .recurrent, shape: [units, width]),
        !hasOwnBias
          ? LayerFacts.Tensor(part: prefix + "bias", role: .gateBias, shape: [width])
          : LayerFacts.Tensor(part: prefix + "bias", role: .bias, shape: [2, width]),
      ]
    }
    return LayerFacts(
      family: .dense,
      detail: "\(cell.rawValue.uppercased()) \(units)" + (direction == .both ? ", both ways" : ""),
      window: .all, channels: .recurrent,
      response: .other("a recurrent layer"), tensors: tensors,
      operations: 2 * inputs[0].length * (channels + units) * width * directions.count)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case cell, units, direction, returnsSequences, recurrentActivation, resetsAfter
  }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decode(Cell.self, forKey: .cell), units: try c.decode(Int.self, forKey: .units),
      direction: try c.decodeIfPresent(Direction.self, forKey: .direction) ?? .forward,
      returnsSequences: try c.decodeIfPresent(Bool.self, forKey: .returnsSequences) ?? false,
      recurrentActivation: try c.decodeIfPresent(Activation.self, forKey: .recurrentActivation) ?? .sigmoid,
      resetsAfter: try c.decodeIfPresent(Bool.self, forKey: .resetsAfter) ?? true)
  }

  /// Without what older files know nothing of, where it is what they have.
  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(cell, forKey: .cell)
    try c.encode(units, forKey: .units)
    try c.encode(direction, forKey: .direction)
    try c.encode(returnsSequences, forKey: .returnsSequences)
    if !resetsAfter { try c.encode(resetsAfter, forKey: .resetsAfter) }
    if recurrentActivation != .sigmoid { try c.encode(recurrentActivation, forKey: .recurrentActivation) }
  }
}
