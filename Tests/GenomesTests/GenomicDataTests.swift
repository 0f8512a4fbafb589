import Foundation
import Genomes
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct GenomicDataTests {
  @Test func tableOfWindowsNegativesAndSignals() throws {
    let genome = try Genome(path: Golden.path("genome.fa.gz"))
    let peaks = try IntervalFile.read(path: Golden.path("loci.bed"))
    var options = GenomicDataOptions(windows: WindowOptions(length: 30))
    options.negatives = NegativeOptions()
    let path = Golden.path("signal.bw")
    options.signals = GenomicSignals(paths: [path, path], summary: .max, length: 11)
    let data = try GenomicData.read(peaks, from: genome, options)
    let positives = data.counts.kept
    #expect(data.labels.count { $0 == 1 } == positives && data.sequences.count > positives)
    #expect(data.targetNames == ["signal", "signal_2"] && data.targets.count == 2 * data.sequences.count)
    let signal = try BigWig(path: path)
    for (index, location) in data.locations.enumerated() {
      #expect(try genome.codes(of: location).elementsEqual(data.sequences[index]))
      let middle = location.start + 15
      let expected = try signal.values(middle - 5..<middle + 6, of: location.chromosome).max()!
      #expect(data.targets[2 * index] == expected && data.targets[2 * index + 1] == expected)
    }
    try withTemporaryDirectory { folder in
      try data.writeTable(to: folder + "/a.tsv")
      let lines = try String(contentsOfFile: folder + "/a.tsv", encoding: .utf8).split(separator: "\n")
      #expect(lines.count == data.sequences.count + 1)
      #expect(lines[0] == "name\tsequence\tlabel\tsignal\tsignal_2")
      #expect(
        lines[1]
          == "\(data.locations[0].name)\t\(Nucleotide.string(data.sequences[0]))\t1\t\(data.targets[0])\t\(data.targets[1])"
      )
    }
  }

  /// Every base of the middle is a target, in the order that the window's strand reads them.
  @Test func profiles() throws {
    let genome = try Genome(path: Golden.path("genome.fa.gz"))
    let peaks = try IntervalFile.read(path: Golden.path("loci.bed"))
    var options = GenomicDataOptions(windows: WindowOptions(length: 30))
    options.windows.bothStrands = true
    options.signals = GenomicSignals(paths: [Golden.path("signal.bw")], length: 4, isProfile: true)
    let data = try GenomicData.read(peaks, from: genome, options)
    #expect(data.targetNames == ["signal.1", "signal.2", "signal.3", "signal.4"])
    #expect(data.targets.count == 4 * data.sequences.count && data.targets.contains { $0 > 0 })
    let signal = try BigWig(path: Golden.path("signal.bw"))
    for (index, location) in data.locations.enumerated() {
      let values = try signal.values(location.start + 13..<location.start + 17, of: location.chromosome)
      let found = Array(data.targets[4 * index..<4 * index + 4])
      #expect(found == (location.strand == .reverse ? values.reversed() : values))
    }
  }

  @Test func bothStrandsOfBothClasses() throws {
    let genome = try Genome(path: Golden.path("genome.2bit"))
    let peaks = try IntervalFile.read(path: Golden.path("loci.bed"))
    var options = GenomicDataOptions(windows: WindowOptions(length: 30))
    options.windows.bothStrands = true
    options.negatives = NegativeOptions()
    let data = try GenomicData.read(peaks, from: genome, options)
    #expect(data.labels.count { $0 == 1 } == 2 * data.counts.kept)
    #expect(data.quality?.positives == data.counts.kept)
    for index in stride(from: 0, to: data.sequences.count, by: 2) {
      #expect(data.sequences[index + 1].elementsEqual(Nucleotide.reverseComplement(data.sequences[index])))
    }
  }

  @Test(arguments: ["genome.fa", "genome.fa.gz", "genome.2bit"], [1, 30, 31])
  func streamsWindows(_ name: String, _ length: Int) throws {
    let genome = try Genome(path: Golden.path(name))
    let peaks = try IntervalFile.read(path: Golden.path("loci.bed"))
    var options = WindowOptions(length: length)
    options.bothStrands = true
    options.jitter = 3
    let windows = try genome.windows(around: peaks, options)
    try withTemporaryDirectory { folder in
      try windows.sequences.writeFASTA(to: folder + "/kept.fa")
      let counts = try genome.writeFASTA(around: peaks, options, to: folder + "/streamed.fa")
      #expect(counts == windows.counts)
      let streamed = try String(contentsOfFile: folder + "/streamed.fa", encoding: .utf8)
      #expect(try streamed == String(contentsOfFile: folder + "/kept.fa", encoding: .utf8))
      // Whoever keeps nothing writes nothing.
      options.maximumUnknown = 0
      options.blacklist = IntervalIndex(peaks.intervals.map(\.location))
      #expect(throws: InputError.self) {
        try genome.writeFASTA(around: peaks, options, to: folder + "/none.fa")
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/none.fa"))
    }
  }

  /// Intervals come through a pipe, whose beginning a reader of sequences has taken to tell what they are; blanks set columns
  /// apart too.
  @Test(arguments: ["\t", " "]) func windowsOfAPipe(separator: String) throws {
    let source = GenomeWindows(path: Golden.path("genome.2bit"), WindowOptions(length: 30))
    let pipe = Pipe()
    let lines = ["chr1 100 200", "chr1 300 400"].map {
      $0.replacingOccurrences(of: " ", with: separator) + "\n"
    }
    try pipe.fileHandleForWriting.write(contentsOf: Data(("track\n" + lines.joined()).utf8))
    try pipe.fileHandleForWriting.close()
    let reader = try LineReader(path: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    #expect(try reader.peek() == UInt8(ascii: "t"))
    #expect(try source.windows(of: reader).count == 2)
  }

  /// Peaks to test on are no negatives to train on, though their file is read later.
  @Test func negativesAvoidOtherFiles() throws {
    try withTemporaryDirectory { folder in
      let genome = try Genome(path: Golden.path("genome.2bit"))
      let peaks = try IntervalFile.read(path: Golden.path("loci.bed")).intervals.prefix(3)
      func bed(_ locations: [GenomicLocation], _ name: String) throws -> String {
        let lines = locations.map { "\($0.chromosome)\t\($0.start)\t\($0.end)\n" }
        try lines.joined().write(toFile: folder + name, atomically: true, encoding: .utf8)
        return folder + name
      }
      let train = try bed(peaks.map(\.location), "/train.bed")
      func drawn(avoiding test: String?) throws -> [GenomicLocation] {
        let source = GenomeWindows(path: genome.path, WindowOptions(length: 30))
        if let test { try source.avoid(test) }
        let positives = try source.windows(of: LineReader(path: train))
        return try source.negatives(matching: positives, procedure: "gc", seed: 0).locations()
      }
      let free = try drawn(avoiding: nil)
      let test = try bed(free, "/test.bed")
      let other = try drawn(avoiding: test)
      #expect(!free.isEmpty && !other.isEmpty)
      #expect(!other.contains { window in free.contains { $0.overlaps(window) } })
    }
  }
}
