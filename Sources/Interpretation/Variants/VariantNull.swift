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

  /// Draws `count` single-nucleotide variants: the change of a random one of `variants`, at another place of its chromosome
  /// within `reach` bases that has the same reference base, at random; their effects by `scorer`.
  ///
  /// - Throws: `InputError` if there is no single-nucleotide variant to go by, no such place, or the genome's file is damaged.
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
    // Where a window has no room, or a base is rare, places are drawn again.
    for _ in 0..<count * 100 where drawn.count < count {
      var variant = models[random.below(models.count)]
      let number = genome.number(of: variant.chromosome)!
      let own = variant.position
      let first = max(scorer.length / 2, own - reach)
      let last = min(genome.chromosomes[number].length - (scorer.length + 1) / 2, own + reach)
      guard first <= last else { continue }
      variant.position = first + random.below(last - first + 1)
      guard variant.position != own,
        try genome.codes(variant.position..<variant.position + 1, ofChromosome: number) == variant.reference
      else { continue }
      drawn.append(variant)
    }
    guard !drawn.isEmpty else {
      throw InputError("no other place near the variants has the bases that they change")
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
