import Evaluation
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Testing

/// Sequences of 12 bases, positives with GATTACA in the middle of them.
private func sequences(_ count: Int) throws -> DataSet {
  var set = SequenceSet()
  for index in 0..<count {
    var random = CounterRandom(seed: 3, purpose: .simulation, index: index)
    var codes = (0..<12).map { _ in UInt8(random.below(4)) }
    if index % 3 == 0 { codes.replaceSubrange(2..<9, with: Nucleotide.codes("GATTACA")!) }
    set.append(codes)
  }
  return try DataSet(set, labels: (0..<count).map { $0 % 3 == 0 ? 1 : 0 })
}

/// Sequences that mean nothing with these labels.
private func labeled(_ labels: [UInt8]) throws -> DataSet {
  try DataSet(
    SequenceSet(codes: labels.map { _ in 0 }, starts: Array(0...labels.count)), labels: labels)
}

private func architecture(filters: Int) throws -> Architecture {
  try Architecture(
    input: .dna(length: 12),
    layers: [
      .convolution1D(Convolution1D(filters: filters, kernelSize: 7, activation: .relu)), .globalMaxPooling1D,
      .dropout(Dropout(0.2)), .dense(Dense(1)),
    ])
}

@Suite struct CrossValidationTests {
  @Test func foldsOfOthers() throws {
    let set = try labeled([1, 0, 1, 0, 1, 0])
    let folds = try Folds(
      of: set, parts: [.init(train: [4, 5], test: [0, 1]), .init(train: [0], test: [2, 3, 4, 5])])
    #expect(folds.foldOfSequence == [0, 0, 1, 1, 1, 1] && folds.parts[0].train == [4, 5])
    func reason(_ tests: [[Int]]) -> String? {
      #expect(throws: InputError.self) {
        try Folds(of: set, parts: tests.map { .init(train: [0], test: $0) })
      }?.reason
    }
    #expect(reason([[0, 1, 2], [2, 3, 4, 5]])?.hasSuffix("is held out by folds 1 and 2") == true)
    #expect(reason([[0, 1, 2], [3, 4]])?.hasPrefix("no fold holds out ") == true)
    #expect(reason([[0, 2], [1, 3, 4, 5]])?.hasPrefix("fold 1 of 2 has no sequence with ") == true)
  }

  @Test func everySequenceIsHeldOutOnceAndThreadsDoNotMatter() throws {
    let set = try sequences(150)
    var options = TrainingOptions()
    (options.epochs, options.batchSize, options.learningRate, options.seed) = (3, 16, 0.02, 7)
    let folds = try Folds(of: set, count: 5, seed: 1)
    let contenders = [
      CrossValidation.Contender("four", try architecture(filters: 4)),
      CrossValidation.Contender("one", try architecture(filters: 1)),
    ]
    let validation = try CrossValidation(contenders, on: set, folds: folds, options: options, threads: 1)
    for threads in [2, 16] {
      let other = try CrossValidation(
        contenders, on: set, folds: folds, options: options, threads: threads)
      #expect(other.networks.map(\.logits) == validation.networks.map(\.logits))
      #expect(other.comparisons.map(\.difference) == validation.comparisons.map(\.difference))
    }

    // A fold is what training by hand with the fold's seed gives.
    let four = validation.networks[0]
    var seeded = options
    seeded.seed = options.seed + 3
    let (train, test) = (folds.parts[3].train, folds.parts[3].test)
    let trained = try Network(architecture: contenders[0].architecture, seed: seeded.seed).trained(
      on: set.subset(train), validation: set.subset(test), options: seeded)
    #expect(try trained.network.logits(of: set.subset(test).sequences) == test.map { four.logits[$0] })
    #expect(trained.report.epochs.map(\.validationLoss) == four.runs[3].learning.epochs.map(\.validationLoss))
    let accuracy = try #require(trained.report.epochs.last?.validationAccuracy)
    #expect(abs(four.runs[3].metrics[Metric(.accuracy)]! - accuracy) < 1e-12)

    let pairs = validation.comparisons
    #expect(
      pairs.map(\.metric.name) == ["loss", "accuracy", "auroc", "auprc"]
        && pairs.allSatisfy { $0.first == "four" })
    let means = validation.networks.map { $0.mean(Metric(.auroc))!.mean }
    #expect(abs(pairs[2].difference.mean - (means[0] - means[1])) < 1e-12)
    #expect(pairs.map { $0.pooled != nil } == [false, true, true, false])
    let curve = validation.curve(of: four, .loss, \.validationLoss)
    #expect(curve.count == 3 && abs(curve[2].mean - four.mean(.loss)!.mean) < 1e-6)
  }

  /// Random sequences with labels that mean nothing, each three times, once as its reverse complement: what a network knows of
  /// them it knows from copies.
  @Test func copiesDoNotLeak() throws {
    var set = SequenceSet()
    for index in 0..<80 {
      var random = CounterRandom(seed: 11, purpose: .simulation, index: index)
      let codes = (0..<12).map { _ in UInt8(random.below(4)) }
      for copy in [codes, Nucleotide.reverseComplement(codes), codes] {
        set.append(copy)
      }
    }
    let data = try DataSet(set, labels: (0..<240).map { UInt8($0 / 3 % 2) })
    var options = TrainingOptions()
    (options.epochs, options.batchSize, options.learningRate) = (80, 16, 0.01)
    let contender = CrossValidation.Contender("wide", try architecture(filters: 32))
    func accuracy(_ groups: [Int]?) throws -> Double {
      let folds = try Folds(of: data, count: 4, groups: groups, seed: 1)
      let validation = try CrossValidation([contender], on: data, folds: folds, options: options)
      return validation.networks[0].mean(Metric(.accuracy))!.mean
    }
    let (divided, together) = (try accuracy(nil), try accuracy(set.duplicateGroups))
    #expect(divided > 0.7 && together < 0.6, "\(divided) \(together)")
  }

  @Test func whatLooksAtTheFoldIsRefused() throws {
    let set = try sequences(30)
    let folds = try Folds(of: set, count: 2, seed: 1)
    var stopping = TrainingOptions()
    stopping.earlyStopping = EarlyStopping(patience: 1)
    var plateau = TrainingOptions()
    plateau.schedule = .reduceOnPlateau(factor: 0.1, patience: 1)
    for options in [stopping, plateau] {
      #expect(throws: InputError.self) {
        try CrossValidation(
          [.init("one", try architecture(filters: 1))], on: set, folds: folds, options: options)
      }
    }
  }

  @Test func divergenceNamesNetworkAndFold() throws {
    var options = TrainingOptions()
    (options.learningRate, options.epochs) = (1e30, 2)
    let set = try sequences(60)
    let folds = try Folds(of: set, count: 3, seed: 1)
    for threads in [1, 2] {
      let error = #expect(throws: InputError.self) {
        try CrossValidation(
          [.init("wild", try architecture(filters: 2))], on: set, folds: folds, options: options,
          threads: threads)
      }
      #expect(error?.reason.hasPrefix("wild, fold 1: the loss is no longer a number") == true)
    }
  }

  @Test(arguments: [
    (1, "cross-validation needs 2 folds or more, not 1"),
    (4, "4 folds need at least as many sequences of each class; 3 have the label 1"),
  ])
  func foldsThatCannotBe(count: Int, reason: String) {
    let error = #expect(throws: InputError.self) {
      try Folds(of: labeled([1, 1, 1, 0, 0, 0, 0, 0]), count: count, seed: 0)
    }
    #expect(error?.reason == reason)
  }

  /// One group has all positives but one.
  @Test func foldsThatGroupsPrevent() {
    let labels: [UInt8] = [1, 1, 1, 1, 0, 0, 0, 0]
    let error = #expect(throws: InputError.self) {
      try Folds(of: labeled(labels), count: 3, groups: [0, 0, 0, 1, 2, 3, 4, 5], seed: 0)
    }
    #expect(
      error?.reason
        == "3 folds need at least as many sequences of each class; 4 in 2 groups that stay together have the label 1"
    )
  }
}
