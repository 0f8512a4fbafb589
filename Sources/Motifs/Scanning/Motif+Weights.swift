extension Motif {
  /// Log-odds in bits of the motif against a background, with a pseudocount spread over the background.
  ///
  /// w = log₂(f′ / b) with f′ = (n·f + pseudocount·b) / (n + pseudocount), n the number of sites: the counts of
  /// the position, the sites the file names, or 20 where neither is known (as the MEME suite does).
  public func weights(pseudocount: Double = 0.1, background: Background = .uniform) -> WeightMatrix {
    let known = sites.flatMap { $0 > 0 ? $0 : nil } ?? 20
    let counts = counts ?? CountMatrix(unchecked: frequencies.values.map { $0 * known })
    return counts.frequencies(pseudocount: pseudocount, background: background).weights(
      background: background)
  }
}

extension ScanMotif {
  /// A motif with the weights of `Motif.weights(pseudocount:background:)`.
  public init(
    _ motif: Motif, threshold: ScanThreshold = .pValue(1e-4), background: BackgroundModel = .uniform,
    pseudocount: Double = 0.1, step: Double = 0.001
  ) {
    self.init(
      identifier: motif.identifier, name: motif.name,
      weights: motif.weights(pseudocount: pseudocount, background: background.frequencies),
      threshold: threshold, background: background, step: step)
  }
}
