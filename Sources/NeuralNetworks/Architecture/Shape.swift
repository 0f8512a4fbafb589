/// What a network takes: one-hot DNA of a fixed length, (length, 4).
public struct NetworkInput: Codable, Equatable, Sendable {
  public var length: Int

  public static func dna(length: Int) -> NetworkInput { NetworkInput(length: length) }

  enum CodingKeys: String, CodingKey, CaseIterable { case length }

  public init(length: Int) { self.length = length }

  public init(from decoder: any Decoder) throws {
    try decoder.requireKeys(CodingKeys.allCases.map(\.rawValue), of: "an input")
    length = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .length)
  }
}

/// The shape of one sequence's activations.
public enum Shape: Equatable, Sendable {
  /// Positions × channels.
  case map(length: Int, channels: Int)
  case features(Int)

  /// Whether it has positions.
  public var isMap: Bool {
    if case .map = self { true } else { false }
  }
  public var length: Int {
    if case .map(let length, _) = self { length } else { 1 }
  }
  public var channels: Int {
    switch self {
    case .map(_, let channels): channels
    case .features(let count): count
    }
  }
  public var count: Int { length * channels }
}

/// One of the network's outputs.
public struct NetworkOutput: Equatable, Sendable {
  /// The name of the layer that gives it.
  public let name: String
  /// Index of that layer.
  public let layer: Int
  public let shape: Shape
  /// Its numbers among those of all outputs: positions × channels, or features.
  public let range: Range<Int>
}
