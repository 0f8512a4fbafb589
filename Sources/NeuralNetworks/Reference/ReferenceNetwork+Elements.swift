/// Activations, pooling and dropout.
extension ReferenceNetwork {
  func apply(_ function: Activation, _ x: ReferenceActivations) -> ReferenceActivations {
    var y = x
    y.values = x.values.map(function.value)
    return y
  }

  func gradient(of function: Activation, _ x: ReferenceActivations, _ dy: ReferenceActivations)
    -> ReferenceActivations
  {
    var dx = dy
    dx.values = zip(x.values, dy.values).map { function.derivative($0) * $1 }
    return dx
  }

  /// The positions of each pooling window that exist: `same` padding lets windows reach over both ends, evenly, and one
  /// more on the right where their number is odd.
  func windows(_ layer: Int, _ x: ReferenceActivations, _ size: Int, _ stride: Int) -> [Range<Int>] {
    let count = architecture.shapes[layer].length
    let left = max(0, (count - 1) * stride + size - x.length) / 2
    return (0..<count).map { max(0, $0 * stride - left)..<min(x.length, $0 * stride - left + size) }
  }

  /// y[i, c] = maximum of x[window i, c].
  func maximum(_ x: ReferenceActivations, _ windows: [Range<Int>]) -> ReferenceActivations {
    var y = ReferenceActivations(count: x.count, length: windows.count, channels: x.channels)
    y.forEach { s, i, c in y[s, i, c] = x[s, winner(x, s, windows[i], c), c] }
    return y
  }

  /// The gradient goes to the first position of the maximum.
  func maximumBackward(_ x: ReferenceActivations, _ dy: ReferenceActivations, _ windows: [Range<Int>])
    -> ReferenceActivations
  {
    var dx = x.zeros
    dy.forEach { s, i, c in dx[s, winner(x, s, windows[i], c), c] += dy[s, i, c] }
    return dx
  }

  private func winner(_ x: ReferenceActivations, _ s: Int, _ window: Range<Int>, _ c: Int) -> Int {
    var best = window.lowerBound
    for p in window where x[s, p, c] > x[s, best, c] { best = p }
    return best
  }

  func mean(_ x: ReferenceActivations, _ windows: [Range<Int>]) -> ReferenceActivations {
    var y = ReferenceActivations(count: x.count, length: windows.count, channels: x.channels)
    y.forEach { s, i, c in
      for p in windows[i] { y[s, i, c] += x[s, p, c] / Double(windows[i].count) }
    }
    return y
  }

  func meanBackward(_ x: ReferenceActivations, _ dy: ReferenceActivations, _ windows: [Range<Int>])
    -> ReferenceActivations
  {
    var dx = x.zeros
    dy.forEach { s, i, c in
      for p in windows[i] { dx[s, p, c] += dy[s, i, c] / Double(windows[i].count) }
    }
    return dx
  }

  /// Zero where the element's hash is below rate · 2³², else x / (1 − rate); forward and backward alike.
  func drop(_ x: ReferenceActivations, _ layer: Int, _ dropout: Dropout, _ key: (Int, Int) -> UInt64)
    -> ReferenceActivations
  {
    let number = architecture.layers[..<layer].count { if case .dropout = $0.kind { true } else { false } }
    let (length, channels) = unflattened(layer)
    let threshold = UInt32(min((dropout.rate * 0x1p32).rounded(), 0x1p32 - 1))
    var y = x.zeros
    for s in 0..<x.count {
      for i in 0..<length {
        for c in 0..<channels {
          let element = UInt32(i * padded(channels) + c)
          let kept = Self.hash(element, key(s, number)) >= threshold
          let index = (s * length + i) * channels + c
          y.values[index] = kept ? x.values[index] / (1 - dropout.rate) : 0
        }
      }
    }
    return y
  }

  /// The hash of the kernels: lowbias32 of the element's number, keyed before and in the middle.
  private static func hash(_ element: UInt32, _ key: UInt64) -> UInt32 {
    var h = element &* 0x9E37_79B9 &+ UInt32(truncatingIfNeeded: key)
    h ^= h >> 16
    h = h &* 0x7FEB_352D
    h ^= (h >> 15) ^ UInt32(truncatingIfNeeded: key >> 32)
    h = h &* 0x846C_A68B
    return h ^ (h >> 16)
  }

  /// The shape that a layer's input had before it was flattened: elements are numbered in that.
  private func unflattened(_ layer: Int) -> (length: Int, channels: Int) {
    var activation = architecture.sources[layer][0]
    while activation > 0, architecture.isPassedOn(activation) {
      let layer = architecture.layers[activation - 1]
      let keepsPlaces = [Flatten.names, Dropout.names, ActivationLayer.names].contains(layer.names)
      guard keepsPlaces else { break }
      activation = architecture.sources[activation - 1][0]
    }
    let shape = architecture.shape(ofActivation: activation)
    return (shape.length, shape.channels)
  }
}
