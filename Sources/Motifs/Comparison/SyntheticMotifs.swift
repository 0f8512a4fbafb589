import Foundation
import Runtime
import Sequences

/// Motifs drawn at random that resemble those of databases in width and in how informative their positions are, for
/// a null distribution where no database is at hand.
///
/// A position is drawn from a mixture of Dirichlet distributions, its bases in random order. The mixture was fitted
/// to the 14,616 positions of HOCOMOCO v11 (human core) and JASPAR 2024 (vertebrates) by maximum likelihood, rounded,
/// and its shares chosen so that information is 1.27 bits a position in the core and 0.74 at the ends, as there;
/// positions in the core of a motif and at its ends draw the components in different shares:
///
/// | component | core | ends |
/// | --- | --- | --- |
/// | (100, 1, 1, 1): one base all but certain | 0.41 | 0.05 |
/// | (14, 1.1, 1.1, 1.1): one base preferred | 0.42 | 0.40 |
/// | (16, 16, 0.8, 0.8): one of two bases | 0.03 | 0.03 |
/// | (4.2, 4.2, 1.4, 1.4): hardly informative | 0.14 | 0.52 |
///
/// The ends are the outer tenth of the width on either side; the next tenth is half way between.
public enum SyntheticMotifs {
  /// How many motifs `collection(seed:)` draws if not told.
  public static let count = 400

  private static let components: [(alpha: [Double], core: Double, ends: Double)] = [
    ([100, 1, 1, 1], 0.41, 0.05), ([14, 1.1, 1.1, 1.1], 0.42, 0.40), ([16, 16, 0.8, 0.8], 0.03, 0.03),
    ([4.2, 4.2, 1.4, 1.4], 0.14, 0.52),
  ]

  /// How often widths 7, 8, … 20 occur, of 1,258.
  private static let widths = [106, 130, 168, 163, 106, 87, 89, 73, 57, 60, 60, 59, 50, 50]

  /// Motifs of 7 to 20 positions and 100 sites each. The same seed gives the same motifs, and more of them begin
  /// with fewer.
  public static func collection(seed: UInt64, count: Int = count) -> [Motif] {
    (0..<count).map { index in
      var random = CounterRandom(seed: seed, purpose: .nullModel, index: index)
      let width = 7 + draw(widths.map(Double.init), &random)
      let rows = (0..<width).map { position in
        let outward = abs((Double(position) + 0.5) / Double(width) - 0.5) * 2
        let ends = outward >= 0.8 ? 1 : outward >= 0.6 ? 0.5 : 0
        return row(ends: ends, &random)
      }
      return Motif(
        identifier: "synthetic\(index + 1)", frequencies: FrequencyMatrix(rows: rows), sites: 100)
    }
  }

  private static func row(ends: Double, _ random: inout CounterRandom) -> [Double] {
    let component = components[draw(components.map { $0.core + ends * ($0.ends - $0.core) }, &random)]
    let order = random.permutation(4)
    let parts = order.map { gamma(component.alpha[$0], &random) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  /// An index with chance in proportion to its weight.
  private static func draw(_ weights: [Double], _ random: inout CounterRandom) -> Int {
    var rest = random.uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.count - 1
  }

  /// A gamma variate of scale 1 (Marsaglia & Tsang 2000, ACM Transactions on Mathematical Software 26, 363–372).
  private static func gamma(_ shape: Double, _ random: inout CounterRandom) -> Double {
    if shape < 1 {
      return gamma(shape + 1, &random) * pow(1 - random.uniform(), 1 / shape)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let normal = (-2 * log(1 - random.uniform())).squareRoot() * cos(2 * .pi * random.uniform())
      let v = pow(1 + c * normal, 3)
      if v > 0, log(1 - random.uniform()) < 0.5 * normal * normal + d - d * v + d * log(v) { return d * v }
    }
  }
}
