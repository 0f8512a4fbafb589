import Runtime
import Sequences

/// One line of a BED, narrowPeak or broadPeak file.
public struct GenomicInterval: Equatable, Sendable {
  public var location: GenomicLocation
  /// The fourth column, `nil` where there is none or it is a point.
  public var name: String?
  /// The fifth column.
  public var score: Double?
  /// The base with the most signal, 0-based on the chromosome; narrowPeak's tenth column added to the start, `nil` where
  /// that is −1.
  public var summit: Int?
  /// 1-based line of the file it comes from.
  public var line: Int

  public init(
    location: GenomicLocation, name: String? = nil, score: Double? = nil, summit: Int? = nil, line: Int = 0
  ) {
    self.location = location
    self.name = name
    self.score = score
    self.summit = summit
    self.line = line
  }

  /// The base in the middle, of two the right one, as tangermeme has it: start + (end − start) / 2.
  public var middle: Int { location.start + location.count / 2 }
}

/// What is in a file of intervals.
public struct IntervalFile: Sendable {
  /// The file as the user named it.
  public let path: String
  /// In the order of the file.
  public let intervals: [GenomicInterval]
  /// Whether lines have narrowPeak's ten columns.
  public let isNarrowPeak: Bool

  public init(path: String, intervals: [GenomicInterval], isNarrowPeak: Bool = false) {
    self.path = path
    self.intervals = intervals
    self.isNarrowPeak = isNarrowPeak
  }

  /// Checks each interval against a genome.
  ///
  /// - Throws: `InputError` naming file and line of the first interval whose chromosome the genome does not have, with
  ///   what that is called there, or which begins beyond its chromosome's end.
  public func requireChromosomes(of genome: Genome) throws {
    var lookup = Genome.ChromosomeLookup(genome)
    for interval in intervals {
      let location = interval.location
      guard lookup.number(of: location.chromosome) != nil else {
        throw genome.unknownChromosome(location.chromosome, file: path, line: interval.line)
      }
    }
  }
}
