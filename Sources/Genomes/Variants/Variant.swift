import Runtime
import Sequences

/// One alternative allele of one record of a VCF file, checked against the genome.
public struct Variant: Equatable, Sendable {
  public var chromosome: String
  /// The first base of the reference allele, 0-based (VCF's POS − 1).
  public var position: Int
  /// `nil` where the file has a point.
  public var identifier: String?
  /// What the genome has there, as codes.
  public var reference: [UInt8]
  public var alternate: [UInt8]
  /// Whether the file has the two the other way around.
  public var isSwapped: Bool
  /// 1-based number of the record in the file.
  public var record: Int

  public init(
    chromosome: String, position: Int, identifier: String? = nil, reference: [UInt8], alternate: [UInt8],
    isSwapped: Bool = false, record: Int = 0
  ) {
    self.chromosome = chromosome
    self.position = position
    self.identifier = identifier
    self.reference = reference
    self.alternate = alternate
    self.isSwapped = isSwapped
    self.record = record
  }

  /// One base in place of another.
  public var isSingleNucleotide: Bool { reference.count == 1 && alternate.count == 1 }

  /// `chr1:101:A>G`, with the 1-based position of VCF.
  public var name: String {
    "\(chromosome):\(position + 1):\(Nucleotide.string(reference))>\(Nucleotide.string(alternate))"
  }
}

/// What became of the records of a VCF file.
public struct VariantCounts: Equatable, Sendable {
  public var records = 0
  /// Alleles handed out.
  public var variants = 0
  /// Records whose reference is not the genome's, but one of whose alternatives is.
  public var swapped = 0
  /// Records none of whose alleles is the genome's.
  public var mismatched = 0
  /// Alleles that are no sequence: `<DEL>`, `*`, breakends, a point.
  public var symbolic = 0
  /// Records on chromosomes that the genome does not have.
  public var unknownChromosome = 0
  /// Variants whose window reaches beyond the chromosome's end, and records that lie there.
  public var beyondEnd = 0
  /// Variants with an allele longer than a window.
  public var tooLong = 0

  public init() {}

  /// These counts of records, with what became of the variants' windows in `windows`; variants are those that have one.
  public func adding(windowsOf windows: VariantCounts) -> VariantCounts {
    var sum = self
    sum.beyondEnd += windows.beyondEnd
    sum.tooLong += windows.tooLong
    sum.variants -= windows.beyondEnd + windows.tooLong
    return sum
  }

  /// One line for people.
  public var summary: String {
    let reasons = [
      (mismatched, "record", " whose alleles are not the genome's"),
      (symbolic, "allele", " without a sequence"),
      (unknownChromosome, "record", " on chromosomes that the genome does not have"),
      (beyondEnd, "variant", " beyond a chromosome's end"), (tooLong, "variant", " longer than a window"),
    ].filter { $0.0 > 0 }.map { Words.counted($0.0, $0.1) + $0.2 }
    return "\(Words.counted(variants, "variant")) of \(Words.counted(records, "record"))"
      + (swapped > 0 ? ", \(Words.counted(swapped, "record")) with reference and alternative swapped" : "")
      + (reasons.isEmpty ? "" : "; left out: " + reasons.joined(separator: ", "))
  }
}
