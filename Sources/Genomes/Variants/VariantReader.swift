import CHTSlib
import Runtime
import Sequences

/// Reads variants from VCF or BCF (plain, gzip or bgzip) one record after the other, each checked against a genome.
///
/// A record whose reference allele is not what the genome has, but one of whose alternatives is, is read with the two
/// swapped; one that fits in no way is left out, and so are alleles that are no sequence. All are counted. Indels are taken as
/// they are written; `bcftools norm` moves them to the left.
public final class VariantReader {
  /// What became of the records read so far.
  public private(set) var counts = VariantCounts()
  private let file: VariantFile
  private let genome: Genome
  private let record: UnsafeMutablePointer<bcf1_t>
  private var seenChromosome = false
  private var firstUnknown: InputError?

  /// - Throws: `InputError` if the file cannot be read or is no VCF or BCF.
  public convenience init(path: String, genome: Genome) throws {
    try self.init(VariantFile(path: path, keepsSamples: false), genome: genome)
  }

  init(_ file: VariantFile, genome: Genome) throws {
    self.file = file
    self.genome = genome
    guard let record = bcf_init() else { throw InputError(file: file.path, "cannot be read: out of memory") }
    self.record = record
  }

  deinit { bcf_destroy(record) }

  /// The next `count` variants or so, a record's alleles always together; empty at the end of the file.
  ///
  /// - Throws: `InputError` naming the line of a damaged record, or, if the genome has none of the file's chromosomes, the
  ///   first of them.
  public func next(_ count: Int) throws -> [Variant] {
    var variants: [Variant] = []
    variants.reserveCapacity(count)
    while variants.count < count, let alleles = try nextRecord() { variants += alleles }
    return variants
  }

  /// The variants of the next record, which may be none; `nil` at the end of the file.
  func nextRecord(_ body: (UnsafeMutablePointer<bcf1_t>) throws -> Void = { _ in }) throws -> [Variant]? {
    guard try file.next(into: record) else {
      if !seenChromosome, let firstUnknown { throw firstUnknown }
      return nil
    }
    counts.records += 1
    try body(record)
    let variants = try variants(of: record)
    counts.variants += variants.count
    return variants
  }

  private func variants(of record: UnsafeMutablePointer<bcf1_t>) throws -> [Variant] {
    let chromosome = try chromosome(of: record)
    guard let number = genome.number(of: chromosome) else {
      counts.unknownChromosome += 1
      if firstUnknown == nil {
        firstUnknown = genome.unknownChromosome(chromosome, file: file.path, line: file.line)
      }
      return []
    }
    seenChromosome = true
    let alleles = alleles(of: record)
    let position = Int(record.pointee.pos)
    // Position 0 of VCF is the end before the first base.
    guard (0..<genome.chromosomes[number].length).contains(position) else {
      counts.beyondEnd += 1
      return []
    }
    func isGenome(_ allele: [UInt8]?) throws -> Bool {
      guard let allele, position + allele.count <= genome.chromosomes[number].length else {
        return false
      }
      let there = try genome.codes(position..<position + allele.count, ofChromosome: number)
      return zip(there, allele).allSatisfy { $0 == $1 || $1 == Nucleotide.unknown }
    }
    // An allele that is the genome's: the reference, or else the longest alternative that fits.
    if alleles.count == 1 { counts.symbolic += 1 }
    var reference = 0
    if try !isGenome(alleles[0]) {
      let fitting = try alleles.indices.dropFirst().filter { try isGenome(alleles[$0]) }
      guard let best = fitting.max(by: { alleles[$0]!.count < alleles[$1]!.count }), alleles[0] != nil else {
        counts.mismatched += 1
        return []
      }
      reference = best
      counts.swapped += 1
    }
    let identifier = record.pointee.d.id.map { String(cString: $0) } ?? "."
    return alleles.indices.compactMap { index in
      guard index != reference else { return nil }
      guard let alternate = alleles[index] else {
        counts.symbolic += 1
        return nil
      }
      return Variant(
        chromosome: genome.chromosomes[number].name, position: position,
        identifier: identifier == "." ? nil : identifier, reference: alleles[reference]!,
        alternate: alternate,
        isSwapped: reference != 0, record: counts.records)
    }
  }

  private func chromosome(of record: UnsafeMutablePointer<bcf1_t>) throws -> String {
    let names = file.header.pointee
    guard record.pointee.rid >= 0, record.pointee.rid < names.n.1, let ids = names.id.1,
      let name = ids[Int(record.pointee.rid)].key
    else { throw file.failure("the chromosome is not in the header") }
    return String(cString: name)
  }

  /// Each allele's codes, the reference first; `nil` for one that is no sequence.
  private func alleles(of record: UnsafeMutablePointer<bcf1_t>) -> [[UInt8]?] {
    (0..<Int(record.pointee.n_allele)).map { index in
      guard let text = record.pointee.d.allele?[index], text.pointee != 0 else { return nil }
      var codes: [UInt8] = []
      var at = text
      while at.pointee != 0 {
        let letter = UInt8(bitPattern: at.pointee)
        let code = Nucleotide.code(ofASCII: letter)
        // A point stands for what is missing here, not for N.
        guard letter != UInt8(ascii: "."), code != Nucleotide.invalid else { return nil }
        codes.append(code)
        at += 1
      }
      return codes
    }
  }
}
