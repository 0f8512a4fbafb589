import Genomes
import Runtime
import Sequences
import Statistics
import Testing

@Suite struct NegativeTests {
  static func genome() throws -> Genome { try Genome(path: Golden.path("genome.2bit")) }

  static func positives(_ genome: Genome, length: Int = 50) throws -> Windows {
    var options = WindowOptions(length: length)
    options.center = .middles
    return try genome.windows(around: IntervalFile.read(path: Golden.path("loci.bed")), options)
  }

  static func gc(_ location: GenomicLocation, _ genome: Genome) throws -> Double {
    Double(try genome.codes(of: location).count { $0 == 1 || $0 == 2 }) / Double(location.count)
  }

  /// As many tiles in each bin as tangermeme's extract_matching_loci takes.
  @Test func tilesOfTangermeme() throws {
    let genome = try Self.genome()
    let loci = try IntervalFile.read(path: Golden.path("loci.bed")).intervals.map(\.location)
    var options = NegativeOptions()
    options.procedure = .tangermeme
    let negatives = try genome.negatives(
      matching: Self.positives(genome).locations, avoiding: loci, options)
    var bins: [Int: Int] = [:]
    for location in negatives.locations {
      #expect(location.start % 50 == 0 && !loci.contains { $0.overlaps(location) })
      bins[Int((try Self.gc(location, genome) + 0.01) / 0.02), default: 0] += 1
    }
    let expected = try Golden.table("matching.tsv").map { (Int($0[0])!, Int($0[1])!) }
    #expect(bins == Dictionary(uniqueKeysWithValues: expected))
  }

  @Test(arguments: NegativeProcedure.allCases, [1, 2])
  func staysAwayAndMatches(procedure: NegativeProcedure, ratio: Int) throws {
    let genome = try Self.genome()
    let positives = try Self.positives(genome, length: 30).locations
    var options = NegativeOptions()
    options.procedure = procedure
    options.ratio = ratio
    options.blacklist = IntervalIndex([GenomicLocation(chromosome: "chr1", start: 2000, end: 2300)])
    let negatives = try genome.negatives(matching: positives, options)
    #expect(negatives.locations.count + negatives.quality.missing == ratio * positives.count)
    #expect(Set(negatives.locations).count == negatives.locations.count)
    for location in negatives.locations {
      #expect(!positives.contains { $0.overlaps(location) } && !(options.blacklist!.overlaps(location)))
      #expect(try genome.codes(of: location).count { $0 == 4 } <= 3)
    }
    if procedure != .tangermeme || ratio == 1 { #expect(negatives.quality.gcDistance < 0.35) }
    #expect(try genome.negatives(matching: positives, options).locations == negatives.locations)
    options.seed = 1
    #expect(try genome.negatives(matching: positives, options).locations != negatives.locations)
  }

  /// Each peak's own chromosome gives its negatives, as many as peaks and of the same GC content while there are some.
  @Test func chromBPNetKeepsChromosomes() throws {
    let genome = try Self.genome()
    let positives = try Self.positives(genome, length: 20).locations
    let negatives = try genome.negatives(matching: positives, NegativeOptions())
    for name in ["chr1", "chr2"] {
      let ours = try negatives.locations.filter { $0.chromosome == name }.map { try Self.gc($0, genome) }
      let theirs = try positives.filter { $0.chromosome == name }.map { try Self.gc($0, genome) }
      #expect(ours.sorted() == theirs.sorted())
      // Half a window away from every peak.
      for location in negatives.locations {
        #expect(
          !positives.contains { abs($0.start - location.start) < 30 && $0.chromosome == location.chromosome })
      }
    }
    #expect(negatives.quality.gcDistance == 0)
    #expect(abs(negatives.quality.negativeComposition.reduce(0, +) - 1) < 1e-12)
  }

  @Test func noRoom() throws {
    let genome = try Self.genome()
    let everywhere = genome.chromosomes.map { GenomicLocation(chromosome: $0.name, start: 0, end: $0.length) }
    for procedure in NegativeProcedure.allCases {
      var options = NegativeOptions()
      options.procedure = procedure
      let error = #expect(throws: InputError.self) {
        try genome.negatives(matching: Self.positives(genome).locations, avoiding: everywhere, options)
      }
      #expect(error?.reason == "has no room for a negative of 50 bases away from the peaks")
    }
  }
}
