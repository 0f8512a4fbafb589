/// The k-mers of a background whose activation reaches a cut, as one frequency matrix.
public struct KmerSelection: Equatable, Sendable {
  /// The lowest (rounded) activation selected.
  public let cut: Double
  /// How probable a selected k-mer is under the background.
  public let probability: Double
  /// P(base at position | selected), without pseudocount.
  public let frequencies: FrequencyMatrix
  /// The mean activation of the selected k-mers.
  public let meanActivation: Double
}

extension KmerScoreDistribution {
  /// The rule `exact-p`: the k-mers whose activation at most a share `pValue` of the background's k-mers reach.
  ///
  /// No data set is needed and none of the 4^width k-mers is listed: a forward–backward recursion over the rounded
  /// sum gives the frequency of each base at each position among all of them at once. Where even the best k-mers
  /// are more common than `pValue`, they are the selection.
  public func exactSelection(pValue: Double) -> KmerSelection {
    selection(units: units(forPValue: pValue))
  }

  /// As `exactSelection(pValue:)`, with the cut given; `nil` if no k-mer has at least this rounded activation.
  public func exactSelection(activation: Double) -> KmerSelection? {
    // A hair below, so that a cut that is a multiple of the step counts as such.
    let units = ((activation - bias) / scores.step - 1e-6).rounded(.up)
    guard units <= Double(scores.grid.highest) else { return nil }
    return selection(units: max(scores.grid.lowest, Int(max(units, Double(scores.grid.lowest)))))
  }

  /// f_j(b) = Σ_{s,a} F_j(s, a) · P(b | a) · G_{j+1}(cut − s − offset_j(b) | b) / P(sum ≥ cut), with F the
  /// probability of the sums of the columns before (see `ScoreColumns`) and G(t | b) the probability that the
  /// later columns add at least t after base b.
  private func selection(units cut: Int) -> KmerSelection {
    let grid = scores.grid
    let needed = cut - grid.lowest
    let rests = restProbabilities()
    var columns = ScoreColumns(grid, background: background)
    var joint = [Double](repeating: 0, count: 4 * width)
    for column in 0..<width {
      let later = rests[column + 1]
      for state in 0..<columns.states {
        let masses = columns.masses(state: state)
        for base in 0..<4 {
          let rest = later[columns.states == 1 ? 0 : base]
          let short = needed - grid.offsets[4 * column + base]
          let sum = masses.withUnsafeBufferPointer { masses in
            rest.withUnsafeBufferPointer { rest in
              // Sums from `short` up need nothing more; those that leave more than the later columns can add fail.
              var sum = 0.0
              for bin in max(0, short - rest.count + 1)..<max(masses.count, short - rest.count + 1) {
                sum += masses[bin] * rest[max(0, short - bin)]
              }
              return sum
            }
          }
          joint[4 * column + base] += sum * columns.probability(of: base, after: state)
        }
      }
      columns.advance()
    }
    let frequencies = FrequencyMatrix(
      rows: (0..<width).map { column in
        let row = joint[4 * column..<4 * column + 4]
        let total = row.reduce(0, +)
        return row.map { $0 / total }
      })
    return KmerSelection(
      cut: Double(cut) * grid.step + bias, probability: scores.pValue(units: cut), frequencies: frequencies,
      meanActivation: zip(frequencies.values, weights).reduce(bias) { $0 + $1.0 * $1.1 })
  }

  /// G for every column: [column][state][t], t from 0 (which any sum reaches) to the most that can be added.
  private func restProbabilities() -> [[[Double]]] {
    let grid = scores.grid
    let states = background.order == 0 ? 1 : 4
    var rests = [[[Double]]](repeating: [], count: width + 1)
    rests[width] = Array(repeating: [1], count: states)
    for column in (0..<width).reversed() {
      let later = rests[column + 1]
      let count = later[0].count + grid.spans[column]
      rests[column] = (0..<states).map { state in
        var rest = [Double](repeating: 0, count: count)
        for base in 0..<4 {
          let source = later[states == 1 ? 0 : base]
          let offset = grid.offsets[4 * column + base]
          let factor =
            states == 1 || column == 0 ? background.initial[base] : background.transitions[4 * state + base]
          rest.withUnsafeMutableBufferPointer { rest in
            source.withUnsafeBufferPointer { source in
              for t in 0..<offset { rest[t] += factor }
              for t in 0..<source.count { rest[t + offset] += factor * source[t] }
            }
          }
        }
        return rest
      }
    }
    return rests
  }
}
