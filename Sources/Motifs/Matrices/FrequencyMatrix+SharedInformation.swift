extension FrequencyMatrix {
  /// Bits that two motifs of one width say alike: Σ r · min(I, I′) over the columns, with the correlation r of two columns'
  /// frequencies about ¼ and their information contents I and I′.
  ///
  /// Of two equal motifs it is the information content. A column that is flat in one of them adds nothing, one where they
  /// disagree takes away.
  ///
  /// - Precondition: the widths are equal.
  public func sharedInformation(with other: FrequencyMatrix) -> Double {
    precondition(width == other.width, "column on column")
    let information = zip(informationContent, other.informationContent).map { min($0, $1) }
    return zip(information, zip(rows, other.rows)).reduce(0) { sum, column in
      let (bits, (row, otherRow)) = column
      var (product, square, otherSquare) = (0.0, 0.0, 0.0)
      for (f, g) in zip(row, otherRow) {
        product += (f - 0.25) * (g - 0.25)
        square += (f - 0.25) * (f - 0.25)
        otherSquare += (g - 0.25) * (g - 0.25)
      }
      let norm = (square * otherSquare).squareRoot()
      return norm > 1e-14 ? sum + product / norm * bits : sum
    }
  }

  /// Bits of all columns against bases with the matrix's own share of G and C: what is left when its composition explains
  /// what it can.
  ///
  /// The share is that of the columns, each by its information, and of even bases in equal parts: a few columns alone do not
  /// tell a composition from a word.
  public var informationBeyondComposition: Double {
    let weights = informationContent
    let total = weights.reduce(0, +)
    guard total > 0 else { return 0 }
    let gc = zip(rows, weights).reduce(0) { $0 + ($1.0[1] + $1.0[2]) * $1.1 } / total
    let share = (gc + 0.5) / 2
    return relativeEntropy(
      background: Background([(1 - share) / 2, share / 2, share / 2, (1 - share) / 2])
    ).reduce(0, +)
  }
}
