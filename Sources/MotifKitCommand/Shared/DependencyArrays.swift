import MotifKit

/// Dependencies between positions of a set of sequences, made sequence by sequence while they are written.
final class DependencyArrays {
  let target: ModelOutput
  /// Of the first sequences, for pictures.
  private(set) var beginning: [[Float]] = []
  private let network: Network
  private let sequences: SequenceSet

  init(_ network: Network, of sequences: SequenceSet, target: ModelOutput) {
    (self.network, self.sequences, self.target) = (network, sequences, target)
  }

  /// (N, L, L).
  ///
  /// - Parameter progress: called with the number of sequences done.
  func array(progress: @escaping (Int) -> Void) -> StreamedArray {
    let length = network.architecture.input.length
    return StreamedArray(.float32, shape: [sequences.count, length, length]) { [self] body in
      for index in 0..<sequences.count {
        let map = try network.dependencies(of: sequences[index], output: target.index)
        if beginning.count < ExplanationPictures.letterCount { beginning.append(map) }
        try map.withUnsafeBytes(body)
        progress(index + 1)
      }
    }
  }
}
