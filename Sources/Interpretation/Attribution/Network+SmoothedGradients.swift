import Foundation
import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// The mean gradient of `samples` copies of each sequence, whose (L, 4) inputs have normal noise added, (N, 4, L).
  ///
  /// Noise is Box and Muller's: √(−2 ln u)·cos 2πv and ·sin 2πv for uniform u and v, two numbers after each other.
  func smoothedGradients(
    _ sequences: SequenceSet, samples: Int, noise: Double, _ options: AttributionOptions, threads: Int
  ) -> [Float] {
    let length = architecture.input.length
    let seed = unitSeed(options.output, outputs: architecture.outputCount, count: samples)
    let (key, first) = (options.seed, options.first)
    return trace(
      count: sequences.count * samples, blockSize: samples, threads: threads,
      input: { item, values in
        let index = item / samples
        values = oneHotRows(sequences[index])
        var random = CounterRandom(
          seed: key, purpose: .sampling, epoch: item % samples, index: first + index)
        for pair in stride(from: 0, to: values.count, by: 2) {
          let (radius, angle) = ((-2 * log(1 - random.uniform())).squareRoot(), 2 * .pi * random.uniform())
          values[pair] += Float(noise * radius * cos(angle))
          values[pair + 1] += Float(noise * radius * sin(angle))
        }
      }
    ) { trace, _ -> [Float] in
      trace.backward(seed: seed)
      let gradients = trace.inputGradient
      let size = 4 * length
      let mean = (0..<size).map { place in
        Float((0..<samples).reduce(0.0) { $0 + Double(gradients[$1 * size + place]) } / Double(samples))
      }
      return channelsFirst(mean, length: length)
    }.flatMap { $0 }
  }

  /// The gradient where no ReLU lets a negative one pass, (N, 4, L).
  func guidedGradients(_ sequences: SequenceSet, _ options: AttributionOptions, threads: Int) throws
    -> [Float]
  {
    let network = try separatingActivations(forDeepSHAP: false)
    let length = architecture.input.length
    let outputs = architecture.outputCount
    return try network.trace(of: sequences, threads: threads) { trace, indices in
      trace.backward(seed: unitSeed(options.output, outputs: outputs, count: indices.count)) { layer in
        guard case .elementwise(.relu) = network.architecture.facts[layer].response else { return nil }
        return zip(trace.input(layer: layer), trace.gradient(layer: layer)).map { $0 > 0 ? max($1, 0) : 0 }
      }
      return channelsFirst(trace.inputGradient, length: length)
    }.flatMap { $0 }
  }
}
