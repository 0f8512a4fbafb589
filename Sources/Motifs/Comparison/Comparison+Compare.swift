import Runtime
import Sequences

extension Comparison {
  /// Compares every query with every target.
  ///
  /// - Parameters:
  ///   - queries: Motifs to name; those wider than `widestQuery` are skipped and listed in the result.
  ///   - targets: Motifs that may give the name.
  ///   - null: Where the columns of the null distribution come from. `Null.automatic(targets:seed:)` chooses.
  ///   - threads: The result is the same whatever their number.
  /// - Throws: `InputError` if there are no queries or targets, if a motif has no columns, if the mode does not
  ///   have the options, or if a logarithm of a zero frequency would be needed.
  public func compare(
    _ queries: [Motif], _ targets: [Motif], null: Null = .targets, threads: Int = Parallel.threads
  ) throws -> ComparisonResult {
    try compare(queries, targets, null: null, threads: threads, kernels: .best)
  }

  package func compare(
    _ queries: [Motif], _ targets: [Motif], null: Null, threads: Int, kernels: ComparisonKernels
  ) throws -> ComparisonResult {
    let (collection, name) = null.collection
    try check(queries, targets, collection)
    let table = ColumnTable(self, collection: collection, targets: targets)
    let compared = queries.indices.filter { queries[$0].width <= widestQuery }
    let widest = compared.map { queries[$0].width }.max() ?? 0
    let workers = WorkerPool(max(1, min(threads, compared.count))) {
      QueryComparison(self, table, targets: targets, widest: widest, kernels: kernels)
    }
    // The widest first, so that no thread is left with a long one at the end.
    let order = compared.sorted { (queries[$1].width, $0) < (queries[$0].width, $1) }
    let found = Parallel.map(order.count, threads: threads) { worker, task in
      workers[worker].matches(queries[order[task]], index: order[task])
    }
    var byQuery = [[MotifMatch]](repeating: [], count: queries.count)
    for (task, matches) in found.enumerated() { byQuery[order[task]] = matches }
    var matches: [MotifMatch] = []
    matches.reserveCapacity(found.reduce(0) { $0 + $1.count })
    for part in byQuery { matches += part }
    return ComparisonResult(
      queries: queries, targets: targets, matches: matches, null: name,
      nullColumns: table.columnCount,
      skippedQueries: queries.indices.filter { queries[$0].width > widestQuery })
  }

  private func check(_ queries: [Motif], _ targets: [Motif], _ collection: [Motif]) throws {
    if queries.isEmpty { throw InputError("there are no query motifs") }
    if targets.isEmpty { throw InputError("there are no target motifs") }
    if mode == .lite {
      guard distance == .euclidean else { throw InputError("lite mode knows the euclidean distance only") }
      guard completeScores, minimumOverlap <= 1, !internalOnly else {
        throw InputError("lite mode knows complete scores of all alignments only")
      }
    }
    guard pseudocount >= 0, pseudocount.isFinite else {
      throw InputError("the pseudocount is \(pseudocount); expected 0 or more")
    }
    let needsLogarithms = [.kullback, .allr].contains(distance)
    for motif in queries + targets + collection {
      if motif.width == 0 { throw InputError("motif \(motif.identifier) has no positions") }
      if pseudocount == 0, needsLogarithms, motif.frequencies.values.contains(0) {
        throw InputError(
          "\(distance.rawValue) needs the logarithm of each frequency, and motif \(motif.identifier) has a zero;"
            + " give a pseudocount")
      }
    }
  }
}

extension Comparison.Null {
  /// Motifs beside the targets, and what to call the null.
  fileprivate var collection: ([Motif], String) {
    switch self {
    case .targets: ([], "targets")
    case .collection(let motifs, let name): (motifs, name)
    case .synthetic(let seed): (SyntheticMotifs.collection(seed: seed), "synthetic motifs, seed \(seed)")
    }
  }
}

/// Scratch memory for each thread, made when the thread first asks.
private final class WorkerPool: @unchecked Sendable {
  // Each worker number is in use by one thread at a time, so that no place is touched by two.
  private let places: UnsafeMutablePointer<QueryComparison?>
  private let count: Int
  private let make: @Sendable () -> QueryComparison

  init(_ count: Int, _ make: @escaping @Sendable () -> QueryComparison) {
    self.count = count
    self.make = make
    places = .allocate(capacity: count)
    places.initialize(repeating: nil, count: count)
  }

  deinit {
    places.deinitialize(count: count)
    places.deallocate()
  }

  subscript(worker: Int) -> QueryComparison {
    if let made = places[worker] { return made }
    let made = make()
    places[worker] = made
    return made
  }
}
