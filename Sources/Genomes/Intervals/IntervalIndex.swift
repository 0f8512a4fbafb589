import Sequences

/// Stretches of a genome for questions whether something touches them, such as a blacklist's.
public struct IntervalIndex: Sendable {
  /// For each chromosome, stretches in order that neither overlap nor touch.
  private var stretches: [String: [Range<Int>]]
  /// The file that they come from; `nil` if from none.
  public let file: String?

  /// - Parameters:
  ///   - margin: bases added to either side of each location.
  ///   - file: that the locations come from, for messages.
  public init(_ locations: some Sequence<GenomicLocation>, margin: Int = 0, file: String? = nil) {
    self.file = file
    var all: [String: [Range<Int>]] = [:]
    for location in locations where location.count > 0 {
      all[location.chromosome, default: []].append(max(0, location.start - margin)..<location.end + margin)
    }
    stretches = all.mapValues { Self.merged($0) }
  }

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  /// Whether a base of `range` lies in one of the stretches.
  public func overlaps(_ range: Range<Int>, of chromosome: String) -> Bool {
    guard let stretches = stretches[chromosome], !range.isEmpty else { return false }
    let next = stretches.partitioningIndex { $0.upperBound > range.lowerBound }
    return next < stretches.count && stretches[next].lowerBound < range.upperBound
  }

  /// A list for another genome, or one that names chromosomes in another way, would keep nothing out without a word.
  ///
  /// - Throws: `InputError` naming the file if the genome has none of the chromosomes.
  func requireChromosomes(of genome: Genome) throws {
    if stretches.keys.contains(where: { genome.number(of: $0) != nil }) { return }
    guard let first = stretches.keys.min() else { return }
    throw genome.unknownChromosome(first, file: file)
  }

  public func overlaps(_ location: GenomicLocation) -> Bool {
    overlaps(location.start..<location.end, of: location.chromosome)
  }
}
