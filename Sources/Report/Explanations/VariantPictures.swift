import Figures
import Foundation
import Genomes
import Interpretation
import NeuralNetworks
import Runtime
import Sequences

/// Pictures of variants: which bases decide with either allele, as letters, with the variant marked.
///
/// Attributions are by in-silico mutagenesis, since references of other methods would differ between alleles; the mean over
/// networks and, where these score both strands, over both readings.
public struct VariantPictures {
  /// Bases around the variant that are drawn.
  private static let shownBases = 100
  /// Variants that are drawn at most.
  public static let mostVariants = 20

  private let variants: [Variant]
  private let length: Int
  /// For each variant the windows of reference and alternative, and their values.
  private let alleles: [(codes: [UInt8], scores: [Float])]

  /// - Parameters:
  ///   - variants: those to draw; those without a window are passed over.
  ///   - output: of the networks, which is explained.
  /// - Throws: `InputError` if the genome's file is damaged there, or an attribution is not finite.
  public init(_ variants: [Variant], by scorer: VariantScorer, in genome: Genome, output: Int = 0) throws {
    var counts = VariantCounts()
    length = scorer.length
    let windows = try genome.haplotypes(
      of: Array(variants.prefix(Self.mostVariants)), length: length, counts: &counts)
    self.variants = windows.indices.map { variants[$0] }
    let length = length
    let sequences = windows.indices.indices.flatMap { index in
      [windows.references[0], windows.alternates[0]].map { Array($0[index * length..<(index + 1) * length]) }
    }
    let scores = try Self.scores(sequences, by: scorer, output: output)
    alleles = sequences.indices.map { index in
      (sequences[index], Array(scores[index * length..<(index + 1) * length]))
    }
  }

  /// (sequences, length): of the base that is there.
  private static func scores(_ sequences: [[UInt8]], by scorer: VariantScorer, output: Int) throws -> [Float]
  {
    var options = AttributionOptions()
    options.output = output
    let length = scorer.length
    var sums = [Float](repeating: 0, count: sequences.count * length)
    var readings: Float = 0
    for network in scorer.networks {
      for isReverse in scorer.bothStrands ? [false, true] : [false] {
        let read = isReverse ? sequences.map { Nucleotide.reverseComplement($0) } : sequences
        let starts = Array(stride(from: 0, through: read.count * length, by: length))
        let found = try network.attributions(
          .mutagenesis, of: SequenceSet(codes: read.flatMap { $0 }, starts: starts), options: options)
        for (place, value) in found.scores.enumerated() {
          let (sequence, position) = (place / length, place % length)
          sums[sequence * length + (isReverse ? length - 1 - position : position)] += value
        }
        readings += 1
      }
    }
    return sums.map { $0 / readings }
  }

  /// Writes a picture for each variant, as PNG and SVG, into a folder that is there: `01-chr1-11-A-C.svg`.
  ///
  /// - Throws: `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    let files = FigureFiles(folder, provenance)
    for (index, variant) in variants.enumerated() {
      let alleles = [variant.reference, variant.alternate].map { Nucleotide.string($0.prefix(12)) }
      let words =
        [String(format: "%02d", index + 1), variant.chromosome, "\(variant.position + 1)"] + alleles
      let name = words.map { word in
        String(word.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
      }.joined(separator: "-")
      try files.write(
        picture(index), name,
        alt:
          "Attributions of the bases around \(variant.name), with the reference and with the alternative allele"
      )
    }
  }

  private func picture(_ index: Int) -> Panels {
    let variant = variants[index]
    let shown = max(0, length / 2 - Self.shownBases / 2)..<min(length, length / 2 + Self.shownBases / 2)
    let kinds = [("reference", variant.reference), ("alternative", variant.alternate)]
    var panels = kinds.enumerated().map { allele, kind in
      let (codes, scores) = alleles[2 * index + allele]
      let site = length / 2..<min(length, length / 2 + kind.1.count)
      return SequenceLogo(
        attributions: shown.map { position in
          (0..<4).map { codes[position] == UInt8($0) ? Double(scores[position]) : 0 }
        },
        title: "\(kind.0) \(Nucleotide.string(kind.1.prefix(24)))", yLabel: "mutagenesis",
        firstPosition: variant.position - length / 2 + shown.lowerBound + 1,
        highlight: site.clamped(to: shown).lowerBound - shown.lowerBound..<site.clamped(to: shown).upperBound
          - shown.lowerBound)
    }
    panels.shareRange()
    for index in panels.indices { panels[index].xLabel = "position on \(variant.chromosome)" }
    let shift = variant.alternate.count - variant.reference.count
    if shift != 0 {
      // After the variant the other allele's bases lie elsewhere on the chromosome.
      panels[1].xLabel += " (after the variant, \(shift > 0 ? "subtract" : "add") \(abs(shift)))"
    }
    return Panels(
      panels, columns: 1, title: variant.identifier.map { "\($0), \(variant.name)" } ?? variant.name)
  }
}
