import Runtime
import Sequences

/// The sequences of both alleles of variants, as a network sees them.
public struct Haplotypes: Sendable {
  /// In bases.
  public let length: Int
  /// Which of the variants asked for have windows.
  public internal(set) var indices: [Int] = []
  /// For each shift the windows with the reference allele, end to end.
  public internal(set) var references: [[UInt8]]
  /// For each shift the windows with the alternative allele, end to end.
  public internal(set) var alternates: [[UInt8]]
}

extension Genome {
  /// The sequences of both alleles of variants, as a network of this input length sees them.
  ///
  /// The base `length / 2` of a window is the variant's first. Both alleles have the same bases before it; after it come as
  /// many of the chromosome's as fill the window, so an insertion pushes some out on the right and a deletion brings some in
  /// (as baskerville builds them). An allele that reaches beyond the window's right end is cut there.
  /// - Parameters:
  ///   - shifts: how far windows are moved to the right over the variant, less than half their length; a window for each.
  ///   - counts: where variants are counted that have no window.
  /// - Throws: `InputError` if the file is damaged there.
  public func haplotypes(
    of variants: [Variant], length: Int, shifts: [Int] = [0], counts: inout VariantCounts
  ) throws -> Haplotypes {
    precondition(shifts.allSatisfy { abs($0) < max(1, length / 2) }, "the variant lies in the window")
    let none = [[UInt8]](repeating: [], count: shifts.count)
    var result = Haplotypes(length: length, references: none, alternates: none)
    for shift in shifts.indices {
      result.references[shift].reserveCapacity(variants.count * length)
      result.alternates[shift].reserveCapacity(variants.count * length)
    }
    let (leftmost, rightmost) = (shifts.min() ?? 0, shifts.max() ?? 0)
    for (index, variant) in variants.enumerated() {
      guard let number = number(of: variant.chromosome) else { continue }
      let (reference, alternate) = (variant.reference, variant.alternate)
      guard max(reference.count, alternate.count) <= length else {
        counts.tooLong += 1
        continue
      }
      // What a deletion brings in.
      let reach = length + max(0, reference.count - alternate.count)
      let start = variant.position - length / 2
      guard start + leftmost >= 0, start + rightmost + reach <= chromosomes[number].length else {
        counts.beyondEnd += 1
        continue
      }
      let codes = try codes(start + leftmost..<start + rightmost + reach, ofChromosome: number)
      result.indices.append(index)
      for (place, shift) in shifts.enumerated() {
        let window = codes[(shift - leftmost)..<(shift - leftmost + reach)]
        let before = window.startIndex + length / 2 - shift
        result.references[place] += window.prefix(length)
        result.alternates[place] += window[..<before]
        result.alternates[place] += alternate.prefix(length / 2 + shift + length % 2)
        let missing = result.references[place].count - result.alternates[place].count
        let after = min(before + reference.count, window.endIndex)
        result.alternates[place] += window[after...].prefix(missing)
      }
    }
    return result
  }
}
