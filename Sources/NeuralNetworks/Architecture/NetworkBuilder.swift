/// Lets a network be written as a list of layers.
@resultBuilder
public enum NetworkBuilder {
  public static func buildExpression(_ layer: Convolution1D) -> [Layer] { [.convolution1D(layer)] }
  public static func buildExpression(_ layer: MaxPooling1D) -> [Layer] { [.maxPooling1D(layer)] }
  public static func buildExpression(_ layer: AveragePooling1D) -> [Layer] { [.averagePooling1D(layer)] }
  public static func buildExpression(_ layer: GlobalMaxPooling1D) -> [Layer] { [.globalMaxPooling1D] }
  public static func buildExpression(_ layer: GlobalAveragePooling1D) -> [Layer] { [.globalAveragePooling1D] }
  public static func buildExpression(_ layer: Dropout) -> [Layer] { [.dropout(layer)] }
  public static func buildExpression(_ layer: Flatten) -> [Layer] { [.flatten] }
  public static func buildExpression(_ layer: Dense) -> [Layer] { [.dense(layer)] }
  public static func buildExpression(_ layer: ActivationLayer) -> [Layer] { [.activation(layer)] }
  public static func buildExpression(_ layer: Softmax) -> [Layer] { [.softmax] }
  public static func buildExpression(_ layer: BatchNormalization) -> [Layer] { [.batchNormalization(layer)] }
  public static func buildExpression(_ layer: Addition) -> [Layer] { [.addition(layer)] }
  public static func buildExpression(_ block: Residual) -> [Layer] { block.layers }
  public static func buildExpression(_ layer: Layer) -> [Layer] { [layer] }

  public static func buildBlock(_ parts: [Layer]...) -> [Layer] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Layer]?) -> [Layer] { part ?? [] }
  public static func buildEither(first part: [Layer]) -> [Layer] { part }
  public static func buildEither(second part: [Layer]) -> [Layer] { part }
  public static func buildArray(_ parts: [[Layer]]) -> [Layer] { parts.flatMap { $0 } }
}
