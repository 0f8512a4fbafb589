import NeuralNetworks
import Sequences

/// Activations of a convolution's filters, after the activation function, for a few sequences.
struct ActivationBlock {
  let positions: Int
  let filters: Int
  /// Floats from one position to the next.
  let stride: Int
  /// (sequences, positions, stride)
  let values: UnsafePointer<Float>

  /// The activations of one sequence, (positions, stride).
  func map(_ sequence: Int) -> UnsafePointer<Float> { values + sequence * positions * stride }
}

extension Network {
  /// What `body` makes of a convolution's activations, block by block, in order. Of a first convolution that scores both
  /// strands these are the scores of the given one.
  ///
  /// Throws `InputError` if the layer is no convolution or a sequence has another length than the network takes.
  func activations<Result: Sendable>(
    _ sequences: SequenceSet, layer: Int, threads: Int,
    _ body: @Sendable (_ block: ActivationBlock, _ indices: Range<Int>) -> Result
  ) throws -> [Result] {
    try requireLength(of: sequences)
    if layer == 0, let function = firstActivation, (try? firstConvolution()) != nil {
      return try firstActivations(sequences, function, threads: threads, body)
    }
    if layer == 0, let single = try singleStranded() {
      return try single.activations(sequences, layer: 0, threads: threads, body)
    }
    _ = try convolution(layer)
    let shape = architecture.shapes[layer]
    let last = activationLayer(of: layer)
    return try trace(of: sequences, threads: threads) { trace, indices in
      trace.withOutput(layer: last) { values, stride in
        body(
          ActivationBlock(positions: shape.length, filters: shape.channels, stride: stride, values: values),
          indices)
      }
    }
  }

  /// The first convolution by itself with the activations that follow, along the given strand only; `nil` where it does not
  /// score both.
  private func singleStranded() throws -> Network? {
    var first = try convolution(0)
    guard first.reverseComplement != nil else { return nil }
    first.reverseComplement = nil
    let functions = architecture.layers[1..<activationLayer(of: 0) + 1].filter {
      if case .activation = $0.kind { true } else { false }
    }
    let single = try Architecture(input: architecture.input, layers: [.convolution1D(first)] + functions)
    return Network(architecture: single, parameters: Array(parameters.prefix(single.parameterCount)))
  }

  private func firstActivations<Result: Sendable>(
    _ sequences: SequenceSet, _ function: Activation, threads: Int,
    _ body: @Sendable (_ block: ActivationBlock, _ indices: Range<Int>) -> Result
  ) throws -> [Result] {
    try filterMaps(
      of: sequences, rectified: function == .relu, blockSize: 64, threads: threads
    ) { maps, indices in
      func block(_ values: UnsafePointer<Float>) -> ActivationBlock {
        ActivationBlock(
          positions: maps.positions, filters: maps.filters, stride: maps.stride, values: values)
      }
      if function == .relu || function == .linear { return body(block(maps.values), indices) }
      let count = indices.count * maps.positions * maps.stride
      let values = UnsafeBufferPointer(start: maps.values, count: count).map {
        Float(function.value(Double($0)))
      }
      return values.withUnsafeBufferPointer { body(block($0.baseAddress!), indices) }
    }
  }
}
