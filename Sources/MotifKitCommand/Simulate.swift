import ArgumentParser
import MotifKit
import Runtime

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the exercise's data: random sequences, half of them or a share with a planted site.",
    discussion: """
      Writes FOXO1_train.csv and FOXO1_test.csv (half of the sequences each, classes in proportion) and truth.tsv, which \
      holds where each site was planted.

      EXAMPLES:
        motifkit simulate --out data
        motifkit simulate --motif factors.meme --jitter 40 --count 50000 --out data
        motifkit simulate --class-ratio 100 --count 200000 --out rare
      """)

  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @Option(help: ArgumentHelp("foxo1, or a file with one motif.", valueName: "motif")) var motif = "foxo1"
  @Option(help: "Number of sequences, training and test together.") var count = 20_000
  @Option(help: "Bases of each sequence.") var length = 100
  @Option(help: "The most bases by which a site lies left or right of the middle.") var jitter = 0
  @Option(help: ArgumentHelp("Sequences without a site for each with one.", valueName: "ratio"))
  var classRatio =
    1.0
  @OptionGroup var common: CommonOptions

  func run() throws {
    let motif = try Motif.one(path: motif)
    let simulation = try PlantedSimulation(
      frequencies: motif.frequencies.rows, count: count, length: length, jitter: jitter,
      classRatio: classRatio, seed: common.seed)
    let halves = simulation.run().halves(seed: common.seed)
    let (train, test) = (halves.train, halves.test)
    for set in [train, test] { try set.labeled.requireBothClasses() }
    try OutputFolder.write(out) { try ExerciseData(train: train, test: test).write(to: $0) }
    common.note(
      "\(train.sequences.count) training and \(test.sequences.count) test sequences with"
        + " \(motif.name ?? motif.identifier) in \(out)")
  }
}
