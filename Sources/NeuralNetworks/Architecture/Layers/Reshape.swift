/// L · C features as L positions of C channels, the opposite of `Flatten`: feature p · C + c becomes channel c of position p. A
/// convolution of size 1 after it is the same dense layer for each part.
public struct Reshape: LayerDefinition {
  public var length: Int

  public init(length: Int) { self.length = length }

  public static let names = LayerNames(json: "reshape", type: "Reshape", keras: "reshape")
  public static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }
  public var kind: Layer.Kind { .reshape(self) }

  enum CodingKeys: String, CodingKey, CaseIterable { case length }

  public func output(of inputs: [Shape]) throws -> Shape {
    guard case .features(let count) = inputs[0] else { throw LayerProblem("takes features, not \(inputs[0])") }
    guard length > 0, count % length == 0 else {
      throw LayerProblem("\(count) features are not \(length) positions of the same number of channels")
    }
    return .map(length: length, channels: count / length)
  }

  public func facts(_ inputs: [Shape]) -> LayerFacts {
    LayerFacts(detail: "\(length) positions", window: .all, channels: .separated)
  }
}
