import NeuralNetworks
import Runtime
import Sequences
import Testing

/// Sequences come from users: one that does not fit the network is an error wherever sequences are taken.
@Suite struct SequenceLengthTests {
  private let network = Network(input: .dna(length: 5)) {
    Convolution1D(filters: 2, kernelSize: 3, activation: .relu)
    GlobalMaxPooling1D()
    Dense(1)
  }
  private let sequences = SequenceSet(
    codes: [0, 1, 2, 3, 0, 3, 3, 3], starts: [0, 5, 8], names: ["fits", "short"])
  private let error = InputError("short has 3 bases, but the network takes 5")

  @Test func readingANetworkThrows() {
    #expect(throws: error) { try network.logits(of: sequences) }
    #expect(throws: error) { try network.finiteLogits(of: sequences) }
    #expect(throws: error) { try network.probabilities(of: sequences) }
    #expect(throws: error) { try network.trace(of: sequences) { trace, _ in trace.count } }
    #expect(throws: error) { try network.filterMaps(of: sequences) { maps, _ in maps.positions } }
    #expect(throws: error) { try network.stepTimes(of: sequences) }
  }

  @Test func trainingANetworkThrows() throws {
    let set = try DataSet(sequences, labels: [0, 1])
    #expect(throws: error) { try network.trained(on: set) }
    let trainer = try Trainer(network, options: TrainingOptions())
    #expect(throws: error) { try trainer.trainEpoch(on: set) }
    let fitting = try DataSet(sequences.subset([0, 0]), labels: [0, 1])
    #expect(throws: error) { try trainer.trainEpoch(on: fitting, validation: set) }
    #expect(throws: InputError("there is no sequence to train on")) {
      try trainer.trainEpoch(on: fitting.subset([]))
    }
  }

  @Test func noSequencesHaveNoOutputs() throws {
    let none = sequences.subset([])
    #expect(try network.logits(of: none).isEmpty)
    #expect(try network.trace(of: none) { trace, _ in trace.count }.isEmpty)
    #expect(try network.filterMaps(of: none) { maps, _ in maps.positions }.isEmpty)
  }
}
