import Foundation
import Genomes
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct SignalTests {
  /// What pyBigWig reads of windows of all kinds of blocks.
  @Test func readsWhatPyBigWigReads() throws {
    let signal = try SignalFiles(paths: [Golden.path("signal.bw")])
    #expect(signal.files[0].chromosomes.map(\.length) == [3000, 1801, 240])
    for row in try Golden.table("signal.tsv") {
      let location = GenomicLocation(chromosome: row[0], start: Int(row[1])!, end: Int(row[2])!)
      let expected = row.dropFirst(3).map { Double($0)! }
      for (index, summary) in [SignalSummary.sum, .mean, .max, .log1p].enumerated()
      where index < 3 || expected[0] >= 0 {
        let value = Double(try signal.summaries(of: [location], summary)[0])
        #expect(
          abs(value - expected[index]) <= 1e-6 * max(1, abs(expected[index])), "\(location.name) \(summary)")
      }
      let profile = try signal.profiles(of: [location])
      #expect(Double(profile[0]) == expected[4] && Double(profile[profile.count - 1]) == expected[5])
      var reverse = location
      reverse.strand = .reverse
      #expect(try signal.profiles(of: [reverse]) == profile.reversed())
    }
  }

  @Test func placesWithoutValues() throws {
    let path = Golden.path("signal.bw")
    let signal = try BigWig(path: path)
    #expect(try signal.values(2795..<3010, of: "chr1").suffix(205).allSatisfy { $0 == 0 })
    #expect(try signal.values(0..<5, of: "chrY", missing: -1) == [-1, -1, -1, -1, -1])
    let files = try SignalFiles(paths: [path])
    let inner = try files.profiles(
      of: [GenomicLocation(chromosome: "chr1", start: 1800, end: 1900)], length: 21)
    #expect(inner == (try signal.values(1840..<1861, of: "chr1")))
    let error = #expect(throws: InputError.self) {
      try files.summaries(of: [GenomicLocation(chromosome: "1", start: 0, end: 5)], .sum)
    }
    #expect(error?.reason == "has none of the chromosomes asked for (1); its own are chr1, chr2, chrM")
  }

  /// Sums that no logarithm is of, or that no number in single precision is.
  @Test func sumsWithoutLogarithm() throws {
    #expect(SignalSummary.log1p.value([-0.5, -0.5]).isNaN)
    #expect(SignalSummary.sum.value([Float.greatestFiniteMagnitude, 1e38]) == .greatestFiniteMagnitude)
    try withTemporaryDirectory { folder in
      var track = SignalTrack(chromosomes: [Chromosome(name: "c", length: 100)])
      track.add([-1, -2, 3], at: GenomicLocation(chromosome: "c", start: 10, end: 13))
      try track.write(to: folder + "/a.bw")
      let signal = try SignalFiles(paths: [folder + "/a.bw"])
      let places = [(10, 13), (10, 12)].map { GenomicLocation(chromosome: "c", start: $0, end: $1) }
      #expect(try signal.summaries(of: places, .sum) == [0, -3])
      let error = #expect(throws: InputError.self) { try signal.summaries(of: places, .log1p) }
      #expect(error?.file == folder + "/a.bw" && error?.reason.contains("c:10-12") == true)
    }
  }

  @Test func tracksComeBack() throws {
    try withTemporaryDirectory { folder in
      let genome = try Genome(path: Golden.path("genome.2bit"))
      var track = SignalTrack(chromosomes: genome.chromosomes)
      track.add([1, 2, 3], at: GenomicLocation(chromosome: "chr2", start: 10, end: 13, strand: .reverse))
      track.add(5, at: GenomicLocation(chromosome: "chr2", start: 12, end: 15))
      track.add(0.5, at: GenomicLocation(chromosome: "chr1", start: 100, end: 3000))
      track.add(0.5, at: GenomicLocation(chromosome: "chr1", start: 0, end: 100))
      try track.write(to: folder + "/a.bedGraph")
      #expect(
        try String(contentsOfFile: folder + "/a.bedGraph", encoding: .utf8)
          == "chr1\t0\t3000\t0.5\nchr2\t10\t11\t3.0\nchr2\t11\t12\t2.0\nchr2\t12\t13\t3.0\nchr2\t13\t15\t5.0\n"
      )
      try track.write(to: folder + "/a.bw")
      let signal = try BigWig(path: folder + "/a.bw")
      #expect(signal.chromosomes == genome.chromosomes)
      #expect(try signal.values(9..<16, of: "chr2") == [0, 3, 2, 3, 5, 5, 0])
      #expect(try signal.values(0..<3000, of: "chr1").allSatisfy { $0 == 0.5 })
      #expect(try signal.values(0..<240, of: "chrM", missing: -1).allSatisfy { $0 == -1 })
      // Many blocks.
      var large = SignalTrack(chromosomes: [Chromosome(name: "c", length: 300_000)])
      let values = (0..<300_000).map { Float(($0 &* 7919) % 1000) }
      large.add(values, at: GenomicLocation(chromosome: "c", start: 0, end: 300_000))
      try large.write(to: folder + "/b.bigWig")
      #expect(try BigWig(path: folder + "/b.bigWig").values(0..<300_000, of: "c") == values)
      #expect(throws: InputError(file: folder + "/c.bw", "would hold no value")) {
        try SignalTrack(chromosomes: genome.chromosomes).write(to: folder + "/c.bw")
      }
      #expect(throws: InputError.self) { try track.write(to: folder + "/none/c.bw") }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
          "a.bedGraph", "a.bw", "b.bigWig",
        ])
    }
  }

  /// The file cut short at every place is refused or read, never more.
  @Test func cutShort() throws {
    try withTemporaryDirectory { folder in
      let bytes = try Golden.bytes("signal.bw")
      var refused = 0
      for count in stride(from: 1, to: bytes.count, by: 13) {
        try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: folder + "/a.bw"))
        do { _ = try BigWig(path: folder + "/a.bw").values(0..<3000, of: "chr1") } catch is InputError {
          refused += 1
        }
      }
      #expect(refused > bytes.count / 13 / 4)
    }
  }

  @Test func otherFiles() throws {
    #expect(throws: InputError(file: Golden.path("genome.fa"), "is no bigWig")) {
      try BigWig(path: Golden.path("genome.fa"))
    }
  }

  @Test func bed6() {
    let location = GenomicLocation(chromosome: "chr1", start: 5, end: 9, strand: .reverse)
    #expect(GenomicInterval(location: location, name: "x", score: 12.5).bed6 == "chr1\t5\t9\tx\t12.5\t-\n")
    #expect(GenomicInterval(location: location, score: 12).bed6 == "chr1\t5\t9\t.\t12\t-\n")
  }
}
