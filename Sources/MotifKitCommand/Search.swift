import ArgumentParser
import Foundation
import MotifKit
import Runtime
import Statistics

struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Search for better layers and training of a network.",
    discussion: """
      Tries variations of the network: filters, kernel size, dropout, learning rate, batch size. Random ones are all trained for \
      a few epochs, the best third goes on to three times as many, until the last ones have all. With --strategy tpe or \
      evolution the results of trials decide what is tried next, and all are trained to the end. Trials are \
      judged on validation folds. The winner is measured once, on a part that the search never sees (--test, or a share held \
      out), beside the network as given. \
      Writes trials.tsv, test.tsv, best.json (for train --network), best.safetensors, trials as PNG and SVG, and run.json.

      EXAMPLES:
        motifkit search --network v2 --train FOXO1_train.csv --out search
        motifkit search --network v2,v3,v4 --train peaks.tsv --test held.tsv \\
            --trials 81 --epochs 27 --out search
        motifkit search --network v2 --train peaks.tsv --space space.json \\
            --strategy tpe --out search --resume

      where space.json is like

        {"filters": [32, 64, 128],
         "learningRate": {"min": 0.001, "max": 0.03, "scale": "log"}}
      """)

  @Option(
    help: ArgumentHelp(
      """
      Networks to vary, comma-separated: \(NetworkArgument.presets), or files that hold a network in JSON. Each is a trial \
      as it is, too.
      """, valueName: "names"))
  var network: String
  @OptionGroup var data: DataArguments
  @Option(
    help: ArgumentHelp("Table with labels to measure the winner on; no other use.", valueName: "file"))
  var test: String?
  @Option(
    help: ArgumentHelp(
      "Share of the sequences that is held out where there is no --test.", valueName: "share")
  )
  var testShare = 0.2
  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder")) var out: String
  @Option(
    help: ArgumentHelp(
      """
      What to vary, in JSON: for each of filters, kernelSize, dropout, learningRate, batchSize, weightDecay a number, a \
      list, or an object with min, max and perhaps "scale": "log".
      """, valueName: "file"))
  var space: String?
  @Option(
    help: ArgumentHelp(
      """
      random; tpe, the tree-structured Parzen estimator, a Bayesian method; or evolution, a genetic algorithm. From about \
      30 trials on the last two find better ones.
      """))
  var strategy = SearchStrategy.random
  @Option(help: "Variations to try, the networks as given among them.") var trials = 27
  @Option(
    help: ArgumentHelp(
      "Of random ones one of this many goes on to the next round; 1 trains all to the end. (default: 3)",
      valueName: "n"))
  var halving: Int?
  @Option(help: ArgumentHelp("Parts for validation.", valueName: "count")) var folds = 3
  @Option(help: "What trials are judged by; of those that fit what is learned.") var metric = Metric.Kind.loss
  @Flag(
    help: ArgumentHelp(
      """
      Go on with an interrupted search from its journal, a file beside the folder with its name and .journal, which goes \
      when the search is done.
      """))
  var resume = false
  @OptionGroup var together: KeepTogetherOption
  @OptionGroup(title: "Training") var training: TrainingArguments
  @OptionGroup var output: FormatOption
  @OptionGroup(title: "Genome") var genome: GenomeArguments
  @OptionGroup(title: "Signal") var signals: SignalArguments
  @OptionGroup var middle: LengthArguments
  @OptionGroup(title: "Chromosomes") var chromosomes: ChromosomeArguments
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if chromosomes.validationChromosomes != nil {
      throw ValidationError("trials are validated on folds: leave out --validation-chromosomes")
    }
    if test != nil, chromosomes.isGiven {
      throw ValidationError("give --test or chromosomes for it, not both")
    }
    if !(1...10_000).contains(trials) {
      throw ValidationError("--trials \(trials): expected 1 to 10000")
    }
    if let halving, halving < 1 { throw ValidationError("--halving \(halving): expected 1 or more") }
    if let halving, halving != 1, strategy != .random {
      throw ValidationError("--halving is for --strategy random; the others train all trials to the end")
    }
    if folds < 2 { throw ValidationError("--folds \(folds): expected 2 or more") }
    if !(testShare > 0 && testShare < 1) {
      throw ValidationError("--test-share \(testShare): expected a share between 0 and 1")
    }
    if training.earlyStopping != nil || training.schedule == .plateau {
      throw ValidationError(
        "--early-stopping and --schedule plateau look at the sequences that a fold holds out; leave them out")
    }
  }

  func run() throws {
    let journal = SearchJournal(
      NSString(string: out).standardizingPath + ".journal", resumes: resume)
    if !common.quiet { resumable.withLock { $0 = journal.path } }
    do {
      try search(journal)
    } catch let error as InputError where journal.isOpen {
      throw InputError(
        file: error.file, line: error.line, "\(error.reason); --resume goes on from \(journal.path)")
    }
    journal.remove()
  }

  private func search(_ journal: SearchJournal) throws {
    let inputs =
      data.files + chromosomes.files + [test, space].compactMap { $0 } + NetworkArgument.files(network)
    try RunRecord.fill(
      out, common.reproduction, inputs: inputs, entries: SearchReport.entries
    ) { stage, _ in
      let space = try space.map { try SearchSpace.read(path: $0) } ?? .standard
      let split = try divide()
      let set = split.train
      let length = try set.sequences.requireUniformLength(file: data.mainFile)
      let networks = try NetworkArgument.contenders(
        network, length: length, outputs: set.objective.outputs.count)
      let parts = try Folds(
        of: set, count: folds,
        groups: together.groups(of: set, file: data.mainFile, common), seed: common.seed,
        file: data.mainFile)
      var plan = HyperparameterSearch.Plan()
      (plan.trials, plan.halving, plan.metric) = (trials, halving ?? plan.halving, Metric(metric))
      plan.strategy = strategy
      let progress = ProgressBar(
        "Searching",
        total: HyperparameterSearch.work(
          networks: networks.count, plan: plan, epochs: training.epochs, folds: folds, sequences: set.count),
        unit: "sequences", common)
      let search = try HyperparameterSearch(
        of: networks, space: space, on: set, folds: parts, plan: plan,
        options: training.options(seed: common.seed, isFocal: data.loss.isFocal), journal: journal,
        progress: { progress.update($0) })
      progress.finish()
      let report = SearchReport(
        search, outcome: try search.measured(on: split), space: space,
        counts: .init(search: set.count, test: split.test.count))
      try report.write(to: stage, provenance: common.provenance)
      let digest = report.digest(
        folder: out, data: (data.words + training.otherWords).joined(separator: " "))
      if output.isJSON {
        try StandardOutput.write(json: digest)
      } else {
        try StandardOutput.write(digest.text)
      }
    }
  }
}

extension Search {
  /// What the search sees, and what only the winner is measured on.
  private func divide() throws -> DataSplit {
    guard chromosomes.isGiven else {
      return try data.read(test: test, share: testShare, grouping: together.grouping, seed: common.seed)
    }
    let all = try data.read(seed: common.seed)
    guard let parts = try chromosomes.parts(of: all, file: data.mainFile, common), let held = parts.test
    else {
      throw ValidationError("name chromosomes to test the winner on")
    }
    // The search has validation folds of its own.
    return DataSplit(train: try parts.validation.map(parts.train.joined) ?? parts.train, test: held)
  }
}

extension Metric.Kind: ExpressibleByArgument {}
extension SearchStrategy: ExpressibleByArgument {}
