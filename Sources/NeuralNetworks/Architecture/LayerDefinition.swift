/// Why a layer cannot take its inputs.
struct LayerProblem: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// The names of a kind of layer.
public struct LayerNames: Equatable, Sendable {
  /// The `"type"` in JSON, such as `convolution1D`.
  public var json: String
  /// The Keras class that the summary shows, such as `Conv1D`.
  public var type: String
  /// What Keras calls the first such layer of a network, such as `conv1d`.
  public var keras: String
  /// For diagrams, such as `MaxPool`.
  public var short: String

  init(json: String, type: String, keras: String, short: String? = nil) {
    (self.json, self.type, self.keras, self.short) = (json, type, keras, short ?? type)
  }
}

/// What a kind of layer is: everything that follows from its own parameters and the shapes it is given.
///
/// A new layer is one file with a type of this kind, a case of `Layer.Kind`, and a place in the engine, the
/// reference network and the bounds. CONTRIBUTING.md takes one of them as its example.
public protocol LayerDefinition: Codable, Equatable, Sendable {
  static var names: LayerNames { get }
  /// The keys of its parameters in JSON.
  static var keys: [String] { get }
  /// Whether it takes two inputs or more, not one.
  static var takesSeveralInputs: Bool { get }
  var kind: Layer.Kind { get }
  /// The shape that comes out; throws when none does.
  func output(of inputs: [Shape]) throws -> Shape
  /// What it does to inputs of these shapes, which fit.
  func facts(_ inputs: [Shape]) -> LayerFacts
  /// The same with as many units, which are its outputs or, of a layer that gives both strands or directions, those of one; and
  /// with as many groups, where it has groups.
  func resized(units: Int, groups: Int) -> Self
}

extension LayerDefinition {
  public static var keys: [String] { [] }
  public static var takesSeveralInputs: Bool { false }
  public func output(of inputs: [Shape]) throws -> Shape { inputs[0] }
  public func resized(units: Int, groups: Int) -> Self { self }
}

/// A layer whose kernel, with its outputs along the last axis, is multiplied with what it is given; a bias and an
/// activation may follow.
public protocol WeightedLayer: LayerDefinition {
  var useBias: Bool { get set }
  var activation: Activation { get set }
}

extension Shape {
  /// Length and channels, where there are positions.
  func map() throws -> (length: Int, channels: Int) {
    guard case .map(let length, let channels) = self else {
      throw LayerProblem("needs positions, but the layer before it has none left")
    }
    return (length, channels)
  }

  /// Windows of `size` positions, `stride` apart, over `length`.
  static func windows(size: Int, stride: Int, over length: Int) throws -> Int {
    guard (1...1 << 20).contains(size), (1...1 << 20).contains(stride) else {
      throw LayerProblem("window and stride must be positive and not absurdly large")
    }
    guard length >= size else {
      throw LayerProblem("a window of \(size) does not fit into \(length) positions")
    }
    return (length - size) / stride + 1
  }
}
