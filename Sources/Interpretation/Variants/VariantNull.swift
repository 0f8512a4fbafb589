import Genomes
import Runtime
import Sequences

/// How large effects are that say nothing: those of the same changes of bases at other places nearby.
///
/// p = (1 + null effects at least as large) / (1 + null effects), of the absolute effect (Phipson & Smyth 2010).
public struct VariantNull: Sendable {
  /// For each output the absolute effects in ascending order.
  private let magnitudes: [[Double]]
  public let count: Int

  /// Draws `count` single-nucleotide variants: the change of a random one of `variants`, at a random place within `reach`
  /// bases of it that has the same reference base; their effects by `scorer`.
  ///
  /// - Throws: `InputError` if there is no single-nucleotide variant to go by, or the genome's file is damaged.
  public init(
    like variants: [Variant], count: Int, reach: Int = 10_000, scorer: VariantScorer, genome: Genome,
    seed: UInt64
  ) throws {
    let models = variants.filter(\.isSingleNucleotide)
    guard !models.isEmpty else {
      throw InputError("there is no single-nucleotide variant whose change could be tried at other places")
    }
    var random = CounterRandom(seed: seed, purpose: .nullModel)
    var drawn: [Variant] = []
    // Near a chromosome's end, or where a base is rare, places are drawn again.
    for _ in 0..<count * 100 where drawn.count < count {
      var variant = models[random.below(models.count)]
      let number = genome.number(of: variant.chromosome)!
      variant.position += random.below(2 * reach + 1) - reach
      guard variant.position >= 0, variant.position < genome.chromosomes[number].length,
        try genome.codes(variant.position..<variant.position + 1, ofChromosome: number) == variant.reference
      else { continue }
      drawn.append(variant)
    }
    var counts = VariantCounts()
    let effects = try scorer.effects(of: drawn, in: genome, counts: &counts)
    guard !effects.indices.isEmpty else {
      throw InputError("no place near the variants has a window for their changes")
    }
    self.count = effects.indices.count
    magnitudes = (0..<scorer.outputs).map { output in
      effects.indices.indices.map { abs(effects.effects[$0 * scorer.outputs + output]) }.sorted()
    }
  }

  /// The p-value of an effect on output `output`.
  public func pValue(_ effect: Double, output: Int) -> Double {
    let sorted = magnitudes[output]
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < abs(effect) { low = middle + 1 } else { high = middle }
    }
    return Double(1 + sorted.count - low) / Double(1 + sorted.count)
  }
}
