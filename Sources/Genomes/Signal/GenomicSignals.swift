import Runtime
import Sequences

/// bigWig files that give windows their targets, a number each.
public struct GenomicSignals: Equatable, Sendable {
  public var paths: [String]
  public var summary: SignalSummary
  /// Of the middle of a window that counts for its targets; `nil` for all of it.
  public var length: Int?

  public init(paths: [String] = [], summary: SignalSummary = .sum, length: Int? = nil) {
    self.paths = paths
    self.summary = summary
    self.length = length
  }

  /// What the targets are called: the files' names without folder and ending; two of the same name are numbered.
  public var names: [String] {
    let names = paths.map { path in String((path.split(separator: "/").last ?? "").prefix { $0 != "." }) }
    return names.indices.map { index in
      let before = names[..<index].count { $0 == names[index] }
      return before == 0 ? names[index] : "\(names[index])_\(before + 1)"
    }
  }

  /// (windows, files).
  ///
  /// - Throws: `InputError` if a file cannot be read or has none of the chromosomes.
  public func values(of locations: [GenomicLocation]) throws -> [Float] {
    if paths.isEmpty { return [] }
    return try SignalFiles(paths: paths).summaries(of: locations, summary, length: length)
  }
}
