import Evaluation
import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import TestSupport
import Testing

/// Sequences of 14 bases, every second with GATTACA in the middle.
private func sequences(_ count: Int) throws -> DataSet {
  var set = SequenceSet()
  for index in 0..<count {
    var random = CounterRandom(seed: 9, purpose: .simulation, index: index)
    var codes = (0..<14).map { _ in UInt8(random.below(4)) }
    if index % 2 == 0 { codes.replaceSubrange(3..<10, with: Nucleotide.codes("GATTACA")!) }
    set.append(codes)
  }
  return try DataSet(set, labels: (0..<count).map { $0 % 2 == 0 ? 1 : 0 })
}

private func contender() throws -> CrossValidation.Contender {
  CrossValidation.Contender(
    "small",
    try Architecture(
      input: .dna(length: 14),
      layers: [
        .convolution1D(Convolution1D(filters: 4, kernelSize: 6, activation: .relu)),
        .convolution1D(Convolution1D(filters: 2, kernelSize: 3, activation: .relu)), .globalMaxPooling1D,
        .dense(Dense(1)),
      ]))
}

@Suite struct SearchTests {
  private static let space = SearchSpace([
    .filters: .choice([2, 8]), .kernelSize: .range(4...8, isLogarithmic: false),
    .dropout: .range(0...0.4, isLogarithmic: false),
    .learningRate: .range(0.003...0.3, isLogarithmic: true), .batchSize: .choice([8, 16]),
  ])

  private func search(
    _ set: DataSet, trials: Int = 9, threads: Int = 2, seed: UInt64 = 5, space: SearchSpace = space,
    strategy: SearchStrategy = .random, journal: SearchJournal? = nil
  ) throws -> HyperparameterSearch {
    var plan = HyperparameterSearch.Plan()
    (plan.trials, plan.metric, plan.strategy) = (trials, Metric(.auroc), strategy)
    var options = TrainingOptions()
    (options.epochs, options.seed, options.batchSize) = (9, seed, 32)
    return try HyperparameterSearch(
      of: [contender()], space: space, on: set, folds: Folds(of: set, count: 2, seed: 1),
      plan: plan, options: options, journal: journal, threads: threads)
  }

  @Test func theBestOfTheLastRungWins() throws {
    let set = try sequences(80)
    let search = try search(set)
    #expect(search.rungs.map(\.epochs) == [1, 3, 9])
    #expect(search.rungs[0].trials == 9 && (3...4).contains(search.rungs[1].trials))
    #expect(search.trials.map(\.rank).sorted() == Array(1...9))
    let given = search.trials[0]
    #expect(given.isGiven && given.epochs == 9 && given.options.batchSize == 32)
    #expect(given.value(.filters) == 4 && given.value(.dropout) == 0)
    let last = search.trials.filter { $0.epochs == 9 }
    #expect(last.count == search.rungs[2].trials)
    let best = search.best
    #expect(last.allSatisfy { best.metrics[Metric(.auroc)]! >= $0.metrics[Metric(.auroc)]! })
    for trial in search.trials.dropFirst() {
      #expect([2, 8].contains(trial.value(.filters)) && [8, 16].contains(trial.options.batchSize))
      #expect((0.003...0.3).contains(trial.options.learningRate))
      let kernels = trial.architecture.layers.compactMap {
        if case .convolution1D(let layer) = $0.kind { (layer.filters, layer.kernelSize) } else { nil }
      }
      // The second convolution keeps half the filters and half the width.
      #expect(kernels[1].0 == kernels[0].0 / 2)
      #expect(kernels[1].1 == Int((Double(kernels[0].1) / 2).rounded()))
    }

    // A trial's number is the mean over folds of training with its options.
    var options = best.options
    options.epochs = 9
    let folds = try Folds(of: set, count: 2, seed: 1)
    let validation = try CrossValidation(
      [.init("best", best.architecture)], on: set, folds: folds, options: options)
    #expect(abs(validation.networks[0].mean(Metric(.auroc))!.mean - best.metrics[Metric(.auroc)]!) < 1e-12)

    let other = try self.search(set, threads: 1)
    #expect(other.trials.map(\.metrics) == search.trials.map(\.metrics))
    #expect(try self.search(set, seed: 6).trials[1].architecture != search.trials[1].architecture)

    let test = try sequences(140).subset(80..<140)
    let outcome = try search.measured(on: DataSplit(train: set, test: test))
    #expect(outcome.metrics.positives == 30 && outcome.learning.epochs.count == 9)
    #expect(outcome.model.network.architecture == best.architecture)
    #expect((outcome.comparison == nil) == best.isGiven)
    let logits = try outcome.model.network.logits(of: test.sequences)
    #expect(outcome.metrics == ObjectiveMetrics(logits: logits, on: test, seed: 5))
  }

  /// The same trials with any number of threads, each different, all trained to the end.
  @Test(arguments: [SearchStrategy.tpe, .evolution]) func ledByResults(_ strategy: SearchStrategy) throws {
    let set = try sequences(40)
    let search = try search(set, trials: 18, strategy: strategy)
    #expect(search.rungs.map(\.epochs) == [9] && search.rungs[0].trials == 18)
    #expect(search.trials.count == 18 && search.trials.allSatisfy { $0.epochs == 9 })
    let best = search.best.metrics[Metric(.auroc)]!
    #expect(search.trials.allSatisfy { $0.metrics[Metric(.auroc)].map { $0 <= best } ?? true })
    let other = try self.search(set, trials: 18, threads: 1, strategy: strategy)
    #expect(other.trials.map(\.metrics) == search.trials.map(\.metrics))
    #expect(other.trials.map(\.options) == search.trials.map(\.options))
    let random = try self.search(set, trials: 18)
    #expect(random.trials.last?.options != search.trials.last?.options)
  }

  /// A search that was interrupted after any run ends as if it had not been; one with other settings is refused.
  @Test(arguments: SearchStrategy.allCases) func goesOnFromItsJournal(_ strategy: SearchStrategy) throws {
    let set = try sequences(40)
    try withTemporaryDirectory { folder in
      let path = "\(folder)/out.journal"
      let whole = try search(
        set, trials: 16, strategy: strategy, journal: SearchJournal(path, resumes: false))
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count > 32)
      for kept in [1, 7, 20, lines.count] {
        // The last line is cut short.
        let text = lines.prefix(kept).joined(separator: "\n") + (kept < lines.count ? "\n{\"outc" : "\n")
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        let journal = SearchJournal(path, resumes: true)
        let resumed = try search(set, trials: 16, strategy: strategy, journal: journal)
        #expect(resumed.trials.map(\.metrics) == whole.trials.map(\.metrics))
        #expect(resumed.trials.map(\.rank) == whole.trials.map(\.rank))
        let after = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(after.sorted() == lines.sorted())
      }
      #expect(throws: InputError(file: path, "belongs to a search with other networks, options or data")) {
        try self.search(
          set, trials: 16, seed: 6, strategy: strategy, journal: SearchJournal(path, resumes: true))
      }
      try "a\n".write(toFile: path, atomically: false, encoding: .utf8)
      #expect(throws: InputError(file: path, "is no journal of a search")) {
        try self.search(set, trials: 16, strategy: strategy, journal: SearchJournal(path, resumes: true))
      }
    }
  }

  /// Four points and the network as given, which is one of them.
  @Test func aSmallSpaceIsTriedOnce() throws {
    let space = SearchSpace([.filters: .choice([2, 4]), .batchSize: .choice([16, 32])])
    let search = try search(sequences(40), trials: 20, space: space)
    #expect(search.trials.count == 4)
  }

  @Test func trialsThatDivergeLose() throws {
    let space = SearchSpace([.learningRate: .choice([1e30])])
    let search = try search(sequences(40), trials: 2, space: space)
    #expect(search.best.isGiven && search.trials[1].problem?.contains("no longer a number") == true)
    #expect(search.trials[1].rank == 2 && search.trials[1].metrics.isEmpty)
  }

  @Test func aSpaceThatNeverFitsIsRefused() throws {
    let error = #expect(throws: InputError.self) {
      try self.search(
        sequences(40), space: SearchSpace([.kernelSize: .range(30...60, isLogarithmic: false)]))
    }
    #expect(
      error?.reason.hasPrefix("no network of the search space fits the sequences: layer 1 (conv1d)") == true)
  }

  @Test(arguments: [
    (27, 3, 10, [1, 3, 10]), (27, 3, 27, [1, 3, 9, 27]), (4, 2, 8, [2, 4, 8]), (9, 1, 5, [5]),
    (2, 3, 9, [9]),
  ]) func rungs(trials: Int, halving: Int, epochs: Int, expected: [Int]) {
    var plan = HyperparameterSearch.Plan()
    (plan.trials, plan.halving) = (trials, halving)
    #expect(plan.rungs(epochs: epochs) == expected)
  }

  @Test func spacesFromFiles() throws {
    let json = """
      {"filters": [16, 32], "dropout": 0.25, "kernelSize": {"min": 6, "max": 12},
       "learningRate": {"min": 1e-4, "max": 0.01, "scale": "log"}}
      """
    let space = try SearchSpace(json: Data(json.utf8))
    #expect(
      space
        == SearchSpace([
          .filters: .choice([16, 32]), .dropout: .choice([0.25]),
          .kernelSize: .range(6...12, isLogarithmic: false),
          .learningRate: .range(0.0001...0.01, isLogarithmic: true),
        ]))
  }

  /// The schema and the guide name the parameters that there are, and the guide's space is the default.
  @Test func documentsAgree() throws {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let docs = folder.appendingPathComponent("docs")
    let data = try Data(contentsOf: docs.appendingPathComponent("search-space.schema.json"))
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(Set(properties.keys) == Set(SearchSpace.Parameter.allCases.map(\.rawValue)))
    let guide = try String(contentsOf: docs.appendingPathComponent("search.md"), encoding: .utf8)
    let block = try #require(guide.components(separatedBy: "```json\n").dropFirst().first)
    let json = try #require(block.components(separatedBy: "```").first)
    #expect(try SearchSpace(json: Data(json.utf8)) == .standard)
  }

  @Test(arguments: [
    (
      "{\"filters\": [16],\n \"filtres\": [8]}",
      "s.json: line 2: there is no parameter \"filtres\"; expected filters, kernelSize, dropout, learningRate, batchSize, weightDecay"
    ),
    ("{\"filters\":\n [16,}", "s.json: line 2: not a search space in JSON"),
    ("[1]", "s.json: a search space is an object with a key for each parameter"),
    ("{}", "s.json: the search space names no parameter"),
    ("{\"filters\": []}", "s.json: line 1: \"filters\" has an empty list"),
    (
      "{\"filters\": 2.5}",
      "s.json: line 1: \"filters\" has 2.5; expected a whole number from 1 to 65536"
    ),
    (
      "{\n\"dropout\": {\"min\": 0, \"max\": 1}}",
      "s.json: line 2: \"dropout\" has 1.0; expected a number from 0 to below 1"
    ),
    (
      "{\"dropout\": {\"min\": 0.5, \"max\": 0.1}}",
      "s.json: line 1: \"dropout\" has a min of 0.5, above its max of 0.1"
    ),
    ("{\"dropout\": {\"min\": 0.5}}", "s.json: line 1: \"dropout\" needs a number max"),
    (
      "{\"dropout\": {\"min\": 0, \"max\": 0.5, \"step\": 1}}",
      "s.json: line 1: \"dropout\" has an unknown key \"step\"; expected min, max, scale"
    ),
    (
      "{\"dropout\": {\"min\": 0, \"max\": 0.5, \"scale\": \"log\"}}",
      "s.json: line 1: \"dropout\" needs a min above 0 for the scale log"
    ),
    (
      "{\"dropout\": {\"min\": 0.1, \"max\": 0.5, \"scale\": \"square\"}}",
      "s.json: line 1: \"dropout\" needs a scale of \"linear\" or \"log\""
    ),
    (
      "{\"filters\": true}",
      "s.json: line 1: \"filters\" must be a number, a list of numbers, or an object with min and max"
    ),
  ]) func badSpaces(json: String, message: String) {
    let error = #expect(throws: InputError.self) {
      try SearchSpace(json: Data(json.utf8), file: "s.json")
    }
    #expect(error?.description == message)
  }
}
