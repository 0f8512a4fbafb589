/// Adds the input of the `layers` layers before it to their output; the shapes must be the same.
public struct Addition: Codable, Equatable, Sendable {
  /// How many layers the skip connection passes.
  public var layers: Int

  public init(layers: Int) { self.layers = layers }
}

/// A residual block (He et al. 2016): input + layers(input).
///
/// It stands for its layers and an `Addition` behind them.
public struct Residual {
  let layers: [Layer]

  public init(@NetworkBuilder layers: () -> [Layer]) {
    let layers = layers()
    self.layers = layers + [.addition(Addition(layers: layers.count))]
  }
}
