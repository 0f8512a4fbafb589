import Runtime
import Sequences

/// The references of a set of sequences.
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
    case .zeros: break
    case .given(let references, let copies):
      for index in 0..<sequences.count * max(0, copies) {
        let place = first * copies + index
        guard place < references.count, references[place].count == sequences[index / copies].count else {
          throw InputError(
            "a comparison with given references needs \(copies) of the same length for each sequence")
        }
      }
    case .shared(let references):
      guard references.uniformLength != nil else {
        throw InputError("a comparison with given references needs one at least, all of one length")
      }
      for index in 0..<sequences.count where sequences[index].count != references[0].count {
        throw InputError(
          "\(sequences.name(index)) has \(sequences[index].count) bases, but the references have \(references[0].count)"
        )
      }
    case .frequencies(let values):
      guard values.count == 4, values.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(values.reduce(0, +) - 1) < 1e-3
      else { throw InputError("base frequencies are four numbers that sum to 1, not \(values)") }
    case .dinucleotideShuffles, .uniform, .composition: break
    }
    count = reference.copies
    guard count > 0 else { throw InputError("a comparison needs at least one reference of each sequence") }
  }

  /// What draws the shuffles; each thread has its own.
  public final class Drawer: @unchecked Sendable {
    fileprivate var shuffler = try! KLetShuffler(order: 2)
    /// The sequence that the shuffler has read, as many of its shuffles follow each other.
    fileprivate var read: [UInt8]?

    public init() {}
  }

  /// Whether they are sequences, as `codes` has them.
  public var areSequences: Bool { if case .frequencies = reference { false } else { true } }

  /// Reference `copy` of sequence `index` as a network's input, (length, 4).
  func rows(_ index: Int, copy: Int, by drawer: Drawer) -> [Float] {
    if case .frequencies(let values) = reference {
      return [Float](repeatElement(values, count: sequences[index].count).joined())
    }
    return oneHotRows(codes(index, copy: copy, by: drawer))
  }

  /// Reference `copy` of sequence `index`, the same whatever came before it; unknown bases stand for zeros, as for all of base
  /// frequencies.
  public func codes(_ index: Int, copy: Int, by drawer: Drawer) -> [UInt8] {
    switch reference {
    case .zeros, .frequencies: Array(repeating: Nucleotide.unknown, count: sequences[index].count)
    case .given(let references, let copies): Array(references[(first + index) * copies + copy])
    case .shared(let references): Array(references[copy])
    case .dinucleotideShuffles: shuffle(index, copy: copy, by: drawer)
    case .uniform: draw(index, copy: copy, strongShare: 0.5)
    case .composition: draw(index, copy: copy, strongShare: sequences.gcContent(index))
    }
  }

  private func draw(_ index: Int, copy: Int, strongShare: Double) -> [UInt8] {
    var random = CounterRandom(seed: seed, purpose: .simulation, epoch: copy, index: first + index)
    return sequences[index].map { _ in
      let (isStrong, isSecond) = (random.uniform() < strongShare, random.uniform() < 0.5)
      return isStrong ? (isSecond ? 2 : 1) : (isSecond ? 3 : 0)
    }
  }

  private func shuffle(_ index: Int, copy: Int, by drawer: Drawer) -> [UInt8] {
    var random = CounterRandom(seed: seed, purpose: .shuffle, epoch: copy, index: first + index)
    let codes = Array(sequences[index])
    if drawer.read != codes {
      drawer.shuffler.read(codes)
      drawer.read = codes
    }
    return drawer.shuffler.shuffled(codes, using: &random)
  }
}
