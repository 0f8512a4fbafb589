import Evaluation
import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Report
import Runtime
import Sequences
import Statistics
import Study
import TestSupport
import Testing

/// A small study whose outcome is known: the motif is strong, so the network learns it.
@Suite struct StudyRunTests {
  private static func options() -> StudyOptions {
    var options = StudyOptions(
      source: .simulation(motif: .foxo1, count: 4000, length: 40),
      networks: [
        StudyOptions.NamedNetwork(name: "small") { length in
          try Architecture(
            input: .dna(length: length),
            layers: [
              .convolution1D(Convolution1D(filters: 16, kernelSize: 12, activation: .relu)),
              .globalMaxPooling1D,
              .dense(Dense(1)),
            ])
        }
      ])
    options.training.batchSize = 32
    options.training.learningRate = 0.004
    options.seed = 3
    return options
  }

  @Test func findsWhatWasPlanted() throws {
    try withTemporaryDirectory { folder in
      let study = try Study.run(
        Self.options(), to: "\(folder)/study", Reproduction(arguments: ["run"], seed: 3))
      let network = study.networks[0]
      let ceilings = try #require(study.ceilings)
      // 29 places cannot be told apart; a test set of 2,000 has a standard error of 0.007.
      #expect(ceilings.networks[0].windows == 29 && ceilings.nothing.windows == 29)
      #expect(network.accuracy.value > 0.84)
      #expect(network.accuracy.value < ceilings.networks[0].accuracy.value + 0.03)
      #expect(ceilings.everything.accuracy.value > ceilings.nothing.accuracy.value)
      // One convolution with a global maximum knows nothing of the position.
      #expect(abs(network.accuracy.value - (network.scatteredAccuracy?.value ?? 0)) < 0.04)

      let best = try #require(study.filters.ranking.first)
      let known = try #require(study.filters.known)
      #expect(known.motif.identifier == Motif.foxo1.identifier && known.matches[best]!.pValue < 1e-6)
      #expect(study.filters.matching.contains(best))
      #expect(study.filters.motifs.count == 16 && study.filters.analysis.redundancy.filters == 16)

      #expect(study.pruning.steps.map(\.filters) == [8, 4, 2, 1])
      #expect(study.pruning.half.filters == 8)
      #expect(study.pruning.half.accuracy.value > network.accuracy.value - 0.02)
      #expect(study.pruning.isLosslessEqual)

      for method in AttributionResult.Method.allCases {
        let agreement = try #require(study.attribution.entry(method, network: "small").agreement)
        #expect(abs(agreement.expectedShare - 0.3) < 1e-9 && agreement.share > 0.4, "\(method)")
      }
      #expect(study.attribution.sequences.count == 300)
      #expect(study.attribution.logits == study.attribution.logits.sorted(by: >))

      let read = try Model(contentsOf: "\(folder)/study/models/small.safetensors").network
      #expect(read.parameters == network.network.parameters)
      let motifs = try MotifFile.read(path: "\(folder)/study/motifs/filters.meme").motifs
      #expect(motifs.map(\.identifier) == study.filters.motifs.filter(\.hasMotif).map(\.name))
      let test = try SequenceSet(contentsOf: "\(folder)/study/data/FOXO1_test.csv")
      #expect(try read.logits(of: test) == network.logits)
    }
  }
}
