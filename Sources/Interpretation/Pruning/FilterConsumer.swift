import NeuralNetworks
import Runtime

/// Who takes a convolution's filters, and where its input has them.
struct FilterConsumer {
  /// The next convolution or dense layer.
  let layer: Int
  /// The first channel or feature of each filter in its input: one, or one for each strand.
  let channels: [[Int]]
  /// Features of a channel, one for each position, and how far apart they stand: 1 but after `Flatten`.
  let features: (count: Int, stride: Int)
  /// Taps of its kernel, and rows from one tap to the next.
  let taps: (count: Int, stride: Int)

  /// The channels or features of its input that belong to a filter.
  func inputs(of filter: Int) -> [Int] {
    channels[filter].flatMap { first in (0..<features.count).map { first + $0 * features.stride } }
  }

  /// The rows of its kernel (taps · inputs, outputs) that belong to one of a filter's channels.
  func rows(from channel: Int) -> [Int] {
    (0..<taps.count).flatMap { tap in
      (0..<features.count).map { channel + $0 * features.stride + tap * taps.stride }
    }
  }

  func rows(of filter: Int) -> [Int] { channels[filter].flatMap(rows(from:)) }
}

extension Network {
  /// The next layer with weights.
  ///
  /// Throws `InputError` where filters cannot be removed: the layer is no convolution or has groups, its activations are the
  /// network's outputs, or before the next weights something ties channels together (softmax, a skip connection, groups).
  func consumer(of layer: Int) throws -> FilterConsumer {
    let convolution = try convolution(layer)
    func fail(_ reason: String) -> InputError {
      InputError("filters of layer \(layer + 1) (\(architecture.names[layer])) cannot be removed: \(reason)")
    }
    guard convolution.groups == 1 else { throw fail("it has groups") }
    let filters = convolution.filters
    var channels = (0..<filters).map { convolution.outputChannels > filters ? [$0, $0 + filters] : [$0] }
    var features = (count: 1, stride: architecture.shapes[layer].channels)
    var activation = layer + 1
    while true {
      let takers = architecture.sources.indices.filter { architecture.sources[$0].contains(activation) }
      guard let next = takers.first, !architecture.outputs.contains(where: { $0.layer + 1 == activation })
      else { throw fail("they are what the network gives") }
      guard architecture.uses(of: activation) == 1 else { throw fail("a skip connection takes them too") }
      switch architecture.facts[next].channels {
      case .kept: break
      case .tied(let reason): throw fail(reason)
      case .flattened:
        let shape = architecture.inputShape(next)
        if shape.length > 1 || features.count == 1 { features = (shape.length, shape.channels) }
      case .separated:
        let shape = architecture.shapes[next]
        channels = try channels.map { firsts in
          let own = firsts.flatMap { first in (0..<features.count).map { first + $0 * features.stride } }
          let places = Set(own.map { $0 % shape.channels }).sorted()
          guard places.count * shape.length == own.count else {
            throw fail("its features become positions of channels that others share")
          }
          return places
        }
        features = (1, shape.channels)
      case .joined:
        let before = architecture.sources[next].prefix { $0 != activation }
        let offset = before.reduce(0) { $0 + architecture.shape(ofActivation: $1).channels }
        channels = channels.map { $0.map { $0 + offset } }
      case .weighted:
        let kernel = architecture.tensor(next, .kernel)!
        let inputs = kernel.shape[kernel.shape.count - 2]
        return FilterConsumer(
          layer: next, channels: channels, features: features,
          taps: (kernel.count / kernel.shape.last! / inputs, inputs))
      }
      activation = next + 1
    }
  }
}
