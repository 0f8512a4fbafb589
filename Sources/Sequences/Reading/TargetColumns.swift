import Runtime

/// Which columns of a table a network is to learn, and what they hold.
public struct TargetColumns: Equatable, Sendable {
  public enum Content: Equatable, Sendable {
    /// Numbers; an empty cell or NA is not known.
    case numbers
    /// Names of classes.
    case words
  }

  /// Titles; one that ends in `*` stands for all that begin so. None: the column `label` or `Bound`.
  public var names: [String]
  public var content: Content
  /// Whether signals of a genome may have other names, if they are as many: those of files that hold the same of other cells.
  public var allowsOtherSignals: Bool

  public init(_ names: [String] = [], content: Content = .numbers, allowsOtherSignals: Bool = false) {
    self.names = names
    self.content = content
    self.allowsOtherSignals = allowsOtherSignals
  }

  var description: String {
    switch names.count {
    case 0: "a column label or Bound"
    case 1: "a column \(names[0])"
    case 2...8: "columns \(names.joined(separator: ", "))"
    default: "columns \(names.prefix(3).joined(separator: ", ")), … \(names.last!)"
    }
  }

  /// Indices of the columns among the names of signals. The bases of several profiles (`A.1`, `A.2`, …, `B.1`, …) have no order that
  /// other names could tell.
  ///
  /// Throws as `places(in:fail:)`.
  func places(amongSignals signals: [String], fail: (String) -> InputError) throws -> [Int] {
    if names.isEmpty { return Array(signals.indices) }
    let files = Set(signals.map { $0.prefix { $0 != "." } }).count
    if allowsOtherSignals, names.count == signals.count, files == 1 || files == signals.count,
      Set(names).isDisjoint(with: signals)
    {
      return Array(signals.indices)
    }
    return try places(in: signals, fail: fail)
  }

  /// Indices of the columns among `titles`, in the order of `names`.
  ///
  /// Throws what `fail` makes of the reason if one is missing or there twice.
  func places(in titles: [String], fail: (String) -> InputError) throws -> [Int] {
    func one(_ what: String, _ matches: (String) -> Bool) throws -> Int {
      let found = titles.indices.filter { matches(titles[$0]) }
      guard let place = found.first else {
        let named = titles.filter { !$0.isEmpty }
        let shown = named.prefix(12).joined(separator: ", ") + (named.count > 12 ? ", …" : "")
        throw fail("no column \(what); the table has \(shown)")
      }
      guard found.count == 1 else { throw fail("\(found.count) columns are called \(what)") }
      return place
    }
    guard !names.isEmpty else {
      return [try one("label or Bound") { ["label", "bound"].contains($0.lowercased()) }]
    }
    var places: [Int] = []
    for name in names {
      if name.hasSuffix("*") {
        let found = titles.indices.filter { titles[$0].hasPrefix(name.dropLast()) }
        guard !found.isEmpty else { throw fail("no column begins with \(name.dropLast())") }
        places += found
      } else {
        places.append(try one(name) { $0 == name })
      }
    }
    guard Set(places).count == places.count else { throw fail("a label column is named twice") }
    return places
  }
}

/// Sequences of one length with what a network is to learn of them.
public struct TargetTable: Sendable {
  public let sequences: SequenceSet
  /// Titles of the target columns.
  public let columns: [String]
  /// Numbers, (sequences, columns) row-major; NaN where not known. Empty for words.
  public let numbers: [Float]
  /// Words, (sequences, columns) row-major. Empty for numbers.
  public let words: [String]

  /// Reads a CSV or TSV with a sequence column (or the columns `0`, `1`, …) and the target columns.
  ///
  /// - Parameters:
  ///   - length: the length that every sequence must have, if any; otherwise that of the first.
  ///   - problem: what is wrong with a number, if something is; never asked for NaN.
  /// - Throws: `InputError` naming file, line and reason.
  public init(
    contentsOf path: String, columns: TargetColumns, length: Int? = nil,
    problem: (Float) -> String? = { _ in nil }
  ) throws {
    let reader = try SequenceReader(path: path, keepNames: true, targets: columns)
    let titles = reader.targets
    var (numbers, words): ([Float], [String]) = ([], [])
    let sequences = try SequenceSet.read(reader, requireUniformLength: true, length: length) { record in
      func fail(_ column: Int, _ reason: String) -> InputError {
        InputError(file: path, line: record.line, "column \(titles[column]) \(reason)")
      }
      for (column, value) in record.numbers.enumerated() where !value.isNaN {
        if let problem = problem(value) { throw fail(column, "holds \(value); \(problem)") }
      }
      if let empty = record.words.firstIndex(of: "") { throw fail(empty, "is empty") }
      numbers += record.numbers
      words += record.words
    }
    (self.sequences, self.columns, self.numbers, self.words) = (sequences, titles, numbers, words)
  }
}
