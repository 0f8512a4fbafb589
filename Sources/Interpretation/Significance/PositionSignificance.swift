import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// How rare values as large are where there is nothing to find: positions of an explanation beside those of dinucleotide shuffles.
public struct PositionSignificance: Sendable {
  /// (1 + #{|control| ≥ |value|}) / (1 + controls) over the positions of all shuffles, (N, L).
  public let pValues: [Double]
  /// After Benjamini & Hochberg 1995 over all positions, (N, L).
  public let qValues: [Double]

  /// - Parameters:
  ///   - values: one a position, of any sign.
  ///   - controls: of positions without signal, at least one.
  public init(values: [Float], controls: [Float]) {
    precondition(!controls.isEmpty, "positions without signal")
    let sorted = controls.map(abs).sorted()
    pValues = values.map { value in
      // The first that is as large.
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] < abs(value) { low = middle + 1 } else { high = middle }
      }
      return Double(1 + sorted.count - low) / Double(1 + sorted.count)
    }
    qValues = FalseDiscovery.benjaminiHochberg(pValues)
  }
}

extension Network {
  /// The significance of each position of an explanation; see `PositionSignificance`.
  ///
  /// - Parameters:
  ///   - shuffles: of each sequence, whose positions are the controls.
  /// - Throws: As `explanation(_:of:options:layer:isRectified:threads:)`, or if there is no sequence or no shuffle.
  public func significance(
    of method: ExplanationMethod, of sequences: SequenceSet, options: AttributionOptions = .init(),
    layer: Int? = nil, shuffles: Int, threads: Int = Parallel.threads
  ) throws -> PositionSignificance {
    guard shuffles > 0, sequences.count > 0 else {
      throw InputError("p-values of positions need a sequence and a shuffle of it at least")
    }
    func scores(_ set: SequenceSet) throws -> [Float] {
      var result: [Float] = []
      for first in stride(from: 0, to: set.count, by: ExplanationStream.partSize) {
        var options = options
        options.first = first
        let part = set.subset(Array(first..<min(set.count, first + ExplanationStream.partSize)))
        result += try explanation(method, of: part, options: options, layer: layer, threads: threads).scores
      }
      return result
    }
    var controls: [Float] = []
    for copy in 0..<shuffles {
      // Not the shuffles that a method compares with.
      controls += try scores(
        try sequences.shuffled(order: 2, seed: ~options.seed, copy: copy, threads: threads))
    }
    return PositionSignificance(values: try scores(sequences), controls: controls)
  }
}
