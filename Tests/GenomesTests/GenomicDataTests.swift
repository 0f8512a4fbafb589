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
}
