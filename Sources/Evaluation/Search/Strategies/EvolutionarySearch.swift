import Foundation
import Runtime

/// A genetic algorithm: the parents win tournaments among the latest results and the best one, the child takes each value from
/// one of them (uniform crossover; Syswerda 1989) and some of its values change. The oldest results take no part any more (aging
/// evolution; Real, Aggarwal, Huang & Le 2019), so that a lucky one does not rule forever; but for the best.
struct EvolutionarySearch {
  /// Results that take part, and points drawn at random before.
  static let population = 12
  private static let tournament = 4
  private let axes: [SearchAxis]
  /// Points of the population with their losses.
  private let living: [SearchResult]

  init(_ axes: [SearchAxis], _ results: [SearchResult]) {
    self.axes = axes
    var living = Array(results.suffix(Self.population))
    let best = results.min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
    if let best, !living.contains(best) { living[0] = best }
    self.living = living
  }

  func point(using random: inout CounterRandom) -> [Double] {
    let (first, second) = (winner(using: &random), winner(using: &random))
    let forced = random.below(axes.count)
    return axes.indices.map { axis in
      let inherited = random.uniform() < 0.5 ? first.point[axis] : second.point[axis]
      // One change on average beside the one that there always is.
      let changes = random.uniform() < 1 / Double(axes.count)
      return changes || axis == forced ? changed(inherited, axis, using: &random) : inherited
    }
  }

  /// The best of some that are drawn.
  private func winner(using random: inout CounterRandom) -> SearchResult {
    let drawn = (0..<Self.tournament).map { _ in living[random.below(living.count)] }
    return drawn.min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }!
  }

  /// Another choice, or a normal step whose size is itself drawn, from 3 to 30 % of the range, reflected at the ends.
  private func changed(_ value: Double, _ axis: Int, using random: inout CounterRandom) -> Double {
    let place = axes[axis].place(of: value)
    if case .choice(let choices) = axes[axis].values {
      let step = choices.count > 1 ? 1 + random.below(choices.count - 1) : 0
      return choices[(Int(place) + step) % choices.count]
    }
    var moved = place + 0.3 * pow(10, -random.uniform()) * random.normal()
    while !(0...1).contains(moved) { moved = moved < 0 ? -moved : 2 - moved }
    return axes[axis].value(at: min(moved, 1.0.nextDown))
  }
}
