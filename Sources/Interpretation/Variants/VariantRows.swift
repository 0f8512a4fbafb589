import Genomes
import Motifs
import Sequences

/// What is known of a batch of variants, as rows of a table and as the field of an annotated VCF file.
public struct VariantRows: Sendable {
  /// The networks' outputs by name.
  public let outputs: [String]
  public let scorer: VariantScorer
  /// What effects are compared with; `nil` for no p-values.
  public let null: VariantNull?
  /// Motifs whose sites are looked for; `nil` for none.
  public let scanner: MotifScanner?

  public init(
    outputs: [String], scorer: VariantScorer, null: VariantNull? = nil, scanner: MotifScanner? = nil
  ) {
    precondition(outputs.count == scorer.outputs, "a name for each output")
    (self.outputs, self.scorer, self.null, self.scanner) = (outputs, scorer, null, scanner)
  }

  /// The names of the numbers of one output.
  private var measures: [String] {
    ["reference", "alternative", "effect"] + (scorer.networks.count > 1 ? ["spread"] : [])
      + (null == nil ? [] : ["p_value"])
  }

  /// The table's columns. With several outputs each measure has the output's name in front: `HepG2.effect`.
  public var titles: [String] {
    let numbers = outputs.flatMap { output in
      measures.map { outputs.count > 1 ? "\(output).\($0)" : $0 }
    }
    return ["chrom", "pos", "id", "ref", "alt", "swapped"] + numbers
      + (scanner == nil ? [] : ["made", "broken"])
  }

  /// What stands in the INFO field for each alternative allele, for the file's header.
  public var fieldDescription: String {
    let numbers = outputs.flatMap { output in
      measures.dropFirst(2).map { outputs.count > 1 ? "\(output).\($0)" : $0 }
    }
    return "Effect of each alternative allele (\(scorer.scale.rawValue)): "
      + (["allele"] + numbers + (scanner == nil ? [] : ["made", "broken"])).joined(separator: "|")
  }

  /// One variant's numbers.
  public struct Row: Sendable {
    public let variant: Variant
    /// On the first output.
    public let effect: Double
    /// The cells of the table.
    public let cells: [String]
    /// The part of the INFO field for its allele.
    public let annotation: String
  }

  /// Scores and scans variants; those without a window are counted in `counts` and have no row.
  ///
  /// - Throws: `InputError` if the genome's file is damaged.
  public func rows(of variants: [Variant], in genome: Genome, counts: inout VariantCounts) throws -> [Row] {
    let effects = try scorer.effects(of: variants, in: genome, counts: &counts)
    let scored = effects.indices.map { variants[$0] }
    let sites = try scanner?.sites(of: scored, in: genome)
    return scored.indices.map { index in
      let variant = scored[index]
      let numbers = outputs.indices.map { self.numbers(of: index, output: $0, effects) }
      let motifs = sites.map { [names($0[index].made), names($0[index].broken)] } ?? []
      let allele = Nucleotide.string(variant.alternate)
      let annotated = numbers.flatMap { $0.dropFirst(2) } + motifs.map { $0.replacing(",", with: "&") }
      return Row(
        variant: variant, effect: effects.effects[index * outputs.count],
        cells: [
          variant.chromosome, "\(variant.position + 1)", variant.identifier ?? ".",
          Nucleotide.string(variant.reference), allele, variant.isSwapped ? "yes" : "no",
        ] + numbers.flatMap { $0 } + motifs,
        annotation: ([allele] + annotated).joined(separator: "|"))
    }
  }

  private func numbers(of index: Int, output: Int, _ effects: VariantEffects) -> [String] {
    let at = index * outputs.count + output
    var numbers = [effects.references[at], effects.alternates[at], effects.effects[at]]
    if !effects.spreads.isEmpty { numbers.append(effects.spreads[at]) }
    if let null { numbers.append(null.pValue(effects.effects[at], output: output)) }
    return numbers.map { "\(Float($0))" }
  }

  private func names(_ motifs: [Int]) -> String {
    guard let scanner, !motifs.isEmpty else { return "." }
    // What has a meaning in INFO cannot be part of a name there.
    return motifs.map { number in
      String(scanner.motifs[number].identifier.map { " \t,;=|&".contains($0) ? "_" : $0 })
    }.joined(separator: ",")
  }
}
