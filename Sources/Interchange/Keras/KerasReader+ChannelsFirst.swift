/// Layers on channels before positions.
extension KerasReader {
  private static let pointwise: Set<String> = [
    "Activation", "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Dropout", "SpatialDropout1D", "Rescaling",
    "Identity",
    "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Add", "Average",
    "Subtract",
    "Maximum", "Minimum", "Multiply",
  ]
  private static let alongPositions: Set<String> = [
    "Conv1D", "SeparableConv1D", "DepthwiseConv1D", "Conv1DTranspose", "MaxPooling1D", "AveragePooling1D",
    "GlobalMaxPooling1D", "GlobalAveragePooling1D", "ZeroPadding1D", "Flatten",
  ]

  /// The same layer on positions before channels; `nil` for one that is given these, or that does nothing to them that has a name
  /// of its own.
  func withPositionsFirst(_ layer: Layer) -> Layer? {
    let originals = layer.inputs.compactMap { permuted[$0] }
    guard !originals.isEmpty, originals.count == layer.inputs.count else { return nil }
    var result = layer
    result.inputs = originals
    let axis = layer.config["axis"].integers ?? [-1]
    switch layer.className {
    case "Activation" where ["softmax", "log_softmax"].contains(layer.config["activation"].text): return nil
    case _ where Self.pointwise.contains(layer.className): return result
    case _ where Self.alongPositions.contains(layer.className):
      guard layer.config["data_format"].text == "channels_first" else { return nil }
      result.config = layer.config.with("data_format", "channels_last")
    case "BatchNormalization" where axis == [1]: result.config = layer.config.with("axis", -1)
    case "Concatenate" where axis == [1] || axis == [-2]: result.config = layer.config.with("axis", -1)
    case "Concatenate" where axis == [2] || axis == [-1]: result.config = layer.config.with("axis", 1)
    default: return nil
    }
    return result
  }
}
