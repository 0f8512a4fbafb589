import Foundation
import Genomes
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct IntervalTests {
  private func read(_ text: String) throws -> IntervalFile {
    try withTemporaryDirectory { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/a.bed"))
      return try IntervalFile.read(path: folder + "/a.bed")
    }
  }

  @Test func allKindsOfColumns() throws {
    let peaks = try read(
      "browser position chr1:1-2\ntrack type=narrowPeak\n#chrom\tstart\n\nchr1\t10\t30\tp\t5\t+\t1\t2\t3\t7\r\n"
        + "chr1\t10\t30\t.\t.\t.\t1\t2\t3\t-1")
    #expect(peaks.isNarrowPeak)
    #expect(
      peaks.intervals == [
        GenomicInterval(
          location: GenomicLocation(chromosome: "chr1", start: 10, end: 30, strand: .forward), name: "p",
          score: 5,
          summit: 17, line: 5),
        GenomicInterval(location: GenomicLocation(chromosome: "chr1", start: 10, end: 30), line: 6),
      ])
    #expect(peaks.intervals.map(\.middle) == [20, 20])
    for columns in [3, 4, 5, 6, 8, 9, 12] {
      let cells = ["chrX", "0", "5", "n", "0.5", "-", "0", "5", "0", "1", "5,", "0,"].prefix(columns)
      for separator in ["\t", "  "] {
        let file = try read(cells.joined(separator: separator) + "\n")
        #expect(!file.isNarrowPeak && file.intervals[0].location.count == 5)
        #expect(file.intervals[0].location.strand == (columns > 5 ? .reverse : .unstranded))
      }
    }
    // Blanks around columns are none of theirs.
    let blank = try read(" chr1\t5 \t 9 \tpeak 7 \t 0.5\t+ \n").intervals[0]
    #expect(blank.location == GenomicLocation(chromosome: "chr1", start: 5, end: 9, strand: .forward))
    #expect(blank.name == "peak 7" && blank.score == 0.5)
    // A chromosome may begin like a remark.
    #expect(try read("track1\t0\t5\n").intervals[0].location.chromosome == "track1")
  }

  @Test(arguments: [
    ("", "holds no interval"), ("track name=x\n", "holds no interval"),
    ("chr1\t5\n", "line 1: expected chromosome, start and end, set apart by tabs"),
    ("chr1\t9\t5\n", "line 1: the end 5 lies before the start 9"),
    ("#\nchrom\tstart\tend\n", "line 2: the start is \"start\"; expected a position, 0 or more"),
    ("chr1\t-5\t9\n", "line 1: the start is \"-5\"; expected a position, 0 or more"),
    ("chr1\t5\t99999999999\n", "line 1: the end is \"99999999999\"; expected a position, 0 or more"),
    ("chr1\t5\t6\nchr1\t5\t6\tx\n", "line 2: the line has 4 columns where the first has 3"),
    ("chr1\t5\t6\tx\t1\t*\n", "line 1: the strand is \"*\"; expected + or - or ."),
    ("chr1\t5\t6\tx\thigh\n", "line 1: the score is \"high\"; expected a number"),
    ("\t5\t6\n", "line 1: the chromosome is missing"),
    (
      "chr1\t5\t9\tx\t1\t.\t1\t1\t1\t5\n",
      "line 1: the summit 5 lies outside the interval, which has 4 bases"
    ),
  ])
  func badLines(text: String, reason: String) {
    let error = #expect(throws: InputError.self) { try read(text) }
    #expect(error.map { "\($0.line.map { "line \($0): " } ?? "")\($0.reason)" } == reason)
  }

  @Test func chromosomesThatAreCalledOtherwise() throws {
    let genome = try Genome(path: Golden.path("genome.2bit"))
    let file = try read("chr1\t5\t6\n2\t5\t6\n")
    let error = #expect(throws: InputError.self) { try file.requireChromosomes(of: genome) }
    #expect(
      error?.description
        == "\(file.path): line 2: there is no chromosome 2 in \(genome.path), which calls it chr2; the names must be the same"
    )
  }
}
