import NeuralNetworks

extension NetworkGraph {
  /// Softmax over the positions of each channel. MotifKit's is over features, which each channel's positions are on the way.
  mutating func addSoftmaxOverPositions(_ name: String, of tensor: String, length: Int, channels: Int) {
    let parts = (0..<channels).map { channel in
      let part = channels == 1 ? name : "\(name):channel\(channel + 1)"
      var source = tensor
      if channels > 1 {
        var kernel = Weights(shape: [channels, 1], values: [Float](repeating: 0, count: channels))
        kernel.values[channel] = 1
        source = part + ":alone"
        add(source, .dense(kernel: kernel, bias: nil), [tensor])
      }
      add(part + ":features", .flatten(channelsFirst: false), [source])
      add(part + ":shares", .softmax, [part + ":features"])
      add(part, .separate(length: length, channelsFirst: false), [part + ":shares"])
      return part
    }
    if channels > 1 { add(name, .concatenation, parts) }
  }
}

extension Operation {
  /// A single channel as several.
  static func ones(_ count: Int) -> Operation {
    .dense(kernel: Weights(shape: [1, count], values: [Float](repeating: 1, count: count)), bias: nil)
  }
}
