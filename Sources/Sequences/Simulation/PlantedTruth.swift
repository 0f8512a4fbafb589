import Runtime

/// What is known of one simulated sequence.
public struct PlantedSite: Equatable, Sendable {
  /// 0-based first base of the site; `nil` where none was planted.
  public var start: Int?
  /// Whether the site reads along the sequence (`+`) or on the other strand (`-`).
  public var isReverse = false

  public init(start: Int?, isReverse: Bool = false) {
    self.start = start
    self.isReverse = isReverse
  }

  public static let none = PlantedSite(start: nil)
}

/// Where sites were planted, for each row of each file of a data set: `truth.tsv`.
///
/// Columns: `set` (such as train or test), `index` (0-based row of that set's file), `label`, `start` (0-based,
/// empty where there is no site), `strand` (`+`, `-`, or empty).
public enum PlantedTruth {
  /// Writes the truth of several sets, each with its name, one after the other.
  ///
  /// - Throws: `InputError` if the file cannot be written.
  public static func write(_ sets: KeyValuePairs<String, [PlantedSite]>, to path: String) throws {
    try AtomicFile.write(path: path) { file in
      try file.write("set\tindex\tlabel\tstart\tstrand\n")
      for (name, sites) in sets {
        for (index, site) in sites.enumerated() {
          let place = site.start.map { "1\t\($0)\t\(site.isReverse ? "-" : "+")" } ?? "0\t\t"
          try file.write("\(name)\t\(index)\t\(place)\n")
        }
      }
    }
  }

  /// The sites of the rows of one set, in the order of its file.
  ///
  /// - Throws: `InputError` if the file is no such table, or its rows of `set` are not 0, 1, 2, ….
  public static func read(path: String, set: String) throws -> [PlantedSite] {
    let lines = try LineReader(path: path)
    func fail(_ reason: String) -> InputError { InputError(file: path, line: lines.line, reason) }
    let header = "set\tindex\tlabel\tstart\tstrand"
    guard let first = try lines.next() else { throw InputError(file: path, "is empty") }
    guard String(decoding: first, as: UTF8.self) == header else {
      throw fail("expected the columns set, index, label, start, strand")
    }
    var sites: [PlantedSite] = []
    while let row = try lines.next() {
      let cells = String(decoding: row, as: UTF8.self)
        .split(separator: "\t", omittingEmptySubsequences: false)
      guard cells.count == 5 else {
        throw fail("the row has \(cells.count) cell\(cells.count == 1 ? "" : "s") where the header has 5")
      }
      guard cells[0] == set else { continue }
      guard Int(cells[1]) == sites.count else {
        throw fail("index \"\(cells[1])\" where \(sites.count) is expected")
      }
      if cells[3].isEmpty {
        sites.append(.none)
      } else {
        guard let start = Int(cells[3]), start >= 0 else {
          throw fail("start \"\(cells[3])\" is no position")
        }
        sites.append(PlantedSite(start: start, isReverse: cells[4] == "-"))
      }
    }
    if sites.isEmpty { throw InputError(file: path, "has no row of the set \(set)") }
    return sites
  }
}
