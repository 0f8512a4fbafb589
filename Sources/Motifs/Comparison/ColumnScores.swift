import CKernels

/// What the columns of a query score against a table of columns, by the distance in question.
///
/// A score and its key order columns alike; the key is cheaper to compute. They differ for `euclidean` only, whose
/// key is minus the square of the distance.
struct ColumnScores {
  let table: ColumnTable
  let kernels: ComparisonKernels
  private let isEuclidean: Bool

  init(_ table: ColumnTable, _ kernels: ComparisonKernels) {
    self.table = table
    self.kernels = kernels
    isEuclidean = table.comparison.distance == .euclidean
  }

  /// Passes over the keys of each query column; those within its window go to inside + i · stride.
  ///
  /// - Parameter scratch: (table.count) for distances without a kernel of their own.
  func measure(
    _ query: [comparison_column], windows: [comparison_range], inside: UnsafeMutablePointer<Double>,
    stride: Int, scratch: UnsafeMutablePointer<Double>
  ) -> [comparison_pass] {
    var passes = [comparison_pass](repeating: comparison_pass(), count: query.count)
    table.withColumns { columns in
      if let distance {
        distance.measure(query, Int32(query.count), &columns, windows, inside, Int64(stride), &passes)
      } else {
        for index in query.indices {
          let range = likelihood(query[index], &columns, scratch)
          passes[index] = kernels.table.pointee.window(
            scratch, columns.real, windows[index], inside + index * stride)
          passes[index].range = range
        }
      }
    }
    return passes
  }

  /// Whether `estimate` is there.
  var hasEstimates: Bool { isEuclidean && table.columnCount < Int(COMPARISON_MOST_ESTIMATES) }

  /// As `measure`, at a quarter of its cost, but windows, counts and what goes to `inside` are estimates.
  ///
  /// - Parameter extremes: (2 · query columns · blocks).
  func estimate(
    _ query: [comparison_column], windows: [comparison_range], inside: UnsafeMutablePointer<Double>,
    stride: Int, extremes: UnsafeMutablePointer<Float>
  ) -> [comparison_pass] {
    var passes = [comparison_pass](repeating: comparison_pass(), count: query.count)
    table.withColumns { columns in
      kernels.table.pointee.estimate(
        query, Int32(query.count), &columns, windows, inside, Int64(stride), extremes, &passes)
    }
    return passes
  }

  /// The most that an estimate differs from its key.
  func error(_ column: comparison_column) -> Double {
    var column = column
    return table.withColumns { ck_comparison_key_error(&column, &$0) }
  }

  /// Makes keys of estimates.
  func makeExact(_ column: comparison_column, _ estimates: UnsafeMutablePointer<Double>, count: Int) {
    var column = column
    table.withColumns { ck_comparison_exact_keys(&column, &$0, estimates, Int64(count)) }
  }

  /// The keys of one query column with all columns.
  func keys(_ column: comparison_column, into keys: UnsafeMutablePointer<Double>) -> comparison_pass {
    let all = comparison_range(low: -.infinity, high: .infinity)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: table.count) { scratch in
      measure([column], windows: [all], inside: keys, stride: 0, scratch: scratch.baseAddress!)[0]
    }
  }

  /// floor((score − shifts[i]) · scale + ½) + unit into bins + i · stride.
  func bin(
    _ query: [comparison_column], shifts: [Double], scale: Double, unit: Int,
    into bins: UnsafeMutablePointer<Int8>, stride: Int, scratch: UnsafeMutablePointer<Double>
  ) {
    table.withColumns { columns in
      if let distance {
        distance.bin(query, Int32(query.count), &columns, shifts, scale, Int32(unit), bins, Int64(stride))
      } else {
        for index in query.indices {
          _ = likelihood(query[index], &columns, scratch)
          kernels.table.pointee.bin(
            scratch, columns.count, shifts[index], scale, Int32(unit), bins + index * stride)
        }
      }
    }
  }

  func score(ofKey key: Double) -> Double { isEuclidean ? -(-key).squareRoot() : key }

  func key(ofScore score: Double) -> Double { isEuclidean ? -score * score : score }

  private var distance: comparison_distance? {
    switch table.comparison.distance {
    case .euclidean: kernels.table.pointee.euclidean
    case .sandelin: kernels.table.pointee.sandelin
    case .pearson: kernels.table.pointee.pearson
    case .kullback: kernels.table.pointee.kullback
    case .allr: kernels.table.pointee.allr
    case .blic1, .blic5, .llr1, .llr5: nil
    }
  }

  private func likelihood(
    _ column: comparison_column, _ columns: inout comparison_columns, _ scores: UnsafeMutablePointer<Double>
  ) -> comparison_range {
    var column = column
    let distance = table.comparison.distance
    return distance == .blic1 || distance == .blic5
      ? ck_comparison_likelihood(&column, &columns, distance.components, table.background.frequencies, scores)
      : ck_comparison_likelihood(&column, &columns, distance.components, nil, scores)
  }
}
