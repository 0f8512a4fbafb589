/// Batch, layer and group normalization.
extension KerasReader {
  mutating func normalization(_ layer: Layer) -> String? {
    let config = layer.config
    let axis = config["axis"].integers?.first ?? -1
    if axis == 1, plane?.isChannelsFirst != true, !isFeatures(layer.inputs.first) {
      return refuse(layer, "axis 1")
    }
    if let mode = config["mode"].integer, mode == 1 { return refuse(layer, "mode 1") }
    var rest = layer.arrays[...]
    let gamma = config["scale"].bool ?? true ? rest.popFirst()?.values : nil
    let beta = config["center"].bool ?? true ? rest.popFirst()?.values : nil
    guard let mean = rest.popFirst()?.values, let variance = rest.popFirst()?.values,
      mean.count == variance.count,
      (gamma ?? mean).count == mean.count, (beta ?? mean).count == mean.count
    else { return refuse(layer, "its weights are missing or of another shape") }
    return plain(
      layer,
      .normalization(
        .init(
          gamma: gamma, beta: beta, mean: mean, variance: variance, epsilon: config["epsilon"].number ?? 1e-3,
          momentum: config["momentum"].number)))
  }

  /// Over the channels, or over positions and channels; then with a scale and shift for each place.
  mutating func layerNormalization(_ layer: Layer) -> String? {
    let config = layer.config
    if config["rms_scaling"].bool == true { return refuse(layer, "root mean square without the mean") }
    let gamma = config["scale"].bool ?? true ? layer.arrays.first?.values : nil
    let beta = config["center"].bool ?? true ? layer.arrays.last?.values : nil
    let epsilon = config["epsilon"].number ?? 1e-3
    let operation = Operation.layerNormalization(gamma: gamma, beta: beta, epsilon: epsilon)
    if isLastAxis(layer) { return plain(layer, operation) }
    guard Set((config["axis"].integers ?? []).map { $0 < 0 ? $0 + 3 : $0 }) == [1, 2],
      let input = layer.inputs.first,
      let length = shape(input)?.length, length > 1
    else { return refuse(layer, "its axes") }
    return chain(
      layer,
      [.flatten(channelsFirst: false), operation, .separate(length: length, channelsFirst: false)])
  }

  mutating func groupNormalization(_ layer: Layer) -> String? {
    let config = layer.config
    guard isLastAxis(layer) else { return refuse(layer, "its axis") }
    let gamma = config["scale"].bool ?? true ? layer.arrays.first?.values : nil
    let beta = config["center"].bool ?? true ? layer.arrays.last?.values : nil
    // -1 is a group for each channel.
    let groups = config["groups"].integer ?? 32
    guard let count = groups == -1 ? layer.inputs.first.flatMap({ shape($0)?.channels }) : groups
    else { return refuse(layer, "its groups") }
    return plain(
      layer,
      .groupNormalization(groups: count, gamma: gamma, beta: beta, epsilon: config["epsilon"].number ?? 1e-3))
  }

  /// Whether a layer works over the last axis, which is that of channels or features.
  func isLastAxis(_ layer: Layer) -> Bool {
    guard let axes = layer.config["axis"].integers else { return !layer.config["axis"].exists }
    return axes == [-1] || axes == [isFeatures(layer.inputs.first) ? 1 : 2]
  }
}
