import Foundation
import Runtime

/// A mixture with a kernel around each point and a wide one for what is not known. A kernel is a product over the axes: on a range
/// a normal density between 0 and 1, as wide as the way to the farther neighbor; on a choice most of its weight on the one that
/// the point has.
struct ParzenDensity {
  private enum Kernels {
    /// Of each kernel, its center, its width, and how much of it lies between 0 and 1.
    case range(centers: [Double], widths: [Double], masses: [Double])
    /// Of each kernel, the shares of the choices.
    case choice([[Double]])
  }

  private let axes: [Kernels]
  /// Of each kernel; they sum to one.
  private let weights: [Double]

  /// - Parameter points: a value for each axis, in the order in which they were tried; the oldest beyond 25 fade.
  init(_ points: [[Double]], _ axes: [SearchAxis]) {
    let fading = max(0, points.count - 25)
    let weights = points.indices.map { $0 < fading ? Double($0 + 1) / Double(fading + 1) : 1 } + [1]
    let total = weights.reduce(0, +)
    self.weights = weights.map { $0 / total }
    self.axes = axes.enumerated().map { number, axis in
      let places = points.map { axis.place(of: $0[number]) }
      if case .choice(let choices) = axis.values { return Self.choice(places, count: choices.count) }
      return Self.range(places)
    }
  }

  private static func choice(_ places: [Double], count: Int) -> Kernels {
    let kernels = Double(places.count + 1)
    let rest = 1 / kernels
    let total = 1 + Double(count) * rest
    let own = places.map { place in
      (0..<count).map { ($0 == Int(place) ? 1 + rest : rest) / total }
    }
    return .choice(own + [[Double](repeating: 1 / Double(count), count: count)])
  }

  private static func range(_ places: [Double]) -> Kernels {
    let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
    let least = 1 / Double(min(100, places.count + 2))
    var widths = [Double](repeating: 1, count: places.count)
    for (rank, index) in order.enumerated() {
      let place = places[index]
      // The ends are neighbors of a single point only.
      let isAlone = order.count == 1
      let below = rank > 0 ? place - places[order[rank - 1]] : isAlone ? place : 0
      let above = rank + 1 < order.count ? places[order[rank + 1]] - place : isAlone ? 1 - place : 0
      widths[index] = min(1, max(below, above, least))
    }
    let (centers, all) = (places + [0.5], widths + [1])
    let masses = zip(centers, all).map { center, width in
      (erf((1 - center) / width / 2.0.squareRoot()) + erf(center / width / 2.0.squareRoot())) / 2
    }
    return .range(centers: centers, widths: all, masses: masses)
  }

  /// The logarithm of the density, but for a constant.
  func logarithm(at places: [Double]) -> Double {
    let terms = weights.indices.map { kernel in
      zip(axes, places).reduce(log(weights[kernel])) { sum, pair in
        switch pair.0 {
        case .choice(let shares): return sum + log(shares[kernel][Int(pair.1)])
        case .range(let centers, let widths, let masses):
          let z = (pair.1 - centers[kernel]) / widths[kernel]
          return sum - z * z / 2 - log(widths[kernel] * masses[kernel])
        }
      }
    }
    let largest = terms.max()!
    return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
  }

  /// A place for each axis; of a choice its number.
  func draw(using random: inout CounterRandom) -> [Double] {
    let kernel = Self.draw(weights, using: &random)
    return axes.map { axis in
      switch axis {
      case .choice(let shares): return Double(Self.draw(shares[kernel], using: &random))
      case .range(let centers, let widths, _):
        // A third of a kernel or more lies between 0 and 1.
        while true {
          let place = centers[kernel] + widths[kernel] * random.normal()
          if place >= 0, place < 1 { return place }
        }
      }
    }
  }

  private static func draw(_ shares: [Double], using random: inout CounterRandom) -> Int {
    var rest = random.uniform()
    for (index, share) in shares.enumerated() {
      rest -= share
      if rest < 0 { return index }
    }
    return shares.count - 1
  }
}

extension CounterRandom {
  /// Standard normal (Box & Muller 1958).
  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
  }
}
