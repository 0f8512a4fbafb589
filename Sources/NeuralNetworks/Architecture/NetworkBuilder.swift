/// Lets a network be written as a list of layers.
@resultBuilder
public enum NetworkBuilder {
  public static func buildExpression(_ layer: some LayerDefinition) -> [Layer] { [Layer(layer)] }
  public static func buildExpression(_ layer: Layer) -> [Layer] { [layer] }
  public static func buildExpression(_ block: Residual) -> [Layer] { block.layers }

  public static func buildBlock(_ parts: [Layer]...) -> [Layer] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Layer]?) -> [Layer] { part ?? [] }
  public static func buildEither(first part: [Layer]) -> [Layer] { part }
  public static func buildEither(second part: [Layer]) -> [Layer] { part }
  public static func buildArray(_ parts: [[Layer]]) -> [Layer] { parts.flatMap { $0 } }
}
