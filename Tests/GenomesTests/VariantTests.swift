import Foundation
import Genomes
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct VariantTests {
  static func genome() throws -> Genome { try Genome(path: Golden.path("genome.2bit")) }

  /// The alleles that bcftools reads, checked against the genome.
  @Test(arguments: ["variants.vcf", "variants.vcf.gz", "variants.bcf"], [1, 7, 1000])
  func readsWhatBcftoolsReads(file: String, batch: Int) throws {
    let genome = try Self.genome()
    let reader = try VariantReader(path: Golden.path(file), genome: genome)
    var variants: [Variant] = []
    while case let next = try reader.next(batch), !next.isEmpty { variants += next }
    var expected: [String] = []
    var (swapped, mismatched, symbolic) = (0, 0, 0)
    let table = try Golden.table("alleles.tsv")
    for (number, row) in table.enumerated() {
      let position = Int(row[1])! - 1
      func isGenome(_ allele: String) throws -> Bool {
        guard let codes = Nucleotide.codes(allele) else { return false }
        return try genome.codes(
          of: GenomicLocation(chromosome: row[0], start: position, end: position + codes.count)
        ).elementsEqual(codes)
      }
      var alleles = [row[3]] + row[4].split(separator: ",").map(String.init)
      let isReference = try isGenome(alleles[0])
      if !isReference {
        guard let index = try alleles.indices.first(where: { try isGenome(alleles[$0]) }) else {
          mismatched += 1
          continue
        }
        swapped += 1
        alleles.swapAt(0, index)
      }
      for alternate in alleles.dropFirst() {
        if Nucleotide.codes(alternate) == nil {
          symbolic += 1
        } else {
          expected.append(
            "\(number + 1) \(row[0]):\(row[1]):\(alleles[0])>\(alternate) \(row[2]) \(!isReference)")
        }
      }
    }
    #expect(
      variants.map { "\($0.record) \($0.name) \($0.identifier ?? ".") \($0.isSwapped)" } == expected)
    #expect(swapped > 0 && mismatched > 0 && symbolic > 0)
    let counts = reader.counts
    #expect(counts.records == table.count && counts.variants == expected.count)
    #expect(counts.swapped == swapped && counts.mismatched == mismatched && counts.symbolic == symbolic)
  }

  @Test("a position that is no number is an error with its line; one beyond the chromosome is counted")
  func positions() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/a.vcf"
      func read(_ position: String) throws -> VariantCounts {
        try """
        ##fileformat=VCFv4.2
        ##contig=<ID=chr1>
        #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
        chr1\t\(position)\t.\tN\tA\t.\t.\t.

        """.write(toFile: path, atomically: false, encoding: .utf8)
        let reader = try VariantReader(path: path, genome: Self.genome())
        _ = try reader.next(10)
        return reader.counts
      }
      for position in ["abc", "12x", "-4", "1e2", "0x10"] {
        let error = #expect(throws: InputError.self) { try read(position) }
        #expect(error?.line == 4 && error?.reason.contains("\"\(position)\"") == true, "\(position)")
      }
      #expect(try read("12").variants == 1)
      let beyond = try read("3001")
      #expect(beyond.beyondEnd == 1 && beyond.mismatched == 0 && beyond.variants == 0)
      // The telomere before the first base, which no genome holds.
      #expect(try read("0").beyondEnd == 1)
    }
  }

  /// The alternative haplotypes that bcftools consensus makes, and the genome for the reference.
  @Test func haplotypesOfBcftools() throws {
    let genome = try Self.genome()
    let reader = try VariantReader(path: Golden.path("variants.vcf"), genome: genome)
    let variants = try reader.next(1000)
    var counts = reader.counts
    for length in [40, 31] {
      let windows = try genome.haplotypes(of: variants, length: length, counts: &counts)
      var checked = 0
      for row in try Golden.table("haplotypes.tsv") {
        let index = try #require(
          windows.indices.firstIndex {
            "\(variants[$0].record)" == row[0] && Nucleotide.string(variants[$0].alternate) == row[1]
          })
        let variant = variants[windows.indices[index]]
        let before = 20 - length / 2
        let expected = String(row[2].dropFirst(before).prefix(length))
        let range = index * length..<(index + 1) * length
        #expect(Nucleotide.string(windows.alternates[0][range]) == expected)
        let start = variant.position - length / 2
        let reference = try genome.codes(
          of: GenomicLocation(chromosome: variant.chromosome, start: start, end: start + length))
        #expect(windows.references[0][range].elementsEqual(reference))
        checked += 1
      }
      #expect(checked > 40)
    }
    // Moved over the variant, the window begins elsewhere and shows the same allele.
    let moved = try genome.haplotypes(of: variants, length: 40, shifts: [-5, 0, 4], counts: &counts)
    for index in moved.indices.indices {
      let windows = moved.alternates.map { $0[index * 40..<(index + 1) * 40] }
      #expect(windows[0].dropFirst(5).elementsEqual(windows[1].dropLast(5)))
      #expect(windows[1].dropFirst(4).elementsEqual(windows[2].dropLast(4)))
    }
  }

  /// An insertion longer than half a window is cut at the window's end.
  @Test func longInsertions() throws {
    let genome = try Self.genome()
    var counts = VariantCounts()
    let position = 120
    let reference = try genome.codes(position..<position + 1, ofChromosome: genome.number(of: "chrM")!)
    let inserted = reference + (0..<30).map { UInt8($0 % 4) }
    let variant = Variant(
      chromosome: "chrM", position: position, reference: reference, alternate: inserted)
    let windows = try genome.haplotypes(of: [variant], length: 40, counts: &counts)
    let left = try genome.codes(position - 20..<position, ofChromosome: genome.number(of: "chrM")!)
    #expect(windows.indices == [0] && windows.alternates[0] == left + inserted.prefix(20))
  }

  @Test func windowsThatAreNot() throws {
    let genome = try Self.genome()
    var counts = VariantCounts()
    let long = [UInt8](repeating: 2, count: 41)
    let variants = [(5, [1]), (230, [1]), (120, [1]), (120, long)].map { position, alternate in
      Variant(chromosome: "chrM", position: position, reference: [0], alternate: alternate)
    }
    let windows = try genome.haplotypes(of: variants, length: 40, counts: &counts)
    #expect(windows.indices == [2] && counts.beyondEnd == 2 && counts.tooLong == 1)
  }

  @Test(arguments: [
    ("", "is no VCF or BCF; the first line of VCF begins with ##fileformat=VCF"),
    ("chr1\t5\t6\n", "is no VCF or BCF; the first line of VCF begins with ##fileformat=VCF"),
    (
      "1\t500\t.\tA\tC\t.\t.\t.\n",
      "line 4: there is no chromosome 1 in GENOME, which calls it chr1; the names must be the same"
    ),
  ])
  func badFiles(record: String, reason: String) throws {
    let genome = try Self.genome()
    try withTemporaryDirectory { folder in
      let path = folder + "/a.vcf"
      let header = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
      let text = reason.hasPrefix("line") ? header + record : record
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: InputError.self) {
        let reader = try VariantReader(path: path, genome: genome)
        while try !reader.next(10).isEmpty {}
      }
      let expected = "\(path): \(reason)".replacingOccurrences(of: "GENOME", with: genome.path)
      #expect(error?.description == expected)
    }
  }

  /// A header that names no chromosome gets the genome's; what else it lacks cannot be written as BCF.
  @Test func undeclaredNames() throws {
    let genome = try Self.genome()
    try withTemporaryDirectory { folder in
      let source = folder + "/a.vcf"
      func annotate(_ info: String, as ending: String) throws -> String {
        let record = "chr1\t1\t.\tN\tA\t.\t.\t\(info)\n"
        try ("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + record)
          .write(toFile: source, atomically: false, encoding: .utf8)
        let path = folder + "/b" + ending
        try AnnotatedVariants.write(source, genome: genome, to: path, field: "X", description: "x") {
          records in
          while try !records.next(10).isEmpty {}
          try records.write([1: "A|1"])
        }
        return path
      }
      let text = try String(contentsOfFile: annotate(".", as: ".vcf"), encoding: .utf8)
      for chromosome in genome.chromosomes {
        #expect(text.contains("##contig=<ID=\(chromosome.name),length=\(chromosome.length)>\n"))
      }
      let reader = try VariantReader(path: annotate(".", as: ".bcf"), genome: genome)
      #expect(try reader.next(10).map(\.name) == ["chr1:1:N>A"])
      #expect(try String(contentsOfFile: annotate("AF=0.1", as: ".vcf"), encoding: .utf8).contains("AF=0.1"))
      try FileManager.default.removeItem(atPath: folder + "/b.bcf")
      let error = #expect(throws: InputError.self) { try annotate("AF=0.1", as: ".bcf") }
      #expect(error?.line == 3 && error?.reason.contains("does not declare all filters and fields") == true)
      #expect(!FileManager.default.fileExists(atPath: folder + "/b.bcf"))
    }
  }

  /// Cut short inside the records, a file is an error rather than fewer variants.
  @Test(arguments: ["variants.vcf.gz", "variants.bcf"]) func cutShort(file: String) throws {
    let genome = try Self.genome()
    let bytes = try Golden.bytes(file)
    try withTemporaryDirectory { folder in
      let path = folder + "/" + file
      try Data(bytes.prefix(bytes.count - 60)).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: InputError.self) {
        let reader = try VariantReader(path: path, genome: genome)
        while try !reader.next(10).isEmpty {}
      }
      #expect(error?.file == path)
    }
  }
}
