/// What the axes of a tensor of PyTorch are after the batch.
struct TorchLayout: Equatable {
  enum Axis { case channels, positions, idle }

  var axes: [Axis]
  /// Whether it is what the network is given, which may also be a picture with the bases as its rows or columns.
  var isInput = false

  /// Whether all positions are pooled into one, which the graph takes for none.
  var isPooled = false

  static let map = Self(axes: [.channels, .positions])
  static let features = Self(axes: [.channels])

  static func input(isChannelsFirst: Bool) -> Self {
    Self(axes: isChannelsFirst ? [.channels, .positions] : [.positions, .channels], isInput: true)
  }

  /// The meaning of an axis that is counted with the batch, or from the end; `nil` for the batch and beyond.
  func axis(_ dim: Int) -> Axis? { axes[safe: dim < 0 ? dim + axes.count : dim - 1] }
}
