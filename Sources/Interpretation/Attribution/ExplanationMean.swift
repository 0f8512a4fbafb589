import Sequences

/// Adds up explanations of the same sequences by several networks and readings.
struct ExplanationMean {
  private let sequences: SequenceSet
  private let length: Int
  /// Of all, and of one network; as the values of the explanation lie.
  private var values = Sums()
  private var current = Sums()
  /// Standard errors squared, (N, L).
  private var variances = Sums()
  /// Each network's mean of the base that is there, (N, L): their sum and the sum of squares.
  private var sums: [Double] = []
  private var squares: [Double] = []
  private var networks = 0
  private var explanations = 0
  private var residuals: [Double] = []
  private var withoutContrast: Set<Int>?
  private var last: Explanation?

  /// Sums over readings, each value over those that hold its position.
  private struct Sums {
    var values: [Double] = []
    /// Readings that hold a position, (L).
    var counts: [Double] = []

    mutating func add(_ other: Sums) {
      if values.isEmpty { (values, counts) = (other.values, other.counts); return }
      for place in values.indices { values[place] += other.values[place] }
      for place in counts.indices { counts[place] += other.counts[place] }
    }

    /// Adds (sequences, rows, length), where 4 rows are the bases and a single one has none.
    mutating func add(_ more: [Float], rows: Int, length: Int, reading: SequenceReading) {
      if values.isEmpty {
        values = Array(repeating: 0, count: more.count)
        counts = Array(repeating: 0, count: length)
      }
      for position in 0..<length {
        let origin = reading.origin(of: position, length: length)
        guard 0..<length ~= origin else { continue }
        counts[origin] += 1
        for start in stride(from: 0, to: more.count, by: rows * length) {
          for row in 0..<rows {
            let target = rows == 4 && reading.isReverse ? 3 - row : row
            values[start + target * length + origin] += Double(more[start + row * length + position])
          }
        }
      }
    }

    func mean(length: Int) -> [Float] {
      values.indices.map { Float(values[$0] / counts[$0 % length]) }
    }
  }

  init(_ sequences: SequenceSet, length: Int) {
    self.sequences = sequences
    self.length = length
  }

  mutating func add(_ explanation: Explanation, reading: SequenceReading) {
    last = explanation
    explanations += 1
    switch explanation {
    case .maps(let maps): current.add(maps.values, rows: 1, length: length, reading: reading)
    case .attributions(let attributions):
      current.add(attributions.values, rows: 4, length: length, reading: reading)
      if !attributions.standardErrors.isEmpty {
        variances.add(
          attributions.standardErrors.map { $0 * $0 }, rows: 1, length: length, reading: reading)
      }
      if residuals.isEmpty { residuals = Array(repeating: 0, count: attributions.residuals.count) }
      for (index, residual) in attributions.residuals.enumerated() { residuals[index] += Double(residual) }
      let without = Set(attributions.withoutContrast)
      withoutContrast = withoutContrast?.intersection(without) ?? without
    }
  }

  /// To be called when all readings of a network are added.
  mutating func finishNetwork() {
    let mean = present(current.mean(length: length))
    if sums.isEmpty {
      sums = Array(repeating: 0, count: mean.count)
      squares = sums
    }
    for (place, value) in mean.enumerated() {
      sums[place] += Double(value)
      squares[place] += Double(value) * Double(value)
    }
    networks += 1
    values.add(current)
    current = Sums()
  }

  /// The value of the base that is there, or of the map, (N, L).
  private func present(_ values: [Float]) -> [Float] {
    if case .maps? = last { return values }
    return Attributions("", sequences: sequences, length: length, values: values).scores
  }

  /// Standard deviation between networks.
  private var spreads: [Float] {
    guard networks > 1 else { return [] }
    let n = Double(networks)
    return sums.indices.map {
      Float((max(0, squares[$0] - sums[$0] * sums[$0] / n) / (n - 1)).squareRoot())
    }
  }

  /// At least one explanation was added.
  var result: Explanation {
    let mean = values.mean(length: length)
    switch last! {
    case .maps(let maps): return .maps(maps.averaged(mean, spreads: spreads))
    case .attributions(let attributions):
      var result = Attributions(attributions.method, sequences: sequences, length: length, values: mean)
      result.residuals = residuals.map { Float($0 / Double(explanations)) }
      // The mean of n numbers with independent errors e has the error √Σe² / n.
      result.standardErrors = variances.values.indices.map {
        Float(variances.values[$0].squareRoot() / variances.counts[$0 % length])
      }
      result.withoutContrast = (withoutContrast ?? []).sorted()
      result.spreads = spreads
      return .attributions(result)
    }
  }
}
