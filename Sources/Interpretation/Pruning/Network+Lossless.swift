import NeuralNetworks
import Sequences

extension Network {
  /// The filters that can be removed without changing any output for any sequence, to the last bit.
  ///
  /// Such a filter is always zero where layers with weights see it, whatever the sequence (see `activationBounds`), or all its
  /// weights there are zero. A sum of floats with a zero taken out is the same sum, so nothing but the removed terms changes.
  /// Filters that can only be removed together, as where a skip connection adds them, must all be so. Filters that a removal
  /// makes removable are found too. Every layer keeps at least one filter, and all of them where others depend on each (softmax,
  /// layer normalization).
  public func removableFilters() -> FilterSelection {
    let channels = ChannelGroups(architecture)
    let consumers = consumers(channels)
    let bounds = activationBounds(includesUnknown: true)
    let filters = Set(
      architecture.convolutions.flatMap { (try? channels.groups(ofFilters: $0, in: self)) ?? [] })
    // From the last convolution to the first: what a later layer loses is an input nobody needs.
    let candidates = filters.filter { channels.stays[$0] == nil && !channels.mixed.contains($0) }.sorted(
      by: >)
    var left = channels.sizes.map(\.count)
    var gone: Set<Int> = []
    var isChanging = true
    while isChanging {
      isChanging = false
      for group in candidates where !gone.contains(group) {
        let places = channels.sizes.indices.filter { channels.sizes[$0][group] != nil }
        guard places.allSatisfy({ left[$0] > 1 }),
          consumers.allSatisfy({
            isWithoutEffect(
              group, on: $0, seen: bounds.activations[architecture.sources[$0.layer][0]],
              outputs: channels.numbers[$0.layer + 1], gone: gone)
          })
        else { continue }
        gone.insert(group)
        for place in places { left[place] -= 1 }
        isChanging = true
      }
    }
    return channels.filters(of: gone, in: self)
  }

  /// Whether a layer's outputs that are not gone are the same without a group.
  ///
  /// - Parameters:
  ///   - seen: of each of the layer's inputs.
  ///   - outputs: the groups of its outputs.
  private func isWithoutEffect(
    _ group: Int, on consumer: ChannelConsumer, seen: [ClosedRange<Double>], outputs: [Int], gone: Set<Int>
  ) -> Bool {
    guard let inputs = consumer.inputs[group] else { return true }
    if inputs.allSatisfy({ seen[$0] == 0...0 }) { return true }
    let isFinite = inputs.allSatisfy {
      max(abs(seen[$0].lowerBound), abs(seen[$0].upperBound)) <= Double(Float.greatestFiniteMagnitude)
    }
    let units = architecture.units(consumer.layer)
    return isFinite
      && consumer.kernels.allSatisfy { kernel in
        let width = kernel.shape.last!
        let columns = (0..<width).filter { !gone.contains(outputs[$0 % units]) }
        return consumer.rows(ofGroup: group).allSatisfy { row in
          columns.allSatisfy { parameters[kernel.offset + row * width + $0] == 0 }
        }
      }
  }

  /// The network without its removable filters: smaller, and every output equal to the last bit.
  public func losslesslyPruned() throws -> Network { try removing(filters: removableFilters()) }
}
