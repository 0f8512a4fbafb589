import Runtime

/// How a search chooses the next point from the results of those before.
public enum SearchStrategy: String, CaseIterable, Sendable {
  /// Anywhere, each point for itself (Bergstra & Bengio 2012).
  case random
  /// Where good points are dense beside bad ones: the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl
  /// 2011).
  case tpe
  /// A child of two good points, changed a little: a genetic algorithm with tournaments, crossover and mutation, in which
  /// the oldest die (Real, Aggarwal, Huang & Le 2019).
  case evolution

  /// Points that are drawn at random before results decide.
  public var opening: Int {
    switch self {
    case .random: .max
    case .tpe: ParzenSearch.opening
    case .evolution: EvolutionarySearch.population
    }
  }
}

/// A point that was tried, and what came of it.
public struct SearchResult: Equatable, Sendable {
  /// A value for each axis.
  public let point: [Double]
  /// The smaller the better; `nil` where the trial failed.
  public let loss: Double?

  public init(point: [Double], loss: Double?) { (self.point, self.loss) = (point, loss) }
}

/// The next points of a search over any numbers.
///
/// A proposal is a function of the seed, its number and the results, not of what was drawn before, so that a search may be
/// interrupted, and several points may be asked for before the first is tried.
public struct PointSearch: Sendable {
  public let strategy: SearchStrategy
  public let axes: [SearchAxis]
  public let seed: UInt64

  public init(_ strategy: SearchStrategy, axes: [SearchAxis], seed: UInt64) {
    (self.strategy, self.axes, self.seed) = (strategy, axes, seed)
  }

  /// A value for each axis.
  ///
  /// - Parameters:
  ///   - number: of the point, from 0; the same number with the same results gives the same point.
  ///   - attempt: another point where the one before is not wanted.
  public func point(number: Int, attempt: Int = 0, after results: [SearchResult]) -> [Double] {
    var random = CounterRandom(seed: seed, purpose: .search, epoch: attempt, index: number)
    guard results.count >= strategy.opening else { return axes.map { $0.value(at: random.uniform()) } }
    switch strategy {
    case .random: return axes.map { $0.value(at: random.uniform()) }
    case .tpe: return ParzenSearch(axes, results).point(using: &random)
    case .evolution: return EvolutionarySearch(axes, results).point(using: &random)
    }
  }
}
