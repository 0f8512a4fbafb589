import ArgumentParser
import MotifKit

/// Formats of results in the coordinates of a genome, told by the ending of a file's name.
enum TrackFormat {
  case bed, bedGraph, bigWig

  /// `nil` for any other ending.
  init?(path: String) {
    let name = path.lowercased()
    if name.hasSuffix(".bed") {
      self = .bed
    } else if name.hasSuffix(".bedgraph") || name.hasSuffix(".bdg") {
      self = .bedGraph
    } else if name.hasSuffix(".bw") || name.hasSuffix(".bigwig") {
      self = .bigWig
    } else {
      return nil
    }
  }
}

/// Numbers of sequences put back in the places that their names tell.
struct GenomeTrack {
  private var track: SignalTrack
  private let genome: String

  /// Throws `ValidationError` without a genome, whose chromosomes a track is made of, and `InputError` if that cannot be read.
  init(_ arguments: GenomeArguments) throws {
    guard let path = arguments.genome else {
      throw ValidationError("a track has the chromosomes of a genome: name it with --genome")
    }
    genome = path
    track = SignalTrack(chromosomes: try Genome(path: path).chromosomes)
  }

  /// Adds a number for each base, or one for all, of the sequence of this name.
  ///
  /// Throws `InputError` if the name has no coordinates, or they are not in the genome.
  mutating func add(_ values: some BidirectionalCollection<Float>, name: String, file: String) throws {
    let location = try GenomicLocation.named(name, file: file)
    guard track.contains(location), values.count == 1 || values.count == location.count else {
      throw InputError(
        file: file,
        track.contains(location)
          ? "\(name) has another number of bases than its name says" : "\(name) does not lie within \(genome)"
      )
    }
    if values.count == location.count {
      track.add(values, at: location)
    } else {
      track.add(values.first!, at: location)
    }
  }

  /// Throws `InputError` if there is nothing to write or the file cannot be written.
  func write(to path: String) throws { try track.write(to: path) }
}

extension GenomicLocation {
  /// Throws `InputError` if the name has no coordinates.
  static func named(_ name: String, file: String) throws -> GenomicLocation {
    guard let location = GenomicLocation(name: name) else {
      throw InputError(
        file: file, "sequence \(name) has no chromosome in its name; expected a name like chr1:1000-1100")
    }
    return location
  }
}
