import Foundation
import MotifKit
import Runtime

extension Subject {
  /// Genomes, intervals, signals and variants, and the indices beside them; all that is in them is read.
  static let genomeFiles = [
    Subject("bed", seeds: { try golden("loci.bed", "stretches.bed", "peaks.narrowPeak") }) {
      _ = try genome.windows(around: IntervalFile.read(path: $0), WindowOptions(length: 20))
    },
    Subject("genome-fasta", seeds: { try golden("genome.fa") }, take: readAll),
    Subject("genome-bgzip", seeds: { try golden("genome.fa.gz") }, take: readAll),
    Subject("genome-2bit", seeds: { try golden("genome.2bit", "swapped.2bit") }, take: readAll),
    Subject("genome-fai", seeds: { try golden("genome.fa.fai") }) { try readBeside($0, "genome.fa", ".fai") },
    Subject("genome-gzi", seeds: { try golden("genome.fa.gz.gzi") }) {
      try readBeside($0, "genome.fa.gz", ".gzi")
    },
    Subject("bigwig", seeds: { try golden("signal.bw") }) { path in
      let signal = try BigWig(path: path)
      for chromosome in signal.chromosomes.prefix(10) {
        _ = try signal.values(0..<min(5000, chromosome.length), of: chromosome.name)
      }
    },
    Subject(
      "folds-json", seeds: { [Array(#"{"train": ["chr1"], "valid": ["chr2"], "test": ["chrM"]}"#.utf8)] }
    ) {
      let split = try ChromosomeSplit(path: $0)
      _ = try split.parts(
        of: genome.chromosomes.map { GenomicLocation(chromosome: $0.name, start: 0, end: $0.length) },
        file: $0)
    },
    Subject("variants", seeds: { try golden("variants.vcf", "variants.vcf.gz", "variants.bcf") }) { path in
      let reader = try VariantReader(path: path, genome: genome)
      var counts = VariantCounts()
      while case let variants = try reader.next(100), !variants.isEmpty {
        _ = try genome.haplotypes(of: variants, length: 40, counts: &counts)
      }
    },
  ]

  /// The files of `Tests/GenomesTests/Golden`.
  private static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    + "/../../../../Tests/GenomesTests/Golden/"
  private static let genome = try! Genome(path: folder + "genome.2bit")

  private static func golden(_ names: String...) throws -> [[UInt8]] {
    try names.map { try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + $0))) }
  }

  /// All bases of a genome, where it does not claim more than could be there.
  private static func readAll(_ path: String) throws {
    for index in [".fai", ".gzi"] { unlink(path + index) }
    defer { for index in [".fai", ".gzi"] { unlink(path + index) } }
    try read(Genome(path: path))
  }

  private static func read(_ genome: Genome) throws {
    for number in genome.chromosomes.indices.prefix(20) {
      let length = min(genome.chromosomes[number].length, 100_000)
      _ = try genome.codes(0..<length, ofChromosome: number)
      _ = try genome.maskedBases(0..<length, ofChromosome: number)
    }
  }

  /// Reads `file` with a damaged index beside it.
  private static func readBeside(_ index: String, _ file: String, _ ending: String) throws {
    let copy = index + "-" + file
    defer { for name in ["", ".fai", ".gzi"] { unlink(copy + name) } }
    try FileManager.default.copyItem(atPath: folder + file, toPath: copy)
    try FileManager.default.copyItem(atPath: index, toPath: copy + ending)
    do { try read(Genome(path: copy)) } catch let error as InputError {
      throw InputError(file: index, line: error.line, error.reason)
    }
  }
}
