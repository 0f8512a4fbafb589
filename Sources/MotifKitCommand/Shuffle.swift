import ArgumentParser
import MotifKit

struct Shuffle: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shuffle sequences so that their k-lets stay the same.",
    discussion: """
      Prints FASTA. With order 2, every dinucleotide is as frequent in a shuffle as in its sequence.

      EXAMPLE:
        motifkit shuffle peaks.fa --order 2 > negatives.fa
      """)

  @Argument(help: "Sequences: FASTA, CSV or TSV, plain or gzipped, or - for standard input.") var file: String
  @Option(help: "k: how many letters of a row are kept together.") var order = 2
  @Option(
    help: "uniform draws from all legal shuffles; compat keeps last exits, as DeepLIFT and tangermeme do.")
  var method = KLetShuffler.Method.uniform
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup var common: CommonOptions

  func run() throws {
    let shuffles = try SequenceSet(contentsOf: file)
      .shuffled(order: order, method: method, seed: common.seed)
    for index in 0..<shuffles.count { try StandardOutput.write(shuffles.fasta(index)) }
  }
}

extension KLetShuffler.Method: ExpressibleByArgument {}
