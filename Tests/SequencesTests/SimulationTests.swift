import Foundation
import Runtime
import Sequences
import TestSupport
import Testing

/// A motif of five positions with a zero, a one and odds between.
private let motif: [[Double]] = [
  [1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4], [0, 0.5, 0.5, 0], [0.25, 0.25, 0.25, 0.25], [0, 0, 0.1, 0.9],
]

@Suite struct SimulationTests {
  @Test func theExerciseHasItsSiteInTheMiddle() throws {
    let twelve = [[Double]](repeating: [0, 0, 1, 0], count: 12)
    let planted = try PlantedSimulation(frequencies: twelve, count: 200).run()
    #expect(planted.sequences.count == 200 && planted.sequences.uniformLength == 100)
    let labels = planted.labeled.labels
    #expect(planted.labeled.positiveCount == 100)
    for index in 0..<200 {
      let positive = labels[index] == 1
      #expect(planted.sites[index] == (positive ? PlantedSite(start: 44) : .none))
      if positive { #expect(planted.sequences[index].dropFirst(44).prefix(12).allSatisfy { $0 == 2 }) }
    }
  }

  @Test func basesFollowTheFrequencies() throws {
    let count = 20_000
    let planted = try PlantedSimulation(frequencies: motif, count: count, length: 15, seed: 3).run()
    let (set, labels) = (planted.sequences, planted.labeled.labels)
    for position in 0..<15 {
      var positives = [0, 0, 0, 0]
      var negatives = [0, 0, 0, 0]
      for index in 0..<count {
        let base = Int(set.codes[index * 15 + position])
        if labels[index] == 1 { positives[base] += 1 } else { negatives[base] += 1 }
      }
      let expected = (5..<10).contains(position) ? motif[position - 5] : [0.25, 0.25, 0.25, 0.25]
      for base in 0..<4 {
        // Standard error 0.005 at most: 0.02 is four of them.
        #expect(abs(Double(positives[base]) / 10_000 - expected[base]) < 0.02)
        #expect(abs(Double(negatives[base]) / 10_000 - 0.25) < 0.02)
        if expected[base] == 0 { #expect(positives[base] == 0) }
      }
    }
  }

  @Test func jitterSpreadsTheStartsEvenly() throws {
    let sites = try PlantedSimulation(frequencies: motif, count: 14_000, length: 30, jitter: 3).run().sites
    let starts = Dictionary(grouping: sites.compactMap(\.start), by: { $0 }).mapValues(\.count)
    #expect(starts.keys.sorted() == Array(9...15))
    #expect(starts.values.allSatisfy { abs($0 - 1000) < 130 })
  }

  @Test func halvesAreBalancedAndDisjoint() throws {
    let simulation = try PlantedSimulation(frequencies: motif, count: 1000, length: 20, jitter: 2, seed: 8)
    let planted = simulation.run()
    let halves = planted.halves(seed: 8)
    let (train, test) = (halves.train, halves.test)
    #expect(train.sequences.count == 500 && test.sequences.count == 500)
    #expect(train.labeled.positiveCount == 250 && test.labeled.positiveCount == 250)
    let rows = { (set: PlantedSet) in
      (0..<set.sequences.count).map {
        "\(Nucleotide.string(set.sequences[$0])) \(set.labeled.labels[$0]) \(set.sites[$0])"
      }
    }
    #expect((rows(train) + rows(test)).sorted() == rows(planted).sorted())
    // In random order: about half of the neighbors differ in class.
    let changes = zip(train.labeled.labels, train.labeled.labels.dropFirst()).count { $0 != $1 }
    #expect((190...310).contains(changes))
    #expect(rows(simulation.run().halves(seed: 8).test) == rows(test))
  }

  @Test func whatDoesNotFitIsRefused() {
    #expect(throws: InputError("length 4: the motif alone has 5 positions")) {
      try PlantedSimulation(frequencies: motif, length: 4)
    }
    #expect(throws: InputError("jitter 8: expected 0 to 7, so that the site stays inside the sequence")) {
      try PlantedSimulation(frequencies: motif, length: 20, jitter: 8)
    }
    #expect(throws: InputError.self) { try PlantedSimulation(frequencies: motif, count: .max) }
    #expect(throws: InputError.self) { try PlantedSimulation(frequencies: motif, length: .max) }
    #expect(throws: InputError("count 1: at least 2 sequences are needed")) {
      try PlantedSimulation(frequencies: motif, count: 1)
    }
    #expect(throws: InputError.self) { try PlantedSimulation(frequencies: [[0.5, 0.5, 0.5, 0.5]]) }
  }
}

@Suite struct SequenceWriterTests {
  @Test func exerciseTableAsPandasWritesIt() throws {
    var set = SequenceSet()
    set.append([0, 1, 2, 3])
    set.append([3, 3, 0, 0])
    let labeled = LabeledSequences(set, labels: [1, 0])
    try withTemporaryDirectory { folder in
      let path = folder + "/FOXO1_train.csv"
      try labeled.writeExerciseTable(to: path)
      // pandas.DataFrame([[0, 1, 2, 3], [3, 3, 0, 0]]).assign(label=[1, 0]).to_csv()
      let expected = ",0,1,2,3,label\n0,0,1,2,3,1\n1,3,3,0,0,0\n"
      #expect(try String(contentsOfFile: path, encoding: .utf8) == expected)
      let back = try LabeledSequences(contentsOf: path, requireLabels: true)
      #expect(back.sequences.codes == set.codes && back.labels == labeled.labels)
      set.append([0, 1, 2, 4])
      let unknown = InputError(file: path, "the exercise's table has no code for an unknown base (N)")
      #expect(throws: unknown) {
        try LabeledSequences(set, labels: [1, 0, 1]).writeExerciseTable(to: path)
      }
    }
  }

  @Test func fasta() throws {
    var set = SequenceSet()
    set.append([0, 1, 2, 3, 4], name: "one")
    set.append([3], name: "two")
    try withTemporaryDirectory { folder in
      try set.writeFASTA(to: folder + "/a.fa")
      #expect(try String(contentsOfFile: folder + "/a.fa", encoding: .utf8) == ">one\nACGTN\n>two\nT\n")
      let back = try SequenceSet(contentsOf: folder + "/a.fa")
      #expect(back.codes == set.codes && back.names == set.names)
    }
  }

  @Test func truth() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/truth.tsv"
      let train = [PlantedSite(start: 44), .none]
      let test = [PlantedSite.none, PlantedSite(start: 7, isReverse: true)]
      try PlantedTruth.write(["train": train, "test": test], to: path)
      let expected =
        "set\tindex\tlabel\tstart\tstrand\n"
        + "train\t0\t1\t44\t+\ntrain\t1\t0\t\t\ntest\t0\t0\t\t\ntest\t1\t1\t7\t-\n"
      #expect(try String(contentsOfFile: path, encoding: .utf8) == expected)
      #expect(try PlantedTruth.read(path: path, set: "train") == train)
      #expect(try PlantedTruth.read(path: path, set: "test") == test)
      #expect(throws: InputError(file: path, "has no row of the set other")) {
        try PlantedTruth.read(path: path, set: "other")
      }
    }
  }
}

@Suite struct LabeledInputTests {
  @Test func positivesAndShuffles() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/peaks.fa"
      try AtomicFile.write(">a\nACGTACATGCA\n>b\nACTGACGTTAC\n", to: path)
      let set = try LabeledInput(positives: path, seed: 1).read(requireUniformLength: true)
      #expect(set.labels == [1, 1, 0, 0] && set.sequences.names == ["a", "b", "a_shuffled", "b_shuffled"])
      let rows = (0..<4).map { set.sequences[$0].sorted() }
      #expect(rows[2] == rows[0] && rows[3] == rows[1])
      let other = folder + "/other.tsv"
      try AtomicFile.write("seq\tBound\nAAAAAAAAAAA\t0\n", to: other)
      let both = try LabeledInput(positives: path, negatives: .init(argument: other)).read()
      #expect(
        both.labels == [1, 1, 0] && Nucleotide.string(both.sequences[2]) == "AAAAAAAAAAA"
          && both.sequences.names.isEmpty)
      let message = "\(other): sequence seq1 has the label 0 in a file of positives"
      #expect(
        performing: { try LabeledInput(positives: other).read() }, throws: { "\($0)" == message })
      try AtomicFile.write("seq\nAAAA\n", to: other)
      let length = "\(other): line 2: the sequence has 4 bases where 11 are expected"
      #expect(
        performing: {
          try LabeledInput(positives: path, negatives: .file(other)).read(requireUniformLength: true)
        }, throws: { "\($0)" == length })
    }
  }
}

@Suite struct SplitsTests {
  /// Three classes of 60, 30 and 10, mixed.
  @Test func manyClassesStayInProportion() {
    let labels = (0..<100).map { $0 * 37 % 100 }.map { $0 < 60 ? 0 : $0 < 90 ? 1 : 2 }
    for part in Splits.kFold(labels: labels, folds: 5, seed: 1) {
      #expect((0..<3).map { label in part.test.count { labels[$0] == label } } == [12, 6, 2])
    }
    let pairs = (0..<100).map { $0 / 2 }
    for part in Splits.kFold(labels: labels, folds: 5, groups: pairs, seed: 1) {
      #expect(Set(part.test.map { pairs[$0] }).isDisjoint(with: part.train.map { pairs[$0] }))
      #expect((17...23).contains(part.test.count))
    }
  }

  /// 70 negatives, 30 positives, mixed.
  static let labels: [UInt8] = (0..<100).map { $0 * 37 % 100 < 30 ? 1 : 0 }

  @Test func stratified() {
    let parts = Splits.stratified(labels: Self.labels, fractions: [0.8, 0.1, 0.1], seed: 4)
    #expect(parts.map(\.count) == [80, 10, 10])
    #expect(parts.map { $0.count { Self.labels[$0] == 1 } } == [24, 3, 3])
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<100))
    #expect(parts == Splits.stratified(labels: Self.labels, fractions: [8, 1, 1], seed: 4))
    #expect(parts != Splits.stratified(labels: Self.labels, fractions: [8, 1, 1], seed: 5))
    #expect(Splits.stratified(labels: [1, 0, 1], fractions: [1, 0], seed: 0).map(\.count) == [3, 0])
  }

  @Test(arguments: [2, 7, 20, 100]) func kFold(folds: Int) {
    let parts = Splits.kFold(labels: Self.labels, folds: folds, seed: 4)
    #expect(parts.flatMap(\.test).sorted() == Array(0..<100))
    for part in parts {
      #expect((part.train + part.test).sorted() == Array(0..<100))
      #expect(abs(Double(part.test.count) - 100 / Double(folds)) < 1)
      let positives = part.test.count { Self.labels[$0] == 1 }
      #expect(abs(Double(positives) - 30 / Double(folds)) <= 1)
    }
  }

  /// A hundred sequences of 70 groups: those of the same number modulo 70.
  @Test(arguments: [2, 3, 5, 10]) func groupsAreNeverDivided(folds: Int) {
    let groups = (0..<100).map { $0 % 70 }
    let parts = Splits.kFold(labels: Self.labels, folds: folds, groups: groups, seed: 4)
    #expect(parts.flatMap(\.test).sorted() == Array(0..<100))
    for part in parts {
      #expect(Set(part.test.map { groups[$0] }).isDisjoint(with: part.train.map { groups[$0] }))
      #expect(abs(Double(part.test.count) - 100 / Double(folds)) <= 2)
      #expect(abs(Double(part.test.count { Self.labels[$0] == 1 }) - 30 / Double(folds)) <= 2)
    }
    let fold = Splits.holdOut(labels: Self.labels, share: 0.2, groups: groups, seed: 4)
    #expect((fold.train + fold.test).sorted() == Array(0..<100) && abs(fold.test.count - 20) <= 2)
    #expect(Set(fold.test.map { groups[$0] }).isDisjoint(with: fold.train.map { groups[$0] }))
    #expect(Splits.holdOut(labels: Self.labels, share: 0.2, seed: 4).test.count == 20)
  }

  @Test func groupsOfSequences() throws {
    var set = SequenceSet()
    for (name, text) in [
      ("chr1:1-6", "ACGTTA"), ("chr2:1-6", "TAACGT"), ("chr1:9-14", "ACGTTC"), ("chrX:1-6", "ACGTTA"),
      ("chr2:7-9", "NNA"), ("chr1:3-5", "TNN"),
    ] {
      set.append(Nucleotide.codes(text)!, name: name)
    }
    #expect(set.duplicateGroups == [0, 0, 1, 0, 2, 2])
    #expect(try set.chromosomeGroups() == [0, 1, 0, 2, 1, 0])
    // Names of bedtools and of shuffles lead to the same chromosomes.
    var others = SequenceSet()
    for name in ["peak7::chr1:1-6(+)", "hg38:chr2:1-6", "chr1:9-14_shuffled"] {
      others.append([0], name: name)
    }
    #expect(try others.chromosomeGroups() == [0, 1, 0])
    set.append([0, 1], name: "peak7")
    let error = #expect(throws: InputError.self) { try set.chromosomeGroups(file: "peaks.fa") }
    #expect(
      error?.description
        == "peaks.fa: sequence peak7 has no chromosome in its name; expected a name like chr1:1000-1100")
  }

  @Test(arguments: [1, 4]) func theFirstFailureInOrderIsThrown(threads: Int) throws {
    let numbers = try Parallel.tryMap(20, threads: threads) { $0 * $0 }
    #expect(numbers == (0..<20).map { $0 * $0 })
    let error = #expect(throws: InputError.self) {
      try Parallel.tryMap(20, threads: threads) { task in
        if task % 7 == 6 { throw InputError("task \(task)") }
      }
    }
    #expect(error?.reason == "task 6")
  }
}
