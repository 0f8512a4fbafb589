import Genomes
import Motifs
import Runtime
import Sequences

/// Motifs whose sites a variant makes or breaks.
public struct VariantSites: Equatable, Sendable {
  /// Numbers of motifs with a site over the alternative allele and none over the reference.
  public var made: [Int] = []
  /// Numbers of motifs with a site over the reference and none over the alternative.
  public var broken: [Int] = []
}

extension MotifScanner {
  /// Scans both alleles of each variant, on both strands if the scanner does. Sites count that touch the allele or, for a
  /// deletion, the gap it leaves.
  /// - Throws: `InputError` if the genome's file is damaged there.
  public func sites(of variants: [Variant], in genome: Genome) throws -> [VariantSites] {
    let flank = max(0, (motifs.map(\.width).max() ?? 1) - 1)
    var alleles = SequenceSet()
    var places: [(variant: Int, range: Range<Int>)] = []
    for (index, variant) in variants.enumerated() {
      guard let number = genome.number(of: variant.chromosome) else { continue }
      let end = variant.position + variant.reference.count
      let outer = max(0, variant.position - flank)..<min(genome.chromosomes[number].length, end + flank)
      let left = try genome.codes(outer.lowerBound..<variant.position, ofChromosome: number)
      let right = try genome.codes(end..<outer.upperBound, ofChromosome: number)
      // The base that indels share with the reference is not what changes.
      let shared = zip(variant.reference, variant.alternate).prefix { $0 == $1 }.count
      for allele in [variant.reference, variant.alternate] {
        alleles.append(left + allele + right)
        let start = left.count + shared
        places.append((index, start..<left.count + allele.count))
      }
    }
    var found = [Set<Int>](repeating: [], count: 2 * variants.count)
    for hit in hits(in: alleles) {
      let place = places[hit.sequence]
      let end = hit.start + motifs[hit.motif].width
      let touches =
        place.range.isEmpty
        ? hit.start < place.range.lowerBound && end > place.range.lowerBound
        : hit.start < place.range.upperBound && end > place.range.lowerBound
      if touches { found[2 * place.variant + hit.sequence % 2].insert(hit.motif) }
    }
    return variants.indices.map { index in
      let (before, after) = (found[2 * index], found[2 * index + 1])
      return VariantSites(
        made: after.subtracting(before).sorted(), broken: before.subtracting(after).sorted())
    }
  }
}
