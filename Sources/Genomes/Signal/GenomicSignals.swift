import Runtime
import Sequences

/// bigWig files that give windows their targets: a number each, or one for each base.
public struct GenomicSignals: Equatable, Sendable {
  public var paths: [String]
  public var summary: SignalSummary
  /// Of the middle of a window that counts for its targets; `nil` for all of it.
  public var length: Int?
  /// Whether each base is a target of its own, which is what profiles are learned from; `summary` has no meaning then.
  public var isProfile: Bool

  public init(
    paths: [String] = [], summary: SignalSummary = .sum, length: Int? = nil, isProfile: Bool = false
  ) {
    self.isProfile = isProfile
    self.paths = paths
    self.summary = summary
    self.length = length
  }

  /// What the targets are called: as `fileNames` says, and in profiles with the base's number from 1 (`ATAC.1`).
  ///
  /// - Parameter window: bases of a window.
  public func names(window: Int) -> [String] {
    guard isProfile else { return fileNames }
    return fileNames.flatMap { name in (1...max(1, length ?? window)).map { "\(name).\($0)" } }
  }

  /// The files' names without folder and ending; two of the same name are numbered.
  private var fileNames: [String] {
    let names = paths.map { path in String((path.split(separator: "/").last ?? "").prefix { $0 != "." }) }
    return names.indices.map { index in
      let before = names[..<index].count { $0 == names[index] }
      return before == 0 ? names[index] : "\(names[index])_\(before + 1)"
    }
  }

  /// (windows, files), or (windows, files, bases) in profiles, whose bases are in the order that the window's strand reads
  /// them.
  ///
  /// - Parameter genome: that the locations are of; chromosomes of another length there are said as a warning.
  /// - Throws: `InputError` if a file cannot be read or has none of the chromosomes.
  public func values(of locations: [GenomicLocation], genome: Genome? = nil) throws -> [Float] {
    if paths.isEmpty { return [] }
    let files = try SignalFiles(paths: paths)
    if let genome { try files.compareLengths(with: genome) }
    return try isProfile
      ? files.profiles(of: locations, length: length)
      : files.summaries(of: locations, summary, length: length)
  }
}
