import Evaluation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Testing

@Suite struct GradingTests {
  /// Golden numbers: Golden/audit.py.
  @Test func scoresOfOneSequence() throws {
    let values: [Float] = [0.1, 0.5, 0.5, 2.0, 0.0, 0.5, 0.3, 0.0, 1.5, 0.0]
    let scores = try #require(SiteScores(values: values, site: 2..<5))
    #expect(abs(scores.share - 0.4629629629629629) < 1e-7)
    #expect(abs(scores.auroc - 0.619047619047619) < 1e-12)
    #expect(abs(scores.averagePrecision - 0.5666666666666667) < 1e-12)
    #expect(scores.expectedShare == 0.3)
    #expect(
      SiteScores(values: values, site: 0..<10) == nil && SiteScores(values: values, site: 10..<12) == nil)
  }

  /// A filter that is FOXO1 itself.
  private static let network: Network = {
    let architecture = try! Architecture(
      input: .dna(length: 60),
      layers: [
        .convolution1D(Convolution1D(filters: 1, kernelSize: 12, activation: .relu)), .globalMaxPooling1D,
        .dense(Dense(1)),
      ])
    let kernel = Motif.foxo1.weights().values.map(Float.init)
    return Network(architecture: architecture, parameters: kernel + [0, 1, -5])
  }()

  @Test func networkThatIsTheMotif() throws {
    let set = try PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows, count: 80, length: 60).run()
    let grading = try AttributionGrading(
      Self.network, of: set.sequences, sites: set.sites, motif: Motif.foxo1.frequencies)
    #expect(grading.sequences == 40 && grading.expectedShare == 0.2 && grading.unsuited.isEmpty)
    #expect(grading.grades.map(\.method) == GradedMethod.all.map(\.name))
    for grade in grading.grades where !grade.method.contains("cam") {
      #expect(grade.auroc.value > 0.85, "\(grade.method)")
      #expect(grade.informationCorrelation!.value > 0.4, "\(grade.method)")
    }
    // Only methods with references promise a sum.
    let promised = grading.grades.filter { $0.completenessError != nil }
    #expect(promised.map(\.method) == ["integrated-gradients", "deepshap", "expected-gradients"])
    #expect(promised[1].completenessError! < 1e-5 && promised[0].completenessError! < 0.1)
  }

  @Test func withoutSites() throws {
    let set = try PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows, count: 4, length: 60).run()
    #expect(throws: InputError.self) {
      try AttributionGrading(
        Self.network, of: set.sequences, sites: set.sites.map { _ in .none },
        motif: Motif.foxo1.frequencies)
    }
  }
}
