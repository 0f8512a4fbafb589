import NeuralNetworks
import Runtime

/// Filters of a network's convolutions: for each layer's index, the numbers of filters.
public typealias FilterSelection = [Int: Set<Int>]

extension Network {
  /// The smaller network without these filters: their kernels and biases go, and with them what layers further on have for them
  /// alone, up to rows of the kernels of the layers with weights that take them.
  ///
  /// What is added to a filter's channel or multiplied with it goes too, in all layers that give it; of a convolution with groups,
  /// the whole group. `coupled(to:)` names the filters of all convolutions that go.
  ///
  /// - Parameter standIns: What replaces removed channels, by the layer with weights that takes them and by the first of its inputs
  ///   that belong to a removed filter. It goes into that layer's weights and bias; filters without one count as zero.
  /// - Throws: `InputError` if a layer is no convolution, has no such filter or would be left without any, or if a filter cannot be
  ///   removed: the network gives its channel, a softmax takes it, or bases of the sequence go with it.
  public func removing(filters removed: FilterSelection, standIns: [Int: [Int: StandIn]] = [:]) throws
    -> Network
  {
    let channels = ChannelGroups(architecture)
    return try removing(channels.groups(of: removed, in: self), channels, standIns: standIns)
  }

  /// These filters and all that can only be removed with them.
  ///
  /// - Throws: As `removing`.
  public func coupled(to filters: FilterSelection) throws -> FilterSelection {
    let channels = ChannelGroups(architecture)
    return channels.filters(of: try channels.groups(of: filters, in: self), in: self)
  }

  /// The convolutions of which at least one filter can be removed, first to last.
  public var prunableConvolutions: [Int] {
    let channels = ChannelGroups(architecture)
    return architecture.convolutions.filter { layer in
      (try? channels.groups(ofFilters: layer, in: self))?.contains { channels.stays[$0] == nil } ?? false
    }
  }

  func removing(_ gone: Set<Int>, _ channels: ChannelGroups, standIns: [Int: [Int: StandIn]]) throws
    -> Network
  {
    let source = try consumers(channels).reduce(self) { network, consumer in
      let kernels = network.architecture.tensors.filter { $0.layer == consumer.layer && $0.role == .kernel }
      // Biases that stand-ins brought into layers before it have moved its kernels.
      let moved = ChannelConsumer(
        layer: consumer.layer, inputs: consumer.inputs, kernels: kernels, taps: consumer.taps)
      return try network.applying(standIns[consumer.layer] ?? [:], at: moved, without: gone)
    }
    let kept = channels.kept(without: gone)
    let layers = source.architecture.layers.enumerated().map { index, layer in
      let units = kept[index + 1].prefix { $0 < architecture.units(index) }.count
      var groups = 1
      if case .grouped(let count) = architecture.facts[index].channels {
        let input = architecture.sources[index][0]
        groups = kept[input].count / (channels.numbers[input].count / count)
      }
      let resized = layer.definition.resized(units: units, groups: groups)
      return layer.replaced(by: resized)
    }
    let numbers = source.architecture.tensors.flatMap { tensor in
      source.values(
        of: tensor, inputs: kept[architecture.sources[tensor.layer][0]], outputs: kept[tensor.layer + 1])
    }
    return Network(
      architecture: try Architecture(
        input: architecture.input, layers: layers, outputs: architecture.outputNames), parameters: numbers)
  }

  /// The numbers of a tensor that stay.
  private func values(of tensor: ParameterTensor, inputs: [Int], outputs: [Int]) -> [Float] {
    let units = architecture.units(tensor.layer)
    let kept = outputs.filter { $0 < units }
    // One block, or one for each gate.
    func columns(_ width: Int) -> [Int] {
      stride(from: 0, to: width, by: units).flatMap { block in kept.map { block + $0 } }
    }
    func table(rows: [Int]) -> [Float] {
      let width = tensor.shape.last!
      let columns = columns(width)
      return rows.flatMap { row in columns.map { parameters[tensor.offset + row * width + $0] } }
    }
    switch tensor.role {
    case .kernel:
      let rows = tensor.shape[tensor.shape.count - 2]
      // With groups a filter keeps all its rows.
      let isGrouped =
        if case .grouped = architecture.facts[tensor.layer].channels { true } else { false }
      let kept = isGrouped ? Array(0..<rows) : inputs
      let taps = tensor.count / tensor.shape.last! / rows
      return table(rows: (0..<taps).flatMap { tap in kept.map { tap * rows + $0 } })
    case .recurrent: return table(rows: kept)
    case .bias, .gateBias: return columns(tensor.count).map { parameters[tensor.offset + $0] }
    case .scale, .shift, .mean, .variance: return inputs.map { parameters[tensor.offset + $0] }
    }
  }
}
