import NeuralNetworks
import Runtime
import Sequences
import Statistics

extension Network {
  /// Pearson correlation of a convolution's activations, filter by filter, (F, F) row-major, over all positions of all
  /// sequences. A filter whose activation never changes has correlation 0 with all others.
  public func activationCorrelation(
    of sequences: SequenceSet, layer: Int = 0, threads: Int = Parallel.threads
  ) throws -> [Double] {
    let sequences = layer == 0 ? strands(of: sequences) : sequences
    let moments = try foldingNormalization().activations(sequences, layer: layer, threads: threads) {
      block, indices in
      var moments = Moments(block.filters)
      moments.add(block.values, rows: indices.count * block.positions, stride: block.stride)
      return moments
    }
    var total = Moments(try convolution(layer).filters)
    for moments in moments { total.add(moments) }
    return total.correlation
  }
}

extension FilterActivity {
  /// Pearson correlation of the filters' largest activations in each sequence, (F, F) row-major.
  ///
  /// Filters that see the same motif at different offsets agree here, though not position by position.
  public var correlationOfMaxima: [Double] {
    var moments = Moments(filters)
    let stride = (filters + 15) / 16 * 16
    // A row a sequence, padded as the kernels want it.
    for first in Swift.stride(from: 0, to: sequences, by: 1024) {
      let count = min(1024, sequences - first)
      var rows = [Float](repeating: 0, count: count * stride)
      for row in 0..<count {
        for filter in 0..<filters {
          rows[row * stride + filter] = sequenceMaxima[(first + row) * filters + filter]
        }
      }
      rows.withUnsafeBufferPointer { moments.add($0.baseAddress!, rows: count, stride: stride) }
    }
    return moments.correlation
  }
}
