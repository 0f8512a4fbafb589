import Foundation
import Runtime

/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl 2011, Advances in Neural Information Processing
/// Systems 24), over all axes at once (Falkner, Klein & Hutter 2018): l(x) is the density of the good results and g(x) that of
/// the others; of some candidates drawn from l, the one with the largest l/g has the largest expected improvement. Widths,
/// weights and the share of good results are Optuna's (Akiba, Sano, Yanase, Ohta & Koyama 2019).
struct ParzenSearch {
  static let opening = 10
  private static let candidates = 24
  private let axes: [SearchAxis]
  private let good, others: ParzenDensity

  init(_ axes: [SearchAxis], _ results: [SearchResult]) {
    self.axes = axes
    let order = results.indices.sorted {
      (results[$0].loss ?? .infinity, $0) < (results[$1].loss ?? .infinity, $1)
    }
    let best = Set(order.prefix(min(25, (results.count + 9) / 10)))
    func density(_ isGood: Bool) -> ParzenDensity {
      let points = results.indices.filter { best.contains($0) == isGood }.map { results[$0].point }
      return ParzenDensity(points, axes)
    }
    (good, others) = (density(true), density(false))
  }

  func point(using random: inout CounterRandom) -> [Double] {
    var best: (ratio: Double, places: [Double])?
    for _ in 0..<Self.candidates {
      let places = good.draw(using: &random)
      let ratio = good.logarithm(at: places) - others.logarithm(at: places)
      if ratio > best?.ratio ?? -.infinity { best = (ratio, places) }
    }
    let places = best?.places ?? axes.map { _ in random.uniform() }
    return zip(axes, places).map { axis, place in
      if case .choice(let choices) = axis.values { return choices[Int(place)] }
      return axis.value(at: place)
    }
  }
}
