import Runtime
import Sequences

/// Activations of the first convolution's filters over all positions of a block of sequences.
public struct FilterMaps {
  /// Positions of the convolution, length − kernelSize + 1 without padding.
  public let positions: Int
  public let filters: Int
  /// Floats from one position to the next.
  package let stride: Int
  /// (sequences, positions, stride): filter `f` of position `p` of the block's sequence `s` is at
  /// `(s · positions + p) · stride + f`.
  package let values: UnsafePointer<Float>

  public subscript(sequence: Int, position: Int, filter: Int) -> Float {
    values[(sequence * positions + position) * stride + filter]
  }
}

extension Network {
  /// Runs the first convolution over all sequences, a block of at most `blockSize` at a time, and gives what `body` makes
  /// of each block, in order. Values are pre-activations (weights · sequence + bias), or after the layer's ReLU where `rectified`.
  ///
  /// - Throws: `InputError` if the first layer is no plain convolution (stride and dilation 1), or a sequence has another
  ///   length than the network takes.
  public func filterMaps<Result: Sendable>(
    of sequences: SequenceSet, rectified: Bool = false, blockSize: Int = 128, threads: Int = Parallel.threads,
    _ body: @Sendable (_ maps: FilterMaps, _ indices: Range<Int>) -> Result
  ) throws -> [Result] {
    try requireLength(of: sequences)
    let first = try firstConvolution()
    var layer = first
    layer.activation = rectified ? .relu : .linear
    // A filter that scores both strands is read along the given one.
    layer.reverseComplement = nil
    let length = architecture.input.length
    let architecture = try Architecture(input: architecture.input, layers: [.convolution1D(layer)])
    let network = Network(
      architecture: architecture, parameters: Array(parameters.prefix(architecture.parameterCount)))
    let engine = Engine(network, threads: threads)
    let blocks = (sequences.count + blockSize - 1) / blockSize
    let workspaces = (0..<max(1, min(threads, blocks))).map { _ in
      Workspace(engine: engine, capacity: min(blockSize, max(1, sequences.count)), training: false)
    }
    let shape = engine.steps[0].output
    return Parallel.map(blocks, threads: threads) { worker, block in
      let work = workspaces[worker]
      let indices = block * blockSize..<min(sequences.count, (block + 1) * blockSize)
      sequences.codes.withUnsafeBufferPointer { codes in
        for (slot, index) in indices.enumerated() {
          work.load(codes.baseAddress! + index * length, slot: slot)
        }
      }
      engine.forward(work, count: indices.count, training: false)
      let maps = FilterMaps(
        positions: shape.length, filters: shape.channels, stride: shape.stride,
        values: work.outputs[0])
      return body(maps, indices)
    }
  }

  /// The first layer, which must be a convolution of all four bases with stride and dilation 1.
  public func firstConvolution() throws -> Convolution1D {
    guard case .convolution1D(let layer) = architecture.layers[0].kind, layer.stride == 1,
      layer.dilation == 1,
      layer.groups == 1
    else {
      throw InputError("the network does not begin with a plain convolution, so it has no filters to read")
    }
    return layer
  }

  /// A filter of the first convolution.
  ///
  /// - Throws: `InputError` unless the network begins with a plain convolution.
  public func filter(_ filter: Int) throws -> FilterWeights {
    let layer = try firstConvolution()
    let kernel = values(architecture.tensor(0, .kernel)!)
    let weights = (0..<layer.kernelSize).map { position in
      (0..<4).map { base in kernel[kernel.startIndex + (position * 4 + base) * layer.filters + filter] }
    }
    let bias = architecture.tensor(0, .bias).map { parameters[$0.offset + filter] } ?? 0
    return FilterWeights(weights: weights, bias: bias)
  }
}

/// What a filter of the first convolution multiplies bases by.
public struct FilterWeights: Sendable {
  /// [position][A C G T].
  public let weights: [[Float]]
  public let bias: Float
}
