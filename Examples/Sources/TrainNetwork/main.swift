// Trains a small network and writes it as a model file.
//
//   swift run -c release TrainNetwork [TABLE] [MODEL]
//
// TABLE has a column of sequences and one of labels, 0 or 1; without it sequences are simulated.
import MotifKit

let arguments = CommandLine.arguments.dropFirst()

// First network begins
let data: DataSet
if let path = arguments.first {
  data = try DataSource(table: path).read()
} else {
  // Random sequences, half of them with a FOXO1 site in the middle.
  let simulation = try PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows, count: 4000)
  data = try DataSet(simulation.run().labeled)
}
let split = Splits.stratified(labels: data.labels, fractions: [0.8, 0.2], seed: 1)
let (train, test) = (data.subset(split[0]), data.subset(split[1]))

let network = Network(input: .dna(length: train.sequences[0].count)) {
  Convolution1D(filters: 32, kernelSize: 12, activation: .relu)
  GlobalMaxPooling1D()
  Dense(1)
}
var options = TrainingOptions()
options.epochs = 10
let trained = try network.trained(on: train, options: options).network

let metrics = try ObjectiveMetrics(logits: trained.logits(of: test.sequences), on: test)
for metric in test.objective.metrics {
  if let value = metrics.value(metric) { print(metric.name, value) }
}
// First network ends

if let path = arguments.dropFirst().first {
  try Model(trained, objective: train.objective).write(to: path)
}
