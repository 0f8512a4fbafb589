import NeuralNetworks
import Runtime

/// A network that is linear piece by piece, as linear layers and maxima in double precision.
package struct PiecewiseNetwork: Sendable {
  enum Step: Sendable {
    case linear(LinearLayer)
    case maximum(PiecewiseMaximum)
    /// A ReLU that the maximum after it has taken in.
    case none
  }

  let architecture: Architecture
  /// One for each layer.
  let steps: [Step]

  /// - Parameter network: has its activation functions as layers of their own, ReLU alone.
  /// - Throws: `InputError` naming the first layer that is not linear piece by piece.
  package init(_ network: Network) throws {
    let architecture = network.architecture
    self.architecture = architecture
    var steps: [Step] = []
    var units = 0
    for (index, facts) in architecture.facts.enumerated() {
      var source = architecture.sources[index][0]
      let what: String
      switch facts.response {
      case .elementwise(.relu), .maximum:
        // The maximum of several ReLUs is the ReLU of their maximum.
        let hasFloor: Bool
        if facts.response != .maximum {
          hasFloor = true
        } else if source > 0, architecture.facts[source - 1].response == .elementwise(.relu),
          architecture.uses(of: source) == 1
        {
          guard case .maximum(let taken) = steps[source - 1] else {
            preconditionFailure("a ReLU is a maximum")
          }
          steps[source - 1] = .none
          source = taken.source
          hasFloor = true
        } else {
          hasFloor = false
        }
        let maximum = PiecewiseMaximum(
          architecture, layer: index, source: source, hasFloor: hasFloor, firstUnit: units)
        units += maximum.count
        steps.append(.maximum(maximum))
        continue
      case .linear, .elementwise(.linear):
        if let layer = LinearLayer(network, layer: index) {
          steps.append(.linear(layer))
          continue
        }
        what = "its response"
      case .elementwise(let function): what = "\(function)"
      case .other(let name): what = name
      }
      throw InputError(
        "layer \(index + 1) (\(architecture.layers[index].names.keras)): exact integrated gradients are for ReLU and maxima, not for \(what)"
      )
    }
    self.steps = steps
  }

  /// Maxima whose winners may change.
  var units: Int {
    steps.reduce(0) {
      if case .maximum(let maximum) = $1 { max($0, maximum.firstUnit + maximum.count) } else { $0 }
    }
  }
}

/// The maxima of one layer: of each channel over windows of positions, and of zero, if it has a floor. A ReLU is one of
/// windows of one position.
struct PiecewiseMaximum: Sendable {
  /// The activation that it is taken of.
  let source: Int
  let channels: Int
  /// One for each position that comes out.
  let windows: [Range<Int>]
  let hasFloor: Bool
  /// Number of its first maximum among those of the network.
  let firstUnit: Int
  /// By position of the source, which windows have it.
  private let holders: [Range<Int>]

  var count: Int { windows.count * channels }

  init(_ architecture: Architecture, layer: Int, source: Int, hasFloor: Bool, firstUnit: Int) {
    let shape = architecture.shape(ofActivation: source)
    self.source = source
    self.hasFloor = hasFloor
    self.firstUnit = firstUnit
    channels = shape.channels
    let windows: [Range<Int>] = (0..<architecture.shapes[layer].length).map { position in
      switch architecture.facts[layer].window {
      case .pointwise: position..<position + 1
      case .sliding(let span, let stride, let left):
        max(0, position * stride - left)..<min(shape.length, position * stride - left + span)
      case .all, .spread: 0..<shape.length
      }
    }
    self.windows = windows
    holders = (0..<shape.length).map { position in
      let first = windows.firstIndex { $0.contains(position) } ?? 0
      let last = windows.lastIndex { $0.contains(position) } ?? -1
      return first..<last + 1
    }
  }

  /// Calls `body` with the maxima that a number of the source is among.
  @inline(__always)
  func forEachHolder(_ place: Int, _ body: (_ unit: Int) -> Void) {
    for window in holders[place / channels] { body(window * channels + place % channels) }
  }

  /// Calls `body` with the places that a maximum is taken of.
  @inline(__always)
  func forEachPlace(_ unit: Int, _ body: (Int) -> Void) {
    for position in windows[unit / channels] { body(position * channels + unit % channels) }
  }
}
