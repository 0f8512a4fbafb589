import Sequences

/// The chromosomes of a genome one after the other.
public final class GenomeStream: SequenceStream {
  private let genome: Genome
  private var chromosome = 0
  private var position = 0

  public init(_ genome: Genome) { self.genome = genome }

  public func nextPart(upTo limit: Int, into codes: inout [UInt8]) throws -> SequencePart? {
    guard chromosome < genome.chromosomes.count else { return nil }
    let (name, length) = (genome.chromosomes[chromosome].name, genome.chromosomes[chromosome].length)
    let end = min(length, position + max(1, limit))
    codes += try genome.codes(position..<end, ofChromosome: chromosome)
    position = end
    if end == length { (chromosome, position) = (chromosome + 1, 0) }
    return SequencePart(name: name, label: nil, endsRecord: end == length)
  }
}
