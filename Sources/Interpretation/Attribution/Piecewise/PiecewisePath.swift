import NeuralNetworks
import Runtime

/// The straight way between two inputs of a network of ReLU and maxima, in double precision.
///
/// Along the way every number in the network is a line between places where a maximum changes its winner (Montúfar et al. 2014,
/// arXiv:1402.1869), a ReLU being the maximum of a number and zero. The way is walked from one such place to the next. There the slope of
/// that maximum changes, and of what depends on it; and the gradient moves from the old winner to the new one, and on to what those
/// depend on. With the changes Δg of the input's gradient at places t the integral is g(0) + Σ (1 − t) Δg.
package final class PiecewisePath {
  private let network: PiecewiseNetwork
  private let output: (activation: Int, place: Int)
  private let start: [Double]
  private let end: [Double]
  /// Of each activation: at place t of the way it is values + t · slopes.
  private var values: [UnsafeMutablePointer<Double>] = []
  private var slopes: [UnsafeMutablePointer<Double>] = []
  /// Of the output, by the numbers that come out of maxima.
  private var gradients: [UnsafeMutablePointer<Double>] = []
  private let changes: [SparseNumbers]
  /// By maximum: the place of the number that it is, −1 for zero, and of that which it will be next.
  private var winners: [Int32]
  private var challengers: [Int32]
  private var events: FirstEvent
  /// Maxima some of whose numbers have changed.
  private let touched: SparseNumbers
  private var integral: [Double]

  /// Changes of winners on one way at most.
  static let mostChanges = 1 << 22
  /// Slopes that differ by less of their size are taken for the same, rounded differently.
  private static let rounding = 1e-13

  /// - Parameters:
  ///   - output: number of the network's output.
  ///   - start: (length, 4), as `end`.
  package init(_ network: PiecewiseNetwork, output: Int, from start: [Double], to end: [Double]) {
    (self.network, self.start, self.end) = (network, start, end)
    let architecture = network.architecture
    let layer = architecture.outputs.first { $0.range.contains(output) }!
    self.output = (layer.layer + 1, output - layer.range.lowerBound)
    let sizes = (0...architecture.layers.count).map { architecture.shape(ofActivation: $0).count }
    changes = sizes.map(SparseNumbers.init)
    winners = Array(repeating: -1, count: network.units)
    challengers = winners
    events = FirstEvent(count: network.units)
    touched = SparseNumbers(count: network.units)
    integral = Array(repeating: 0, count: start.count)
    func numbers() -> [UnsafeMutablePointer<Double>] {
      sizes.map { size in
        let numbers = UnsafeMutablePointer<Double>.allocate(capacity: size)
        numbers.initialize(repeating: 0, count: size)
        return numbers
      }
    }
    (values, slopes, gradients) = (numbers(), numbers(), numbers())
  }

  deinit { for numbers in values + slopes + gradients { numbers.deallocate() } }

  /// Integral of the gradient over the way, (length, 4), and the outputs at its ends.
  ///
  /// - Throws: `InputError` if more winners change than anyone waits for.
  package func walk() throws -> (gradient: [Double], start: Double, end: Double) {
    func result() -> Double { values[output.activation][output.place] }
    begin(end, slopes: end.map { _ in 0 })
    let last = result()
    begin(start, slopes: zip(start, end).map { $1 - $0 })
    let first = result()
    changes[output.activation].add(1, at: output.place)
    moveBack(before: network.steps.count, at: 0)
    for case .maximum(let maximum) in network.steps {
      for unit in 0..<maximum.count { schedule(unit, of: maximum, at: 0) }
    }
    let layers = network.steps.indices.filter { if case .maximum = network.steps[$0] { true } else { false } }
    var count = 0
    while events.time < 1 {
      let (time, event) = (events.time, events.event)
      let layer = layers.last {
        guard case .maximum(let maximum) = network.steps[$0] else { return false }
        return maximum.firstUnit <= event
      }!
      change(event, of: layer, at: time)
      count += 1
      guard count <= Self.mostChanges else {
        throw InputError(
          "exact integrated gradients: more than \(Self.mostChanges) maxima change on the way")
      }
    }
    return (integral, first, last)
  }

  /// Every line at the beginning of the way, and who wins there.
  private func begin(_ input: [Double], slopes inputSlopes: [Double]) {
    for place in input.indices { (values[0][place], slopes[0][place]) = (input[place], inputSlopes[place]) }
    for (layer, step) in network.steps.enumerated() {
      let (value, slope) = (values[layer + 1], slopes[layer + 1])
      switch step {
      case .none: continue
      case .linear(let linear):
        for (place, bias) in linear.bias.enumerated() { (value[place], slope[place]) = (bias, 0) }
        for (source, map) in zip(network.architecture.sources[layer], linear.maps) {
          for place in 0..<network.architecture.shape(ofActivation: source).count {
            let (a, b) = (values[source][place], slopes[source][place])
            guard a != 0 || b != 0 else { continue }
            map.forward.forEach(place) { start, count, weights in
              for index in 0..<count {
                value[start + index] += a * weights[index]
                slope[start + index] += b * weights[index]
              }
            }
          }
        }
      case .maximum(let maximum):
        for unit in 0..<maximum.count {
          var best: (value: Double, slope: Double, place: Int)? =
            maximum.hasFloor ? (value: 0, slope: 0, place: -1) : nil
          maximum.forEachPlace(unit) { place in
            let (a, b) = (values[maximum.source][place], slopes[maximum.source][place])
            if let best, (a, b) <= (best.value, best.slope) { return }
            best = (a, b, place)
          }
          winners[maximum.firstUnit + unit] = Int32(best!.place)
          (value[unit], slope[unit]) = (best!.value, best!.slope)
        }
      }
    }
  }

  /// When a maximum changes next: the first of its numbers that rise faster to reach it.
  private func schedule(_ unit: Int, of maximum: PiecewiseMaximum, at time: Double) {
    let (value, slope) = (values[maximum.source], slopes[maximum.source])
    let winner = Int(winners[maximum.firstUnit + unit])
    let (a, b) = winner < 0 ? (0, 0) : (value[winner], slope[winner])
    var next = (time: Double.infinity, place: -1)
    func consider(_ place: Int, _ otherValue: Double, _ otherSlope: Double) {
      let rise = otherSlope - b
      guard rise > Self.rounding * (abs(otherSlope) + abs(b)) else { return }
      let reached = max(time, (a - otherValue) / rise)
      if reached < next.time { next = (reached, place) }
    }
    if maximum.hasFloor, winner >= 0 { consider(-1, 0, 0) }
    maximum.forEachPlace(unit) { consider($0, value[$0], slope[$0]) }
    events[maximum.firstUnit + unit] = next.time
    challengers[maximum.firstUnit + unit] = Int32(next.place)
  }

  private func change(_ event: Int, of layer: Int, at time: Double) {
    guard case .maximum(let maximum) = network.steps[layer] else { return }
    let unit = event - maximum.firstUnit
    let (old, new) = (Int(winners[event]), Int(challengers[event]))
    winners[event] = challengers[event]
    let gradient = gradients[layer + 1][unit]
    if gradient != 0 {
      if old >= 0 { changes[maximum.source].add(-gradient, at: old) }
      if new >= 0 { changes[maximum.source].add(gradient, at: new) }
      moveBack(before: layer, at: time)
    }
    let slope = slopes[maximum.source]
    let rise = (new < 0 ? 0 : slope[new]) - (old < 0 ? 0 : slope[old])
    schedule(unit, of: maximum, at: time)
    turn(layer + 1, unit, by: rise, at: time)
    moveOn(after: layer, at: time)
  }

  /// A line turns at `time`, where its value stays what it is.
  private func turn(_ activation: Int, _ place: Int, by rise: Double, at time: Double) {
    guard rise != 0 else { return }
    slopes[activation][place] += rise
    values[activation][place] -= time * rise
    changes[activation].add(rise, at: place)
  }

  /// Turns all lines that depend on those that have turned.
  private func moveOn(after first: Int, at time: Double) {
    for layer in first + 1..<max(first + 1, network.steps.count) {
      switch network.steps[layer] {
      case .none: continue
      case .linear(let linear):
        let result = changes[layer + 1]
        for (source, map) in zip(network.architecture.sources[layer], linear.maps) {
          map.forward.apply(changes[source], to: result)
        }
        let (value, slope) = (values[layer + 1], slopes[layer + 1])
        for place in result.places {
          slope[Int(place)] += result[Int(place)]
          value[Int(place)] -= time * result[Int(place)]
        }
      case .maximum(let maximum):
        let turned = changes[maximum.source]
        guard !turned.isEmpty else { continue }
        for place in turned.places {
          maximum.forEachHolder(Int(place)) { touched.add(0, at: $0) }
        }
        for unit in touched.places {
          let winner = Int(winners[maximum.firstUnit + Int(unit)])
          if winner >= 0 { turn(layer + 1, Int(unit), by: turned[winner], at: time) }
          schedule(Int(unit), of: maximum, at: time)
        }
        touched.clear()
      }
    }
    for activation in first + 1..<changes.count { changes[activation].clear() }
  }

  /// Adds the changes of the gradients of what a layer takes to all before it.
  private func moveBack(before last: Int, at time: Double) {
    for layer in (0..<last).reversed() {
      let changed = changes[layer + 1]
      guard !changed.isEmpty else { continue }
      switch network.steps[layer] {
      case .none: continue
      case .linear(let linear):
        for (source, map) in zip(network.architecture.sources[layer], linear.maps) {
          map.back.apply(changed, to: changes[source])
        }
      case .maximum(let maximum):
        for unit in changed.places {
          let change = changed[Int(unit)]
          gradients[layer + 1][Int(unit)] += change
          let winner = Int(winners[maximum.firstUnit + Int(unit)])
          if winner >= 0, change != 0 { changes[maximum.source].add(change, at: winner) }
        }
      }
    }
    for place in changes[0].places { integral[Int(place)] += (1 - time) * changes[0][Int(place)] }
    for activation in 0...last { changes[activation].clear() }
  }
}

extension Network {
  /// Mean gradients over the whole of each way from a reference to the sequence, exact but for rounding in double precision.
  ///
  /// - Throws: `InputError` if a layer is not linear piece by piece, or too many maxima change on a way.
  func exactMultipliers(_ problems: [ReferenceProblem], threads: Int) throws -> [Multipliers] {
    let network = try PiecewiseNetwork(separatingActivations(forDeepSHAP: false))
    return try Parallel.tryMap(problems.count, threads: threads) { index in
      let problem = problems[index]
      var result = Multipliers(values: [], output: 0, references: [])
      for start in problem.references {
        let path = PiecewisePath(
          network, output: problem.output, from: start.map(Double.init), to: problem.input.map(Double.init))
        let found = try path.walk()
        result.values.append(found.gradient.map { Float($0) })
        result.references.append(Float(found.start))
        result.output = Float(found.end)
      }
      return result
    }
  }
}
