import Evaluation
import Foundation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Testing

/// GATTACA, each letter almost sure.
private let motif: Motif = {
  let letters = Nucleotide.codes("GATTACA")!
  let rows = letters.map { letter in (0..<4).map { $0 == Int(letter) ? 0.97 : 0.01 } }
  return Motif(identifier: "GATTACA", frequencies: FrequencyMatrix(rows: rows), sites: 100)
}()

private let length = 60

/// Counts letters of GATTACA at its best place.
private func motifNetwork() -> Network {
  let architecture = try! Architecture(
    input: .dna(length: length),
    layers: [
      .convolution1D(Convolution1D(filters: 1, kernelSize: 7, activation: .relu)), .globalMaxPooling1D,
      .dense(Dense(1)),
    ])
  var kernel = [Float](repeating: 0, count: 28)
  for (position, letter) in Nucleotide.codes("GATTACA")!.enumerated() {
    kernel[4 * position + Int(letter)] = 1
  }
  return Network(architecture: architecture, parameters: kernel + [0, 2, -11])
}

/// Counts letters of GATTACA at one place only.
private func placeNetwork(start: Int) -> Network {
  let architecture = try! Architecture(input: .dna(length: length), layers: [.flatten, .dense(Dense(1))])
  var weights = [Float](repeating: 0, count: 4 * length)
  for (offset, letter) in Nucleotide.codes("GATTACA")!.enumerated() {
    weights[4 * (start + offset) + Int(letter)] = 2
  }
  return Network(architecture: architecture, parameters: weights + [-8])
}

private func options(_ motif: Motif) -> AuditOptions {
  var options = AuditOptions()
  options.motif = motif
  options.neutralCount = 60
  options.sampleSize = 400
  return options
}

private func verdicts(_ audit: NetworkAudit) -> [String: AuditCheck.Verdict] {
  Dictionary(uniqueKeysWithValues: audit.checks.map { ($0.name, $0.verdict) })
}

@Suite struct AuditTests {
  private let data: DataSet

  init() throws {
    data = try DataSet(
      PlantedSimulation(frequencies: motif.frequencies.rows, count: 600, length: length).run().labeled)
  }

  @Test func networkThatKnowsTheMotif() throws {
    let audit = try NetworkAudit(motifNetwork(), on: data, options: options(motif))
    #expect(audit.passed, "\(audit.checks.filter { $0.verdict == .failed })")
    let verdicts = verdicts(audit)
    for name in [
      "position.move", "position.place", "position.ceiling", "motif.sufficient", "motif.necessary",
    ] {
      #expect(verdicts[name] == .passed, "\(name)")
    }
    let found = try #require(audit.motif)
    #expect(found.planted.start == 26 && abs(found.planted.share - 1) < 0.05)
    #expect(found.response.periodogram?.period == 1)
    // A global maximum over whole windows does not see where the best one is.
    #expect(abs(found.response.preference.value) < 0.05)
    // Both copies hold the same windows of the sequence; only random ones differ.
    #expect(abs(audit.shift.moving.auroc!.difference.value) < 0.005)
  }

  @Test func networkThatReadsOnePlace() throws {
    let audit = try NetworkAudit(placeNetwork(start: 26), on: data, options: options(motif))
    let verdicts = verdicts(audit)
    #expect(!audit.passed)
    #expect(verdicts["position.move"] == .failed && verdicts["position.place"] == .failed)
    let response = try #require(audit.motif).response
    let best = response.sampled.indices.max { response.sampled[$0].value < response.sampled[$1].value }
    #expect(best == 26)
    #expect(audit.shift.curve.first { $0.shift == 0 }!.movedAUROC.value > 0.99)
    #expect(abs(audit.shift.curve.first { $0.shift == 9 }!.movedAUROC.value - 0.5) < 0.1)
  }

  /// The exercise in small: after a pooling layer a network learns the phase of the site, unless sites are scattered.
  @Test(arguments: [(Preset.v2, 0, false), (.v3, 0, true), (.v4, 0, true), (.v5, 0, true), (.v5, 40, false)])
  func leakOfTheExercise(preset: Preset, jitter: Int, isLeak: Bool) throws {
    let model = try PlantedSimulation(
      frequencies: Motif.foxo1.frequencies.rows, count: 6000, jitter: jitter, seed: 1)
    let halves = model.run().halves(seed: 1)
    let (train, test) = (halves.train, halves.test)
    let network = try Network(architecture: preset.architecture(length: 100), seed: 1)
      .trained(on: DataSet(train.labeled)).network
    let audit = try NetworkAudit(network, on: DataSet(test.labeled), options: options(.foxo1))
    let found = verdicts(audit)
    #expect((found["position.move"] == .failed) == isLeak)
    #expect((found["position.place"] == .failed) == isLeak)
    // Planted in the middle, there is a ceiling to compare with.
    #expect((found["position.ceiling"] != nil) == (jitter == 0))
    let periods: [Preset: Int] = [.v2: 1, .v3: 2, .v4: 4, .v5: 8]
    if jitter == 0 { #expect(audit.motif?.response.periodogram?.period == periods[preset]) }
  }

  @Test func sameForAnyNumberOfThreads() throws {
    let one = try NetworkAudit(placeNetwork(start: 20), on: data, options: options(motif), threads: 1)
    let two = try NetworkAudit(placeNetwork(start: 20), on: data, options: options(motif), threads: 3)
    #expect(one.checks == two.checks)
  }

  @Test func duplicatesOnBothStrands() throws {
    func set(_ rows: [String]) -> SequenceSet {
      var set = SequenceSet()
      for letters in rows { set.append(Nucleotide.codes(letters)!) }
      return set
    }
    let found = DuplicateAudit(
      try DataSet(set(["AACC", "GGTT", "AAAA", "ACAC", "ACAC"]), labels: [1, 0, 0, 1, 1]),
      train: set(["TTTT", "CCCC"]))
    #expect(found.positives == 3 && found.negatives == 2)
    #expect(found.duplicates == 2 && found.conflicts == 2 && found.trained == 1)
  }

  @Test func whatDoesNotFit() throws {
    #expect(throws: InputError.self) {
      try NetworkAudit(motifNetwork(), on: data.subset(data.indices(label: 1)))
    }
    let short = try PlantedSimulation(frequencies: motif.frequencies.rows, count: 10, length: 20).run()
    #expect(throws: InputError.self) { try NetworkAudit(motifNetwork(), on: DataSet(short.labeled)) }
  }
}

/// Golden numbers: Golden/audit.py.
@Suite struct AuditStatisticsTests {
  @Test func periodogram() throws {
    let values = (0..<32).map { (place: Int) -> Double in
      let wave: Double = sin(0.7 * Double(place))
      let fourth: Double = place % 4 == 1 ? 2 : 0
      return wave + fourth + 0.3 * Double(place % 2)
    }
    let found = try #require(Periodogram(values))
    let shares = [0.3002163964439099, 0.3621513506888678, 0.15897986298444888]
    for (line, share) in zip(found.lines, shares) {
      let error: Double = abs(line.share - share)
      #expect(error < 1e-12)
    }
    #expect(abs(found.lines[1].pValue / 1.0223886899220901e-88 - 1) < 1e-9)
    #expect(Periodogram([1, 2, 3]) == nil)
    #expect(Periodogram([Double](repeating: 0.1, count: 64))?.period == 1)
  }

  @Test func logisticRegression() {
    let rows: [[Double]] = (0..<40).map { (i: Int) -> [Double] in
      (0..<3).map { (j: Int) -> Double in Double((3 * i + 7 * j) % 11) / 5 }
    }
    let labels: [UInt8] = (0..<40).map { (i: Int) -> UInt8 in (i * i) % 7 < 3 ? 1 : 0 }
    let weights = LogisticRegression(rows, labels).weights
    for (weight, golden) in zip(weights, [1.14014375, -0.19020478, -0.51990146, 0.74955221]) {
      #expect(abs(weight - golden) < 1e-6)
    }
  }
}
