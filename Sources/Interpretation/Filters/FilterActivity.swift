internal import CKernels
import NeuralNetworks
import Runtime
import Sequences

/// How much each filter of a convolution fires on a set of sequences (after the activation function).
public struct FilterActivity: Sendable {
  /// Number of filters, F.
  public let filters: Int
  /// Number of sequences, N; each strand counts as one where the first convolution scores both.
  public let sequences: Int
  /// Positions of the convolution in each sequence.
  public let positions: Int
  /// Largest activation of each filter, (F); 0 without sequences.
  public internal(set) var maximum: [Float]
  /// Smallest activation of each filter, (F).
  public internal(set) var minimum: [Float]
  /// Mean activation over all positions of all sequences, (F).
  public internal(set) var mean: [Double]
  /// Positions at which the activation is above zero, (F).
  public internal(set) var activePositions: [Int]
  /// Sequences with an activation above zero, (F).
  public internal(set) var activeSequences: [Int]
  /// Largest activation of each filter in each sequence, (N, F) row-major.
  public internal(set) var sequenceMaxima: [Float]

  /// Share of all positions at which `filter` is active.
  public func fractionOfPositions(_ filter: Int) -> Double {
    Double(activePositions[filter]) / Double(max(1, sequences * positions))
  }

  /// Share of the sequences in which `filter` is active anywhere.
  public func fractionOfSequences(_ filter: Int) -> Double {
    Double(activeSequences[filter]) / Double(max(1, sequences))
  }
}

extension Network {
  /// One pass over `sequences`: maximum, mean and share of active positions of each filter of a convolution, after the
  /// normalizations and the activation function that come straight after it.
  ///
  /// - Parameter layer: Index of the convolution among the layers.
  /// - Throws: `InputError` if the layer is no convolution or a sequence has another length than the network takes.
  public func filterActivity(
    of sequences: SequenceSet, layer: Int = 0, threads: Int = Parallel.threads
  ) throws -> FilterActivity {
    let sequences = layer == 0 ? strands(of: sequences) : sequences
    let blocks = try foldingNormalization().activations(sequences, layer: layer, threads: threads) {
      block, indices in BlockActivity(block, sequences: indices.count)
    }
    let shape = (length: architecture.shapes[layer].length, channels: try convolution(layer).filters)
    let zeros = [Int](repeating: 0, count: shape.channels)
    var result = FilterActivity(
      filters: shape.channels, sequences: sequences.count, positions: shape.length,
      maximum: blocks.first?.maximum ?? zeros.map(Float.init),
      minimum: blocks.first?.minimum ?? zeros.map(Float.init),
      mean: zeros.map(Double.init), activePositions: zeros, activeSequences: zeros, sequenceMaxima: [])
    result.sequenceMaxima.reserveCapacity(sequences.count * shape.channels)
    for block in blocks {
      for filter in 0..<shape.channels {
        result.maximum[filter] = max(result.maximum[filter], block.maximum[filter])
        result.minimum[filter] = min(result.minimum[filter], block.minimum[filter])
        result.mean[filter] += block.sum[filter]
        result.activePositions[filter] += block.active[filter]
      }
      result.sequenceMaxima += block.sequenceMaxima
    }
    for filter in 0..<shape.channels {
      result.mean[filter] /= Double(max(1, sequences.count * shape.length))
    }
    for (index, value) in result.sequenceMaxima.enumerated() where value > 0 {
      result.activeSequences[index % shape.channels] += 1
    }
    return result
  }
}

/// The activity in one block: floats within a sequence, doubles across sequences.
private struct BlockActivity: Sendable {
  var maximum: [Float]
  var minimum: [Float]
  var sum: [Double]
  var active: [Int]
  var sequenceMaxima: [Float] = []

  init(_ block: ActivationBlock, sequences: Int) {
    let filters = block.filters
    maximum = Array(repeating: -.infinity, count: filters)
    minimum = Array(repeating: .infinity, count: filters)
    sum = Array(repeating: 0, count: filters)
    active = Array(repeating: 0, count: filters)
    sequenceMaxima.reserveCapacity(sequences * filters)
    // Of one sequence.
    var highest = [Float](repeating: 0, count: block.stride)
    var lowest = highest
    var total = highest
    var above = [Int32](repeating: 0, count: block.stride)
    for sequence in 0..<sequences {
      ActivityKernels.best.table.pointee.measure(
        Int32(block.positions), Int32(block.stride), block.map(sequence), &highest, &lowest, &total, &above)
      for filter in 0..<filters {
        maximum[filter] = max(maximum[filter], highest[filter])
        minimum[filter] = min(minimum[filter], lowest[filter])
        sum[filter] += Double(total[filter])
        active[filter] += Int(above[filter])
      }
      sequenceMaxima += highest.prefix(filters)
    }
  }
}
