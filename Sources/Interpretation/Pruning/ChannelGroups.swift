import NeuralNetworks
import Runtime

/// Which channels of a network can only be removed together.
///
/// A filter's channel is added to others, multiplied with them, laid side by side, flattened: whatever channels meet one to one on
/// the way make a group, up to the layers with weights that take them, where their rows of the kernel end the group (the
/// dependency graph of Fang et al. 2023, DepGraph, arXiv:2301.12900). The channels of a convolution's groups belong together
/// with the filters that see them.
struct ChannelGroups {
  /// The group of each channel (or feature) of each activation; 0 is the input. Groups are numbered in the order in which they
  /// first occur.
  let numbers: [[Int]]
  let count: Int
  /// Why a group's channels must all stay.
  private(set) var stays: [Int: String] = [:]
  /// Groups whose removal moves channels that are not in them.
  private(set) var mixed: Set<Int> = []
  /// How many channels of each activation a group has.
  let sizes: [[Int: Int]]

  init(_ architecture: Architecture) {
    var links = Links(architecture)
    for layer in architecture.layers.indices { links.join(layer, of: architecture) }
    numbers = links.numbers()
    count = (numbers.lazy.compactMap { $0.max() }.max() ?? -1) + 1
    sizes = numbers.map { groups in groups.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

    func keep(_ activation: Int, _ reason: String) {
      for group in sizes[activation].keys where stays[group] == nil { stays[group] = reason }
    }
    keep(0, "they go with bases of the sequence")
    for output in architecture.outputs { keep(output.layer + 1, "they are what the network gives") }
    for (layer, facts) in architecture.facts.enumerated() {
      switch facts.channels {
      case .tied(let reason): keep(architecture.sources[layer][0], reason)
      case .normalized: mixed.formUnion(sizes[layer + 1].keys)
      case .recurrent: mixed.formUnion(sizes[layer + 1].keys)
      case .kept, .matched, .weighted, .grouped, .flattened, .separated, .joined: break
      }
    }
  }

  /// The group of each filter of a convolution.
  func groups(ofFilters layer: Int, in network: Network) throws -> [Int] {
    let filters = try network.convolution(layer).filters
    return Array(numbers[layer + 1].prefix(filters))
  }

  /// The groups of these filters.
  ///
  /// Throws `InputError` where there is no such filter, one cannot be removed, or a layer would be left without any.
  func groups(of removed: FilterSelection, in network: Network) throws -> Set<Int> {
    var gone: Set<Int> = []
    for (layer, filters) in removed.sorted(by: { $0.key < $1.key }) where !filters.isEmpty {
      let groups = try groups(ofFilters: layer, in: network)
      guard filters.allSatisfy(groups.indices.contains) else {
        throw InputError("layer \(layer + 1) has filters 0 to \(groups.count - 1) only")
      }
      for filter in filters.sorted() {
        if let reason = stays[groups[filter]] {
          let name = network.architecture.names[layer]
          throw InputError("filters of layer \(layer + 1) (\(name)) cannot be removed: \(reason)")
        }
        gone.insert(groups[filter])
      }
    }
    if let activation = emptied(without: gone) {
      throw InputError("layer \(activation) would be left without a filter")
    }
    return gone
  }

  /// The filters of all convolutions that belong to these groups.
  func filters(of gone: Set<Int>, in network: Network) -> FilterSelection {
    var filters: FilterSelection = [:]
    for layer in network.architecture.convolutions {
      let groups = (try? groups(ofFilters: layer, in: network)) ?? []
      let own = groups.indices.filter { gone.contains(groups[$0]) }
      if !own.isEmpty { filters[layer] = Set(own) }
    }
    return filters
  }

  /// The first activation that would lose all its channels.
  func emptied(without gone: Set<Int>) -> Int? {
    sizes.indices.first { activation in sizes[activation].keys.allSatisfy(gone.contains) }
  }

  /// The channels of each activation that stay.
  func kept(without gone: Set<Int>) -> [[Int]] {
    numbers.map { groups in groups.indices.filter { !gone.contains(groups[$0]) } }
  }
}

/// Channels that meet, as a forest whose trees are the groups.
private struct Links {
  private var parents: [Int]
  /// The first channel of each activation among all.
  private let firsts: [Int]

  init(_ architecture: Architecture) {
    let counts = (0...architecture.layers.count).map { architecture.shape(ofActivation: $0).channels }
    firsts = counts.reduce(into: [0]) { $0.append($0.last! + $1) }
    parents = Array(0..<firsts.last!)
  }

  private mutating func root(_ place: Int) -> Int {
    var place = place
    while parents[place] != place {
      parents[place] = parents[parents[place]]
      place = parents[place]
    }
    return place
  }

  private mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (root(a), root(b))
    // The tree of the earlier channel stays, which numbers groups.
    parents[max(a, b)] = min(a, b)
  }

  /// Joins the channels that a layer brings together.
  mutating func join(_ layer: Int, of architecture: Architecture) {
    let output = firsts[layer + 1]
    let outputs = architecture.shapes[layer].channels
    let sources = architecture.sources[layer]
    let input = firsts[sources[0]]
    let shape = architecture.inputShape(layer)
    switch architecture.facts[layer].channels {
    case .kept, .normalized, .tied: for c in 0..<outputs { join(input + c, output + c) }
    case .matched: for source in sources { for c in 0..<outputs { join(firsts[source] + c, output + c) } }
    case .joined:
      var next = output
      for source in sources {
        for c in 0..<architecture.shape(ofActivation: source).channels { join(firsts[source] + c, next + c) }
        next += architecture.shape(ofActivation: source).channels
      }
    case .flattened: for f in 0..<outputs { join(input + f % shape.channels, output + f) }
    case .separated: for f in 0..<shape.channels { join(input + f, output + f % outputs) }
    case .weighted, .recurrent:
      // Both strands or directions of a unit.
      let units = architecture.units(layer)
      for c in units..<max(units, outputs) { join(output + c, output + c - units) }
    case .grouped(let groups):
      let (width, filters) = (shape.channels / groups, outputs / groups)
      for c in 0..<shape.channels { join(input + c, output + c / width * filters) }
      for f in 0..<outputs { join(output + f, output + f / filters * filters) }
    }
  }

  /// The tree of each channel of each activation, numbered in the order of their first channels.
  mutating func numbers() -> [[Int]] {
    var found = [Int](repeating: -1, count: parents.count)
    var next = 0
    return firsts.indices.dropLast().map { activation in
      (firsts[activation]..<firsts[activation + 1]).map { place in
        let root = root(place)
        if found[root] < 0 {
          found[root] = next
          next += 1
        }
        return found[root]
      }
    }
  }
}

extension Architecture {
  /// Units of a layer with weights: its outputs, or those of one strand or direction.
  func units(_ layer: Int) -> Int {
    if let state = tensor(layer, .recurrent) { return state.shape[0] }
    return tensor(layer, .kernel)?.shape.last ?? shapes[layer].channels
  }
}
