// Reads the filters of a network's first convolution as motifs and names them.
//
//   swift run -c release FiltersToMotifs [MODEL SEQUENCES [MOTIFS]]
//
// MODEL is a file of MotifKit, Keras, PyTorch or ONNX; SEQUENCES a FASTA file or a table; MOTIFS known motifs in any
// common format. Without arguments a network is trained on simulated sequences.
import MotifKit

let arguments = Array(CommandLine.arguments.dropFirst())
let network: Network
let sequences: SequenceSet
if arguments.count >= 2 {
  network = try Model.read(arguments[0]).network
  sequences = try SequenceSet(contentsOf: arguments[1])
} else {
  let set = try PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows, count: 4000).run()
  sequences = set.sequences
  let untrained = Network(input: .dna(length: 100)) {
    Convolution1D(filters: 16, kernelSize: 12, activation: .relu)
    GlobalMaxPooling1D()
    Dense(1)
  }
  network = try untrained.trained(on: DataSet(set.labeled)).network
}
let known = try arguments.count > 2 ? Motif.read(path: arguments[2]) : [.foxo1]

let motifs = try network.filterMotifs(of: sequences, rule: .halfMax).compactMap { $0.motif() }
guard !motifs.isEmpty else { fatalError("no filter has a motif") }
let result = try Comparison(threshold: .pValue(1)).compare(
  motifs, known, null: .automatic(targets: known.count))
for (motif, match) in zip(motifs, result.best) {
  let name = match.map { "\(result.target($0).displayName)  p = \($0.pValue)" } ?? "too wide to be compared"
  print(motif.identifier, motif.frequencies.consensus(), name)
}
try MotifFile(motifs: motifs).write(to: "filters.meme")
