import Foundation

extension FrequencyMatrix {
  /// Information of each position in bits when the frequencies come from few sites: 2 − (H + e) with
  /// e = 3 / (2 ln 2 · n) (Schneider et al. 1986, Journal of Molecular Biology 188, 415–431). May be negative.
  ///
  /// - Parameter sites: n, above 0.
  public func informationContent(sites: Double) -> [Double] {
    let correction = Self.smallSampleCorrection(sites: sites)
    return informationContent.map { $0 - correction }
  }

  /// e = 3 / (2 ln 2 · n): bits by which n random sites look informative.
  public static func smallSampleCorrection(sites: Double) -> Double { 3 / (2 * log(2) * sites) }

  /// Relative entropy of each position in bits, Σ f log₂ (f / b).
  public func relativeEntropy(background: Background = .uniform) -> [Double] {
    rows.map { row in
      (0..<4).reduce(0) { sum, base in
        row[base] > 0 ? sum + row[base] * log2(row[base] / background[base]) : sum
      }
    }
  }

  /// f′ = (n·f + pseudocount·b) / (n + pseudocount).
  ///
  /// - Parameter sites: n, how many sites the frequencies stand for.
  public func smoothed(
    pseudocount: Double, sites: Double, background: Background = .uniform
  ) -> FrequencyMatrix {
    let total = sites + pseudocount
    guard total > 0 else { return self }
    return FrequencyMatrix(
      unchecked: values.enumerated().map { ($1 * sites + pseudocount * background[$0 & 3]) / total })
  }
}

extension CountMatrix {
  /// Information of each position in bits with the small-sample correction for the counts of that position; 0
  /// where there are none.
  public var informationContent: [Double] {
    zip(rows, frequencies().informationContent).map { row, bits in
      let sites = row.reduce(0, +)
      return sites > 0 ? bits - FrequencyMatrix.smallSampleCorrection(sites: sites) : 0
    }
  }
}
