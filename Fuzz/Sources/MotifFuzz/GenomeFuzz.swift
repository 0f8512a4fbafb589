import Foundation
import MotifKit
import Runtime

/// Damages genomes, intervals, signals and variants and reads all that is in them.
///
/// A crash ends the program with the file that caused it in `folder`; a refusal must name the file.
struct GenomeFuzz {
  let count: Int
  let seed: UInt64
  let folder: String

  /// A kind of file: the undamaged ones, what is put beside them, and how they are read.
  struct Kind {
    var name: String
    var seeds: [String]
    var read: (_ path: String) throws -> Void
  }

  /// The files of `Tests/GenomesTests/Golden`.
  private static let golden =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../../Tests/GenomesTests/Golden/"

  func run() throws -> Bool {
    let genome = try Genome(path: Self.golden + "genome.2bit")
    let kinds = [
      Kind(name: "BED", seeds: ["loci.bed", "stretches.bed", "peaks.narrowPeak"]) {
        _ = try genome.windows(around: IntervalFile.read(path: $0), WindowOptions(length: 20))
      },
      Kind(name: "FASTA", seeds: ["genome.fa"], read: readAll),
      Kind(name: "bgzip", seeds: ["genome.fa.gz"], read: readAll),
      Kind(name: "2bit", seeds: ["genome.2bit", "swapped.2bit"], read: readAll),
      Kind(name: "fai", seeds: ["genome.fa.fai"]) { try readAll(try beside($0, "genome.fa", ".fai")) },
      Kind(name: "gzi", seeds: ["genome.fa.gz.gzi"]) { try readAll(try beside($0, "genome.fa.gz", ".gzi")) },
      Kind(name: "bigWig", seeds: ["signal.bw"]) { path in
        let signal = try BigWig(path: path)
        for chromosome in signal.chromosomes.prefix(10) {
          _ = try signal.values(0..<min(5000, chromosome.length), of: chromosome.name)
        }
      },
      Kind(name: "VCF", seeds: ["variants.vcf"]) { try readVariants($0, genome) },
      Kind(name: "packed VCF", seeds: ["variants.vcf.gz"]) { try readVariants($0, genome) },
      Kind(name: "BCF", seeds: ["variants.bcf"]) { try readVariants($0, genome) },
    ]
    return try kinds.map { try run($0) }.allSatisfy { $0 }
  }

  private func run(_ kind: Kind) throws -> Bool {
    let seeds = try kind.seeds.map { try [UInt8](Data(contentsOf: URL(fileURLWithPath: Self.golden + $0))) }
    var mutator = ByteMutator(seeds: seeds, seed: seed)
    var (accepted, refused, unexplained) = (0, 0, 0)
    let path = folder + "/damaged"
    for _ in 0..<count {
      for index in [".fai", ".gzi"] { unlink(path + index) }
      try Data(mutator.next()).write(to: URL(fileURLWithPath: path))
      do {
        try kind.read(path)
        accepted += 1
      } catch let error as InputError {
        refused += 1
        if error.file == nil || error.reason.isEmpty { unexplained += 1 }
      }
    }
    print(
      "\(kind.name): \(count) files, \(accepted) accepted, \(refused) refused, \(unexplained) without file or reason"
    )
    return unexplained == 0
  }

  /// All bases of a genome, where it does not claim more than could be there.
  private func readAll(_ path: String) throws {
    let genome = try Genome(path: path)
    for number in genome.chromosomes.indices.prefix(20) {
      let length = min(genome.chromosomes[number].length, 100_000)
      _ = try genome.codes(0..<length, ofChromosome: number)
      _ = try genome.maskedBases(0..<length, ofChromosome: number)
    }
  }

  private func readVariants(_ path: String, _ genome: Genome) throws {
    let reader = try VariantReader(path: path, genome: genome)
    var counts = VariantCounts()
    while case let variants = try reader.next(100), !variants.isEmpty {
      _ = try genome.haplotypes(of: variants, length: 40, counts: &counts)
    }
  }

  /// Puts a damaged index beside a copy of what it belongs to.
  private func beside(_ index: String, _ file: String, _ ending: String) throws -> String {
    let path = folder + "/" + file
    for other in [".fai", ".gzi"] { unlink(path + other) }
    if !FileManager.default.fileExists(atPath: path) {
      try FileManager.default.copyItem(atPath: Self.golden + file, toPath: path)
    }
    try FileManager.default.copyItem(atPath: index, toPath: path + ending)
    return path
  }
}
