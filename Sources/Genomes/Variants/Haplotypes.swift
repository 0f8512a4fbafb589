import Sequences

extension Genome {
  /// The sequences of both alleles of variants, as a network of this input length sees them.
  ///
  /// The base `length / 2` of a window is the variant's first. Both alleles have the same bases before it; after it come as
  /// many of the chromosome's as fill the window, so an insertion pushes some out on the right and a deletion brings some in
  /// (as baskerville builds them).
  /// - Parameter shift: how far the window is moved to the right over the variant.
  /// - Returns: for each variant that has a window its index, and the codes of reference and alternative, end to end; counts
  ///   of those that have none are added to `counts`.
  /// - Throws: `InputError` if the file is damaged there.
  public func haplotypes(
    of variants: [Variant], length: Int, shift: Int = 0, counts: inout VariantCounts
  ) throws -> (indices: [Int], references: [UInt8], alternates: [UInt8]) {
    var indices: [Int] = []
    var references: [UInt8] = []
    var alternates: [UInt8] = []
    references.reserveCapacity(variants.count * length)
    alternates.reserveCapacity(variants.count * length)
    let before = length / 2 - shift
    precondition(before >= 0 && before < length, "the variant lies in the window")
    for (index, variant) in variants.enumerated() {
      guard let number = number(of: variant.chromosome) else { continue }
      let (reference, alternate) = (variant.reference, variant.alternate)
      guard max(reference.count, alternate.count) <= max(1, length / 2) else {
        counts.tooLong += 1
        continue
      }
      let start = variant.position - before
      let end = start + length + max(0, reference.count - alternate.count)
      guard start >= 0, end <= chromosomes[number].length else {
        counts.beyondEnd += 1
        continue
      }
      let codes = try codes(start..<end, ofChromosome: number)
      indices.append(index)
      references += codes[..<length]
      let after = before + reference.count
      alternates += (codes[..<before] + alternate + codes[min(after, codes.count)...]).prefix(length)
    }
    return (indices, references, alternates)
  }
}
