import NeuralNetworks

/// A layer with weights for each of its inputs, and which of these belong to which group of channels.
struct ChannelConsumer {
  let layer: Int
  /// The channels or features of its input that belong to each group, in order.
  let inputs: [Int: [Int]]
  /// One, or one for each direction.
  let kernels: [ParameterTensor]
  /// Taps of a kernel, and rows from one tap to the next.
  let taps: (count: Int, stride: Int)

  /// The rows of a kernel (taps · inputs, outputs) that belong to an input.
  func rows(of input: Int) -> [Int] { (0..<taps.count).map { input + $0 * taps.stride } }

  /// All rows that belong to a group.
  func rows(ofGroup group: Int) -> [Int] { (inputs[group] ?? []).flatMap { rows(of: $0) } }
}

extension Network {
  /// The layers where groups of channels end.
  func consumers(_ channels: ChannelGroups) -> [ChannelConsumer] {
    architecture.layers.indices.compactMap { layer in
      switch architecture.facts[layer].channels {
      case .weighted, .recurrent: break
      case .kept, .normalized, .matched, .grouped, .flattened, .separated, .joined, .tied: return nil
      }
      let groups = channels.numbers[architecture.sources[layer][0]]
      let kernels = architecture.tensors.filter { $0.layer == layer && $0.role == .kernel }
      return ChannelConsumer(
        layer: layer, inputs: Dictionary(grouping: groups.indices) { groups[$0] }, kernels: kernels,
        taps: (kernels[0].count / kernels[0].shape.last! / groups.count, groups.count))
    }
  }
}
