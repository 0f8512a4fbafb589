import Runtime
import Sequences

/// The references of a set of sequences, as codes; unknown bases stand for zeros.
public struct ReferenceSource: Sendable {
  private let reference: AttributionReference
  private let sequences: SequenceSet
  private let seed: UInt64
  private let first: Int
  /// References of each sequence.
  public let count: Int

  /// - Parameter first: Number of the first sequence, where a large set is taken part by part.
  /// - Throws: `InputError` if there is none, or one does not fit its sequence.
  public init(_ reference: AttributionReference, of sequences: SequenceSet, seed: UInt64, first: Int = 0)
    throws
  {
    self.first = first
    self.reference = reference
    self.sequences = sequences
    self.seed = seed
    switch reference {
    case .zeros: count = 1
    case .given(let references):
      for index in 0..<sequences.count {
        guard first + index < references.count, references[first + index].count == sequences[index].count
        else {
          throw InputError(
            "a comparison with given references needs one of the same length for each sequence")
        }
      }
      count = 1
    case .dinucleotideShuffles(let copies):
      guard copies > 0 else { throw InputError("a comparison needs at least one shuffle of each sequence") }
      count = copies
    }
  }

  /// What draws the shuffles; each thread has its own.
  public final class Drawer: @unchecked Sendable {
    fileprivate var shuffler = try! KLetShuffler(order: 2)

    public init() {}
  }

  /// Reference `copy` of sequence `index`, the same whatever came before it.
  public func codes(_ index: Int, copy: Int, by drawer: Drawer) -> [UInt8] {
    switch reference {
    case .zeros: Array(repeating: Nucleotide.unknown, count: sequences[index].count)
    case .given(let references): Array(references[first + index])
    case .dinucleotideShuffles: shuffle(index, copy: copy, by: drawer)
    }
  }

  private func shuffle(_ index: Int, copy: Int, by drawer: Drawer) -> [UInt8] {
    var random = CounterRandom(seed: seed, purpose: .shuffle, epoch: copy, index: first + index)
    return drawer.shuffler.shuffle(sequences[index], using: &random)
  }
}
