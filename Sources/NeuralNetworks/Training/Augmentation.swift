import Runtime
import Sequences

/// Random changes of each sequence in each epoch that leave its targets what they are.
public struct Augmentation: Codable, Equatable, Sendable {
  /// Takes the reverse complement of every other sequence, at random.
  public var reverseComplement: Bool
  /// Moves the sequence by up to this many bases to either side; the bases that come in are unknown.
  public var shift: Int

  public init(reverseComplement: Bool = false, shift: Int = 0) {
    self.reverseComplement = reverseComplement
    self.shift = shift
  }

  public static let none = Augmentation()

  /// Writes the changed `source` of `length` codes to `target`; a function of seed, epoch and the sequence's index.
  package func apply(
    _ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>, length: Int, seed: UInt64,
    epoch: Int,
    index: Int
  ) {
    var random = CounterRandom(seed: seed, purpose: .augmentation, epoch: epoch, index: index)
    let flips = reverseComplement && random.next() & 1 == 1
    let offset = shift > 0 ? random.below(2 * shift + 1) - shift : 0
    for i in 0..<length {
      let from = (flips ? length - 1 - i : i) - offset
      let code = from >= 0 && from < length ? source[from] : Nucleotide.unknown
      target[i] = flips ? Nucleotide.complement(code) : code
    }
  }
}
