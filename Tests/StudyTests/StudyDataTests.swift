import Foundation
import Genomes
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Study
import TestSupport
import Testing

@Suite struct StudyDataTests {
  /// Without a part held out for validation.
  private func options(_ files: StudyFiles) -> StudyOptions {
    var options = StudyOptions(source: .files(files))
    options.training.earlyStopping = nil
    return options
  }

  private func strings(_ set: DataSet) -> [String] {
    (0..<set.count).map { Nucleotide.string(set.sequences[$0]) }
  }

  @Test func simulatedSitesStandWhereTheTruthSays() throws {
    let data = try StudyData(StudyOptions(source: .simulation(motif: .foxo1, count: 60, length: 40)))
    #expect(data.train.count == 30 && data.test.count == 30 && data.length == 40)
    #expect(data.train.positiveCount == 15 && data.test.positiveCount == 15)
    let planted = try #require(data.planted)
    for (label, site) in zip(data.test.labels, planted.testSites) {
      #expect(site.start == (label == 1 ? 14 : nil))
    }
    let scattered = try #require(data.scattered)
    #expect(scattered.count == 30 && scattered.positiveCount == 15 && data.validation == nil)
    #expect(Set(strings(scattered)).isDisjoint(with: strings(data.train) + strings(data.test)))
  }

  @Test func positivesAloneGetShufflesAndKeepAThirdForTesting() throws {
    try withTemporaryDirectory { folder in
      var random = CounterRandom(seed: 1, purpose: .simulation)
      let peaks = (0..<30).map { _ in String((0..<20).map { _ in "ACGT".randomElement(using: &random)! }) }
      let path = "\(folder)/peaks.fa"
      try peaks.enumerated().map { ">p\($0)\n\($1)\n" }.joined()
        .write(toFile: path, atomically: false, encoding: .utf8)
      let data = try StudyData(options(StudyFiles(data: [path])))
      #expect(data.train.count == 40 && data.train.positiveCount == 20)
      #expect(data.test.count == 20 && data.test.positiveCount == 10)
      let positives = (strings(data.train).prefix(20) + strings(data.test).prefix(10)).sorted()
      #expect(positives == peaks.sorted())
      func composition(_ texts: some Sequence<String>) -> [String] {
        texts.map { String($0.sorted()) }.sorted()
      }
      // Each negative is a shuffle of a positive of the same set.
      #expect(
        composition(strings(data.train).suffix(20)) == composition(strings(data.train).prefix(20)))
      #expect(composition(strings(data.test).suffix(10)) == composition(strings(data.test).prefix(10)))
      #expect(data.scattered == nil && data.validation == nil)
      // A tenth of the training sequences, classes in proportion, says when to stop.
      let held = try StudyData(StudyOptions(source: .files(StudyFiles(data: [path]))))
      #expect(strings(held.test) == strings(data.test))
      let validation = try #require(held.validation)
      #expect(validation.count == 4 && validation.positiveCount == 2 && held.train.count == 36)
      #expect((strings(held.train) + strings(validation)).sorted() == strings(data.train).sorted())
    }
  }

  @Test func lengthTakesTheMiddle() throws {
    try withTemporaryDirectory { folder in
      let path = "\(folder)/mixed.csv"
      try "seq,label\nAACCGGTTA,1\nCCATTT,0\nAGTCATA,1\nTCATGTTA,0\nAAAC,1\nGGGA,0\n"
        .write(toFile: path, atomically: false, encoding: .utf8)
      let data = try StudyData(options(StudyFiles(data: [path], length: 4)))
      #expect(data.length == 4 && data.train.count == 4 && data.test.count == 2)
      #expect(
        (strings(data.train) + strings(data.test)).sorted() == [
          "AAAC", "ATGT", "CATT", "CCGG", "GGGA", "GTCA",
        ])
      #expect(
        throws: InputError(
          file: path, line: 3,
          "the sequence has 6 bases where the one in line 2 has 9; all must have the same length"
            + " (--length N takes N bases from the middle of each)")
      ) { try StudyData(options(StudyFiles(data: [path]))) }
      #expect(
        throws: InputError(file: path, "sequence seq2 has 6 bases, fewer than the 7 asked for")
      ) { try StudyData(options(StudyFiles(data: [path], length: 7))) }
    }
  }

  @Test func filesThatDoNotGoTogether() throws {
    try withTemporaryDirectory { folder in
      let (table, fasta) = ("\(folder)/a.csv", "\(folder)/b.fa")
      try "seq,label\nACGT,1\nACGA,0\n".write(toFile: table, atomically: false, encoding: .utf8)
      try ">a\nACGT\n".write(toFile: fasta, atomically: false, encoding: .utf8)
      #expect(throws: InputError(file: fasta, "has no labels, \(table) has")) {
        try StudyData(options(StudyFiles(data: [table, fasta])))
      }
      #expect(throws: InputError(file: fasta, "is not needed: \(table) has sequences of both classes")) {
        try StudyData(options(StudyFiles(data: [table], negatives: .file(fasta))))
      }
      #expect(throws: InputError(file: fasta, "holds too few sequences to keep a third for testing")) {
        try StudyData(options(StudyFiles(data: [fasta])))
      }
    }
  }

  @Test func copiesOfASequenceStayTogether() throws {
    try withTemporaryDirectory { folder in
      var random = CounterRandom(seed: 2, purpose: .simulation)
      let peaks = (0..<40).map { _ in String((0..<20).map { _ in "ACGT".randomElement(using: &random)! }) }
      let path = "\(folder)/thrice.csv"
      let rows = (0..<3).flatMap { _ in peaks.enumerated().map { "\($1),\($0 % 2)\n" } }
      try ("seq,label\n" + rows.joined()).write(toFile: path, atomically: false, encoding: .utf8)
      let data = try StudyData(StudyOptions(source: .files(StudyFiles(data: [path]))))
      let sets = [data.train, try #require(data.validation), data.test].map { Set(strings($0)) }
      #expect(sets.map(\.count).reduce(0, +) == 40 && sets[0].union(sets[1]).union(sets[2]).count == 40)
      #expect((36...42).contains(data.test.count))
    }
  }

  @Test func chromosomesThatAreNamed() throws {
    try withTemporaryDirectory { folder in
      var random = CounterRandom(seed: 4, purpose: .simulation)
      let path = "\(folder)/windows.tsv"
      let rows = (0..<60).map { index in
        let text = String((0..<20).map { _ in "ACGT".randomElement(using: &random)! })
        return "chr\(index % 5 + 1):\(100 * index)-\(100 * index + 20)\t\(text)\t\(index % 2)\n"
      }
      try ("name\tseq\tlabel\n" + rows.joined()).write(toFile: path, atomically: false, encoding: .utf8)
      func chromosomes(_ set: DataSet?) -> Set<String> {
        Set((set?.sequences.names ?? []).map { String($0.prefix { $0 != ":" }) })
      }
      let split = try ChromosomeSplit(train: ["chr1", "chr2"], validation: ["chr3"], test: ["chr4"])
      let data = try StudyData(StudyOptions(source: .files(StudyFiles(data: [path], chromosomes: split))))
      #expect(chromosomes(data.train) == ["chr1", "chr2"] && chromosomes(data.validation) == ["chr3"])
      #expect(chromosomes(data.test) == ["chr4"] && data.test.count == 12)
      #expect(data.origin.contains("chr4 is held out for testing"))
      // Those of no part are left out where a part is named to train on, and trained on otherwise.
      let rest = try StudyData(
        StudyOptions(
          source: .files(StudyFiles(data: [path], chromosomes: ChromosomeSplit(test: ["chr4", "chr5"])))))
      #expect(chromosomes(rest.train).union(chromosomes(rest.validation)) == ["chr1", "chr2", "chr3"])
      #expect(rest.test.count == 24)
    }
  }
}
