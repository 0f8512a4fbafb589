import Evaluation
import Interpretation
import Motifs
import NeuralNetworks
import Report
import Runtime
import Sequences
import Statistics
import Study
import Testing

/// What the tables of a cross-validation, a search, a grading and of seeds say, against what was measured.
@Suite struct EvaluationTableTests {
  private static let planted = result {
    try PlantedSimulation(
      frequencies: Motif.foxo1.frequencies.rows, count: 160, length: 30, seed: 3
    ).run()
  }
  private static let data = result { try DataSet(planted.labeled) }

  private static func result<Value>(_ body: () throws -> Value) -> Value {
    do { return try body() } catch { fatalError("a fixture: \(error)") }
  }

  private static func architecture(_ filters: Int) throws -> Architecture {
    try Architecture(
      input: .dna(length: 30),
      layers: [
        .convolution1D(Convolution1D(filters: filters, kernelSize: 12, activation: .relu)),
        .globalMaxPooling1D, .dense(Dense(1)),
      ])
  }

  private static var options: TrainingOptions {
    var options = TrainingOptions()
    (options.epochs, options.batchSize, options.learningRate, options.seed) = (2, 16, 0.01, 4)
    return options
  }

  private static let validation = result {
    try CrossValidation(
      [.init("one", architecture(2)), .init("two", architecture(4))], on: data,
      folds: Folds(of: data, count: 3, seed: 1), options: options)
  }

  @Test func foldsAndTheirMetrics() throws {
    let report = CrossValidationReport(Self.validation)
    // Two networks, three folds, two epochs.
    let folds = report.foldTable
    #expect(
      try folds.cells("network", "fold", "epoch")
        == ["one", "two"].flatMap { name in
          (1...3).flatMap { fold in (1...2).map { [name, String(fold), String($0)] } }
        })
    let run = Self.validation.networks[1].runs[2]
    #expect(try folds.column("validation_loss").last == text(run.learning.epochs[1].validationLoss, 6))
    #expect(try folds.column("loss").last == text(run.learning.epochs[1].loss, 6))
    let metrics = report.metricTable
    #expect(metrics.columns.suffix(4) == ["loss", "accuracy", "auroc", "auprc"])
    let sizes = try metrics.cells("training_sequences", "test_sequences").map { $0.map { Int($0)! } }
    #expect(sizes.allSatisfy { $0[0] + $0[1] == 160 } && sizes.prefix(3).reduce(0) { $0 + $1[1] } == 160)
    #expect(try metrics.column("auroc").last == text(run.metrics[Metric(.auroc)], 6))
  }

  @Test func meansAndPairsOfNetworks() throws {
    let report = CrossValidationReport(Self.validation)
    let aurocs = try report.metricTable.column("auroc").map { Double($0)! }
    let summary = report.summaryTable
    #expect(summary.rows.count == 8)
    let row = try #require(summary.texts.first { $0[0] == "two" && $0[1] == "auroc" })
    // From the six decimals of the other table.
    let mean = aurocs[3...].reduce(0, +) / 3
    #expect(abs(Double(row[2])! - mean) < 2e-6)
    let deviation = (aurocs[3...].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
    #expect(abs(Double(row[3])! - deviation) < 2e-6)
    let pairs = report.comparisonTable
    #expect(try pairs.column("metric") == ["loss", "accuracy", "auroc", "auprc"])
    let difference = try #require(Double(pairs.column("difference")[2]))
    #expect(abs(difference - (aurocs[..<3].reduce(0, +) / 3 - mean)) < 2e-6)
    // One pair: nothing to adjust. Losses have no test of sequences.
    #expect(try pairs.column("p") == pairs.column("holm_p"))
    #expect(try pairs.column("pooled_test") == ["", "McNemar", "DeLong", ""])
    #expect(try pairs.column("pooled_p").map(\.isEmpty) == [true, false, false, true])
  }

  @Test func predictionsOfHeldOutSequences() throws {
    let table = CrossValidationReport(Self.validation).predictionTable
    #expect(table.columns == ["name", "label", "fold", "one", "two"])
    #expect(try table.column("label") == Self.data.labels.map { String($0) })
    #expect(
      try table.column("fold") == Self.validation.folds.foldOfSequence.map { String($0 + 1) })
    #expect(
      try table.column("two") == Self.validation.networks[1].logits.map { text(Double($0), 4) })
  }

  @Test func digestOfACrossValidation() throws {
    let digest = CrossValidationReport(Self.validation).digest
    #expect(digest.folds == 3 && digest.sequences == 160 && digest.positives == 80)
    #expect(digest.text.contains("one − two") && digest.text.contains("DeLong"))
  }

  @Test func trialsOfASearch() throws {
    var plan = HyperparameterSearch.Plan()
    plan.trials = 4
    let space = SearchSpace([.filters: .choice([2, 3, 5]), .batchSize: .choice([16, 32])])
    let search = try HyperparameterSearch(
      of: [.init("one", Self.architecture(2))], space: space, on: Self.data,
      folds: Folds(of: Self.data, count: 2, seed: 1), plan: plan, options: Self.options)
    let test = try DataSet(
      PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows, count: 60, length: 30, seed: 9).run()
        .labeled)
    let outcome = try search.measured(on: DataSplit(train: Self.data, test: test))
    let report = SearchReport(search, outcome: outcome, space: space, counts: .init(search: 160, test: 60))
    let table = report.trialTable
    #expect(try table.column("rank") == search.trials.indices.map { String($0 + 1) })
    let losses = try table.column("validation_loss").map { Double($0)! }
    // Only those trained to the end are compared with each other.
    let epochs = try table.column("epochs")
    #expect(epochs.first == String(search.rungs.last!.epochs))
    let last = zip(losses, epochs).filter { $0.1 == epochs[0] }.map(\.0)
    #expect(last == last.sorted())
    #expect(try table.column("given").count { $0 == "yes" } == 1)
    for (row, trial) in zip(table.texts, search.trials.sorted { $0.rank < $1.rank }) {
      #expect(
        row[try #require(table.columns.firstIndex(of: "parameters"))]
          == String(trial.architecture.parameterCount))
      #expect(
        row[try #require(table.columns.firstIndex(of: "filters"))] == String(Int(trial.value(.filters)!)))
    }
    let measured = report.testTable
    #expect(try measured.column("metric") == ["loss", "accuracy", "auroc", "auprc"])
    let auroc = try #require(outcome.metrics.estimate(Metric(.auroc)))
    #expect(measured.texts[2] == ["auroc", text(auroc.value, 6), text(auroc.low, 6), text(auroc.high, 6)])
  }

  @Test func gradesOfMethods() throws {
    let kernel = Motif.foxo1.weights().values.map(Float.init)
    let network = Network(architecture: try Self.architecture(1), parameters: kernel + [0, 1, -5])
    let methods = GradedMethod.all.filter { ["gradient", "deepshap", "grad-cam"].contains($0.name) }
    let grading = try AttributionGrading(
      network, of: Self.planted.sequences, sites: Self.planted.sites, motif: Motif.foxo1.frequencies,
      methods: methods)
    let report = GradeReport(grading)
    let table = report.table
    #expect(try table.column("method") == methods.map(\.name))
    for (row, grade) in grading.grades.enumerated() {
      #expect(try table.column("auroc")[row] == text(grade.auroc.value, 6))
      #expect(try table.column("share_high")[row] == text(grade.share.high, 6))
      #expect(try table.column("average_precision_low")[row] == text(grade.averagePrecision.low, 6))
      #expect(try table.column("completeness_error")[row].isEmpty == (grade.completenessError == nil))
    }
    let lines = report.text.split(separator: "\n")
    // A head, the methods, chance, and how many sequences.
    #expect(lines.count == 1 + methods.count + 2)
    #expect(lines[lines.count - 2].hasPrefix("chance") && lines[lines.count - 2].contains("0.4000"))
    #expect(lines.last == "80 sequences with a site")
  }

  @Test func seeds() throws {
    let split = Splits.stratified(labels: Self.data.labels, fractions: [0.5, 0.5], seed: 1)
    var options = Self.options
    options.epochs = 6
    let runs = try SeedRuns(
      Self.architecture(6), train: Self.data.subset(split[0]), test: Self.data.subset(split[1]), seeds: 3,
      options: options)
    let stability = SeedStability(runs)
    let report = try StabilityReport(stability, targets: [.foxo1])
    #expect(try report.seedTable.column("seed") == ["4", "5", "6"])
    #expect(try report.seedTable.column("filters") == ["6", "6", "6"])
    #expect(
      try report.seedTable.column("auroc") == runs.runs.map { text($0.metrics.value(Metric(.auroc)), 6) })
    #expect(try report.seedTable.column("with_motif") == runs.runs.map { String($0.motifs.count) })
    #expect(try report.pairTable.cells("seed", "other_seed") == [["4", "5"], ["4", "6"], ["5", "6"]])
    let table = report.table
    #expect(table.rows.count == stability.clusters.count)
    // Every motif stands in one cluster, and the first is that of the most seeds.
    let filters = try table.column("filters").map { Int($0)! }
    #expect(filters.reduce(0, +) == runs.runs.reduce(0) { $0 + $1.motifs.count })
    let shared = try table.column("seeds").map { Int($0)! }
    #expect(shared == shared.sorted(by: >) && shared.allSatisfy { (1...3).contains($0) })
  }

  @Test func significance() throws {
    let (first, second) = (Self.validation.networks[0].logits, Self.validation.networks[1].logits)
    let comparison = NetworkComparison(first: first, second: second, on: Self.data)
    let test = PermutationTest(scores: first, labels: Self.data.labels, permutations: 99, seed: 2)
    let words = Significance(permutationTest: test, comparison: comparison).text(model: "a", against: "b")
    #expect(words.contains("99 permutations of the labels"))
    #expect(words.contains("a (first) against b (second)"))
    #expect(words.contains("McNemar, exact") && words.contains("DeLong"))
    #expect(Significance().text(model: "a", against: nil).isEmpty)
  }
}
