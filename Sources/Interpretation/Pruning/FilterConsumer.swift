import NeuralNetworks
import Runtime
import Sequences

/// Who takes a convolution's filters, and whether they can be taken from it one by one.
struct FilterConsumer {
  /// The next convolution or dense layer.
  let layer: Int
  /// Channels of each filter where they leave the convolution: one, or one for each strand.
  let channels: [[Int]]

  /// The rows of the consumer's kernel (inputs, in the order taps · channels or features) that belong to a filter.
  func rows(of filter: Int, total: Int, width: Int) -> [Int] {
    channels[filter].flatMap { Array(stride(from: $0, to: total, by: width)) }
  }
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
    let skips = architecture.layers.enumerated().compactMap { index, layer in
      if case .addition(let addition) = layer { index - addition.layers } else { nil as Int? }
    }
    for next in layer + 1..<max(layer + 1, architecture.layers.count) {
      if skips.contains(next) { throw fail("a skip connection takes them too") }
      switch architecture.layers[next] {
      case .convolution1D(let convolution) where convolution.groups > 1: throw fail("the next one has groups")
      case .convolution1D, .dense:
        let filters = convolution.filters
        return FilterConsumer(
          layer: next,
          channels: (0..<filters).map { convolution.outputChannels > filters ? [$0, $0 + filters] : [$0] })
      case .softmax: throw fail("a softmax over all of them follows")
      case .addition: throw fail("they are added to other channels")
      default: break
      }
    }
    throw fail("they are what the network gives")
  }
}
