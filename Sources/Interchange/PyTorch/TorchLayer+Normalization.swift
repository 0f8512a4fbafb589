/// Layer, group and instance normalization.
extension TorchLayer {
  /// Over features, or over channels and positions with a scale and shift for each place.
  func layerNormalization() throws -> [Operation] {
    guard let sizes = module.integers("normalized_shape") else { throw Missing(what: "its sizes") }
    let (gamma, beta) = (module.tensors["weight"], module.tensors["bias"])
    let epsilon = module.number("eps") ?? 1e-5
    if layout.axes.last == .channels, sizes.count == 1 {
      return [.layerNormalization(gamma: gamma?.values, beta: beta?.values, epsilon: epsilon)]
    }
    guard layout.axes == [.channels, .positions], sizes.count == 2,
      [gamma, beta].allSatisfy({ $0.map { $0.shape == sizes } ?? true })
    else {
      throw Missing(what: layout.axes == [.channels] ? "its sizes" : "over positions without channels")
    }
    // The mean and variance are the same in any order of the values.
    return [
      .flatten(channelsFirst: false),
      .layerNormalization(
        gamma: gamma?.transposed([1, 0]).values, beta: beta?.transposed([1, 0]).values, epsilon: epsilon),
      .separate(length: sizes[1], channelsFirst: false),
    ]
  }

  /// Instance normalization has a group for each channel; with running statistics it is batch normalization.
  func groupNormalization() throws -> [Operation] {
    let (gamma, beta) = (module.tensors["weight"]?.values, module.tensors["bias"]?.values)
    let epsilon = module.number("eps") ?? 1e-5
    if let mean = module.tensors["running_mean"]?.values, let variance = module.tensors["running_var"]?.values
    {
      return [
        .normalization(
          .init(
            gamma: gamma, beta: beta, mean: mean, variance: variance, epsilon: epsilon,
            momentum: module.number("momentum") ?? 0.1))
      ]
    }
    guard let groups = module.integer("num_groups") ?? module.integer("num_features") else {
      throw Missing(what: "its sizes")
    }
    return [.groupNormalization(groups: groups, gamma: gamma, beta: beta, epsilon: epsilon)]
  }
}
