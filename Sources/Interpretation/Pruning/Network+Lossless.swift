import NeuralNetworks
import Sequences

extension Network {
  /// The filters that can be removed without changing any output for any sequence, to the last bit.
  ///
  /// Such a filter is always zero where the next layer with weights sees it, whatever the sequence (see
  /// `activationBounds`), or all its weights in that layer are zero. A sum of floats with a zero taken out is the same
  /// sum, so nothing but the removed terms changes. Filters that a removal makes removable are found too. Every
  /// convolution keeps at least one filter, and all of them where channels are tied together (groups, softmax, skip
  /// connections).
  public func removableFilters() -> FilterSelection {
    let bounds = activationBounds(includesUnknown: true)
    var removed: FilterSelection = [:]
    // From the last convolution to the first: what a later layer loses is an input nobody needs.
    for layer in architecture.convolutions.reversed() {
      guard let consumer = try? consumer(of: layer) else { continue }
      let seen = bounds.activations[architecture.sources[consumer.layer][0]]
      let kernel = architecture.tensor(consumer.layer, .kernel)!
      let units = kernel.shape.last!
      let outputs = (0..<units).filter { !(removed[consumer.layer]?.contains($0) ?? false) }
      var filters = Set<Int>()
      for filter in consumer.channels.indices {
        // Features of the filter, one after global pooling, one for each position after `Flatten`.
        let features = consumer.inputs(of: filter)
        let isZero = features.allSatisfy { seen[$0] == 0...0 }
        let isFinite = features.allSatisfy {
          max(abs(seen[$0].lowerBound), abs(seen[$0].upperBound)) <= Double(Float.greatestFiniteMagnitude)
        }
        let rows = consumer.rows(of: filter)
        let isUnused = rows.allSatisfy { row in
          outputs.allSatisfy { parameters[kernel.offset + row * units + $0] == 0 }
        }
        if isZero || (isFinite && isUnused) { filters.insert(filter) }
      }
      if filters.count == consumer.channels.count { filters.remove(0) }
      if !filters.isEmpty { removed[layer] = filters }
    }
    return removed
  }

  /// The network without its removable filters: smaller, and every output equal to the last bit.
  public func losslesslyPruned() throws -> Network { try removing(filters: removableFilters()) }
}
