// Says which bases a prediction comes from, draws the first sequence and writes all values for NumPy.
//
//   swift run -c release ExplainModel [MODEL SEQUENCES]
import MotifKit

let arguments = Array(CommandLine.arguments.dropFirst())
let network: Network
let sequences: SequenceSet
if arguments.count >= 2 {
  network = try Model.read(arguments[0]).network
  sequences = try SequenceSet(contentsOf: arguments[1])
} else {
  let set = try PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows, count: 4000).run()
  sequences = set.sequences.subset(Array(0..<20))
  let untrained = Network(input: .dna(length: 100)) {
    Convolution1D(filters: 16, kernelSize: 12, activation: .relu)
    GlobalMaxPooling1D()
    Dense(1)
  }
  network = try untrained.trained(on: DataSet(set.labeled)).network
}

// Explaining begins
// DeepLIFT against twenty shuffles of each sequence that keep its dinucleotides.
let attributions = try network.attributions(
  .deepSHAP(reference: .dinucleotideShuffles(20)), of: sequences)
let length = attributions.length
for index in 0..<min(5, attributions.count) {
  let scores = attributions.scores[index * length..<(index + 1) * length]
  let top = scores.indices.max { scores[$0] < scores[$1] }! - scores.startIndex
  print(sequences.name(index), "the base that says yes most is number", top + 1)
}
let letters = (0..<length).map { position in
  (0..<4).map { Double(attributions[0, $0, position]) }
}
try SequenceLogo(heights: letters, title: sequences.name(0), yLabel: "DeepSHAP")
  .figure().write(to: "explanation.svg")
try attributions.write(to: "explanation.npz")
// Explaining ends
