import Foundation
import Runtime
import Sequences

/// What becomes of a window's values of a signal.
public enum SignalSummary: String, Sendable, CaseIterable {
  case sum, mean
  /// The largest value.
  case max
  /// ln(1 + the sum), for counts.
  case log1p

  /// One number of a window's values.
  ///
  /// - Returns: not a number for `log1p` of a sum of −1 or less.
  public func value(_ values: some Collection<Float>) -> Float {
    // Infinite values are the largest finite ones; so are their sums.
    let most = Double(Float.greatestFiniteMagnitude)
    let sum = Swift.min(most, Swift.max(-most, values.reduce(0.0) { $0 + Double($1) }))
    switch self {
    case .sum: return Float(sum)
    case .mean: return values.isEmpty ? 0 : Float(sum / Double(values.count))
    case .max: return values.max() ?? 0
    case .log1p: return sum > -1 ? Float(Foundation.log1p(sum)) : .nan
    }
  }
}

/// bigWig files whose values belong to windows, an output each.
public struct SignalFiles: Sendable {
  public let files: [BigWig]

  /// - Throws: `InputError` if one cannot be read.
  public init(paths: [String]) throws { files = try paths.map { try BigWig(path: $0) } }

  /// One number for each window and file: windows in order, for each the files in order.
  ///
  /// - Parameter length: of the middle of the windows that counts; `nil` for all of it.
  /// - Throws: `InputError` if a file knows none of the chromosomes, with what it calls its own, is damaged, or has a window
  ///   whose sum `log1p` has no logarithm for.
  public func summaries(of locations: [GenomicLocation], _ summary: SignalSummary, length: Int? = nil) throws
    -> [Float]
  {
    try requireChromosomes(of: locations)
    let values = try map(locations, length: length) { [summary.value($0)] }
    if let place = values.firstIndex(where: \.isNaN) {
      throw InputError(
        file: files[place % files.count].path,
        "the sum over \(locations[place / files.count].name) is −1 or less, of which log1p is no number; it is for counts"
      )
    }
    return values
  }

  /// A number for each base: windows in order, for each the files in order, for each its bases as the window's strand reads
  /// them.
  ///
  /// - Parameter length: of the middle of the windows to read; `nil` for all of it.
  public func profiles(of locations: [GenomicLocation], length: Int? = nil) throws -> [Float] {
    try requireChromosomes(of: locations)
    return try map(locations, length: length) { $0 }
  }

  private func map(_ locations: [GenomicLocation], length: Int?, _ body: @Sendable ([Float]) -> [Float])
    throws
    -> [Float]
  {
    let share = 64
    return try Parallel.tryMap((locations.count + share - 1) / share) { part in
      try locations[part * share..<Swift.min(locations.count, (part + 1) * share)].flatMap { location in
        let width = length ?? location.count
        // The middle as windows have theirs.
        let start = location.start + location.count / 2 - width / 2
        return try files.flatMap { file in
          let values = try file.values(start..<start + width, of: location.chromosome)
          return body(location.strand == .reverse ? values.reversed() : values)
        }
      }
    }.flatMap { $0 }
  }

  /// Chromosomes without signal may be missing, which is said as a warning, but not all of them.
  private func requireChromosomes(of locations: [GenomicLocation]) throws {
    let names = Set(locations.map(\.chromosome)).sorted()
    for file in files {
      let missing = names.filter { !file.has($0) }
      if missing.isEmpty { continue }
      guard missing.count < names.count else {
        let own = file.chromosomes.prefix(4).map(\.name).joined(separator: ", ")
        throw InputError(
          file: file.path,
          "has none of the chromosomes asked for (\(names.prefix(4).joined(separator: ", ")));"
            + " its own are \(own)")
      }
      let some = missing.prefix(4).joined(separator: ", ") + (missing.count > 4 ? ", …" : "")
      let windows = locations.count { !file.has($0.chromosome) }
      try InputWarning.emit(
        file: file.path,
        "has no \(some); the signal of \(windows) window\(windows == 1 ? "" : "s") there is 0")
    }
  }

  /// - Throws: `InputError` as `InputWarning` does where a chromosome has another length in the genome: the signal is of
  ///   another assembly.
  func compareLengths(with genome: Genome) throws {
    for file in files {
      let other = file.chromosomes.first { chromosome in
        genome.number(of: chromosome.name).map { genome.chromosomes[$0].length != chromosome.length } ?? false
      }
      guard let other else { continue }
      let length = genome.chromosomes[genome.number(of: other.name)!].length
      try InputWarning.emit(
        file: file.path,
        "\(other.name) has \(other.length) bases, in \(genome.path) \(length): it may be of another assembly")
    }
  }
}
