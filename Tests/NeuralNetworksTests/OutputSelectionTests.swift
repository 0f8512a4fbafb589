import NeuralNetworks
import Runtime
import Sequences
import TestSupport
import Testing

/// One output of a network with several.
@Suite struct OutputSelectionTests {
  @Test func outputsAreThoseOfTheWholeNetwork() throws {
    let layers = [
      Layer(Convolution1D(filters: 5, kernelSize: 4, activation: .relu), name: "trunk"),
      Layer(Convolution1D(filters: 2, kernelSize: 3), name: "profile"),
      Layer(GlobalMaxPooling1D(), name: "pooled", inputs: ["trunk"]),
      Layer(Dense(3), name: "classes"),
      Layer(Dense(1), name: "count", inputs: ["pooled"]),
    ]
    let architecture = try Architecture(
      input: .dna(length: 12), layers: layers, outputs: ["profile", "classes", "count"])
    let network = Network(architecture: architecture, seed: 3)
    var random = CounterRandom(seed: 4, purpose: .simulation)
    let sequences = SequenceSet(
      codes: (0..<60).map { _ in UInt8(random.below(5)) }, starts: (0...5).map { $0 * 12 })
    let all = try network.logits(of: sequences)
    let width = architecture.outputCount
    #expect(width == 18)
    for output in [0, 5, 14, 16, 17] {
      let one = try network.selecting(output: output)
      #expect(one.architecture.outputCount == 1)
      #expect(try one.logits(of: sequences) == (0..<5).map { all[$0 * width + output] })
    }
    // Only what is needed stays.
    #expect(try network.selecting(output: 17).architecture.names == ["trunk", "pooled", "count"])
  }
}
