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
}
