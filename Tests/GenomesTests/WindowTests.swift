import Foundation
import Genomes
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct WindowTests {
  /// The same windows as tangermeme's extract_loci, which blots out the blacklist by 100 bases.
  @Test(arguments: [40, 101], [false, true])
  func takesTheWindowsOfTangermeme(length: Int, summits: Bool) throws {
    for blacklist in [false, true] { try check(length: length, summits: summits, blacklist: blacklist) }
  }

  private func check(length: Int, summits: Bool, blacklist: Bool) throws {
    let genome = try Genome(path: Golden.path("genome.fa"))
    let peaks = try IntervalFile.read(path: Golden.path("peaks.narrowPeak"))
    var options = WindowOptions(length: length)
    options.center = summits ? .summits : .middles
    options.maximumUnknown = 2
    if blacklist {
      options.blacklist = IntervalIndex(
        try IntervalFile.read(path: Golden.path("blacklist.bed")).intervals.map(\.location))
    }
    let windows = try genome.windows(around: peaks, options)
    let settings = ["\(length)", summits ? "1" : "0", blacklist ? "1" : "0"]
    let expected = try Golden.table("windows.tsv").filter { Array($0.prefix(3)) == settings }
    #expect(windows.sources == expected.map { Int($0[3])! })
    for (index, row) in expected.enumerated() {
      #expect(Nucleotide.string(windows.sequences[index]) == row[4])
      #expect(GenomicLocation(name: windows.sequences.name(index)) == windows.locations[index])
      #expect(try genome.codes(of: windows.locations[index]) == Array(windows.sequences[index]))
    }
    let counts = windows.counts
    #expect(counts.kept + counts.beyondEnd + counts.blacklisted == counts.intervals)
    #expect(blacklist == (counts.blacklisted > 0))
  }

  @Test func unknownBasesJitterStrandsAndRepeats() throws {
    let genome = try Genome(path: Golden.path("genome.2bit"))
    // Ten unknown bases of a hundred are too many, nine are not: chr1 begins with 37 of them.
    let intervals = [(77, 0), (78, 1), (500, 2), (500, 3)].map { center, line in
      GenomicInterval(
        location: GenomicLocation(chromosome: "chr1", start: center - 5, end: center + 5), line: line)
    }
    let file = IntervalFile(path: "made", intervals: intervals)
    var options = WindowOptions(length: 100)
    options.keepsOnlyFirstOfCenter = true
    options.bothStrands = true
    let windows = try genome.windows(around: file, options)
    #expect(
      windows.counts.summary
        == "windows of 2 of 4 intervals; left out: 1 with too many unknown bases, 1 with a center seen before"
    )
    #expect(
      windows.sequences.names == ["chr1:28-128(+)", "chr1:28-128(-)", "chr1:450-550(+)", "chr1:450-550(-)"])
    #expect(Array(windows.sequences[3]) == Nucleotide.reverseComplement(windows.sequences[2]))
    options.jitter = 20
    options.bothStrands = false
    let shifted = try genome.windows(around: file, options)
    #expect(shifted.locations == (try genome.windows(around: file, options)).locations)
    #expect(shifted.locations.map(\.start) != [28, 450])
    #expect(zip(shifted.locations, [28, 450]).allSatisfy { abs($0.start - $1) <= 20 })
    options.center = .summits
    let error = #expect(throws: InputError.self) { try genome.windows(around: file, options) }
    #expect(error?.line == 0)
  }

  @Test func nothingLeftIsAnError() throws {
    let genome = try Genome(path: Golden.path("genome.2bit"))
    let ends = IntervalFile(
      path: "made",
      intervals: [GenomicInterval(location: GenomicLocation(chromosome: "chrM", start: 0, end: 10), line: 1)])
    let error = #expect(throws: InputError.self) {
      try genome.windows(around: ends, WindowOptions(length: 50))
    }
    #expect(
      error?.description
        == "made: leaves no window: windows of 0 of 1 interval; left out: 1 beyond a chromosome's end")
  }

  @Test func whatTouchesAnIndex() {
    let index = IntervalIndex(
      [(10, 20), (30, 40), (15, 25), (25, 26), (5, 5)].map {
        GenomicLocation(chromosome: "a", start: $0.0, end: $0.1)
      })
    for start in 0..<50 {
      for end in start..<50 {
        let expected = (start..<end).contains { (10..<26).contains($0) || (30..<40).contains($0) }
        #expect(index.overlaps(start..<end, of: "a") == expected)
      }
    }
    #expect(!index.overlaps(0..<50, of: "b"))
  }
}
