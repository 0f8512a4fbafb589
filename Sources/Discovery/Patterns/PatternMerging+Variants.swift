extension PatternMerging {
  /// Joins patterns that are one motif with one base or another at one position, the largest pattern first.
  ///
  /// Seqlets of such variants can be told apart, so contamination keeps them apart. But the network makes the same of the bases that
  /// are not there: their hypothetical contributions correlate, and so do their contributions without the position where they differ,
  /// both by `variantSimilarity` at least.
  func joiningVariants(_ patterns: [Pattern]) -> [Pattern] {
    guard options.variantSimilarity <= 1 else { return patterns }
    var joined: [Pattern] = []
    for pattern in patterns {
      if let place = joined.firstIndex(where: { isVariant(pattern, of: $0) }) {
        joined[place] = joined[place].merged(with: pattern, overlap: options.overlap, of: tracks)
      } else {
        joined.append(pattern)
      }
    }
    return joined
  }

  private func isVariant(_ pattern: Pattern, of other: Pattern) -> Bool {
    let match = other.profile.align(pattern.profile, overlap: options.overlap)
    guard Double(match.score) >= min(options.variantSimilarity, 0.5) else { return false }
    func similarity(_ values: ([Double], [Double]), sparing: Bool) -> Double {
      positionwiseCosine(
        values.0, values.1, offset: match.offset, isReverse: match.isReverse, sparing: sparing)
    }
    return similarity((other.hypothetical, pattern.hypothetical), sparing: false) >= options.variantSimilarity
      && similarity((other.contributions, pattern.contributions), sparing: true) >= options.variantSimilarity
  }
}

/// Cosine of `child` (width, 4) laid on `parent` at `offset`, as zeros where only one of them is.
///
/// - Parameter sparing: without the position whose absence makes it largest.
func positionwiseCosine(
  _ parent: [Double], _ child: [Double], offset: Int, isReverse: Bool, sparing: Bool
) -> Double {
  let (width, childWidth) = (parent.count / 4, child.count / 4)
  // At each position Σ a·b, Σ a² and Σ b².
  var terms: [(product: Double, parent: Double, child: Double)] = []
  for position in min(0, offset)..<max(width, offset + childWidth) {
    var term = (product: 0.0, parent: 0.0, child: 0.0)
    for base in 0..<4 {
      let a = 0..<width ~= position ? parent[4 * position + base] : 0
      let place = 4 * (position - offset) + base
      let b =
        child.indices ~= place ? child[isReverse ? child.count - 1 - place : place] : 0
      term = (term.product + a * b, term.parent + a * a, term.child + b * b)
    }
    terms.append(term)
  }
  let total = terms.reduce((0.0, 0.0, 0.0)) { ($0.0 + $1.product, $0.1 + $1.parent, $0.2 + $1.child) }
  func cosine(without term: (product: Double, parent: Double, child: Double)) -> Double {
    let norms = max(0, total.1 - term.parent) * max(0, total.2 - term.child)
    return norms > 0 ? (total.0 - term.product) / norms.squareRoot() : 0
  }
  return sparing ? terms.map(cosine).max() ?? 0 : cosine(without: (0, 0, 0))
}
