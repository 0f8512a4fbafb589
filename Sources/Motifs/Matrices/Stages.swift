import Foundation

/// How often each base was seen (or weighed) at each position (PFM).
public struct CountMatrix: BaseMatrix {
  public let values: [Double]
  public init(unchecked values: [Double]) { self.values = values }
}

/// The probability of each base at each position (PPM); each row sums to one within 1e-5.
public struct FrequencyMatrix: BaseMatrix {
  public let values: [Double]
  public init(unchecked values: [Double]) { self.values = values }
}

/// Log-odds of each base against a background, in bits (PWM).
public struct WeightMatrix: BaseMatrix {
  public let values: [Double]
  public init(unchecked values: [Double]) { self.values = values }
}

/// Scores that add up over a site, in whatever unit their source publishes them.
public struct ScoreMatrix: BaseMatrix {
  public let values: [Double]
  public init(unchecked values: [Double]) { self.values = values }
}

/// Base frequencies A C G T that a motif is measured against.
public struct Background: Equatable, Sendable {
  public let frequencies: [Double]

  /// Frequencies must be four positive numbers; they are scaled to sum to one.
  public init(_ frequencies: [Double]) {
    precondition(frequencies.count == 4 && frequencies.allSatisfy { $0 > 0 }, "four positive frequencies")
    let sum = frequencies.reduce(0, +)
    self.frequencies = frequencies.map { $0 / sum }
  }

  public static let uniform = Background([0.25, 0.25, 0.25, 0.25])

  public subscript(_ base: Int) -> Double { frequencies[base] }
}

extension CountMatrix {
  /// f = (n·c/Σc + pseudocount·b) / (Σc + pseudocount) with `pseudocount` spread over the background.
  ///
  /// A row without counts becomes the background.
  public func frequencies(pseudocount: Double = 0, background: Background = .uniform) -> FrequencyMatrix {
    FrequencyMatrix(
      rows: rows.map { row in
        let total = row.reduce(0, +) + pseudocount
        return (0..<4).map {
          total > 0 ? (row[$0] + pseudocount * background[$0]) / total : background[$0]
        }
      })
  }
}

extension FrequencyMatrix {
  /// Each row that is off by more than 1e-5 divided by its sum, as the MEME suite reads matrices; a row of zeros stays.
  public var normalized: FrequencyMatrix {
    var values = values
    for first in stride(from: 0, to: values.count, by: 4) {
      let sum = values[first..<first + 4].reduce(0, +)
      guard abs(sum - 1) > Self.normalizedWithin, sum > 0 else { continue }
      for cell in first..<first + 4 { values[cell] /= sum }
    }
    return FrequencyMatrix(unchecked: values)
  }

  /// How far the sum of a row may be from one without the row being divided by it.
  static let normalizedWithin = 1e-5

  /// w = log₂(f / b). Zero frequencies give −∞: add a pseudocount before.
  public func weights(background: Background = .uniform) -> WeightMatrix {
    WeightMatrix(rows: rows.map { row in (0..<4).map { log2(row[$0] / background[$0]) } })
  }

  /// Shannon information of each position in bits, 2 + Σ f log₂ f (Schneider & Stephens 1990), no small-sample term.
  public var informationContent: [Double] {
    rows.map { row in 2 + row.reduce(0) { $0 + ($1 > 0 ? $1 * log2($1) : 0) } }
  }
}
