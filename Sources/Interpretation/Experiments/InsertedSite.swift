import Motifs
import Runtime
import Sequences

/// What is put into sequences: the same letters into all, or for each a site drawn from a motif.
public struct InsertedSite: Sendable {
  public let name: String
  /// Positions.
  public let width: Int
  /// Whether it is put in as its reverse complement.
  public private(set) var isReverse = false
  private let source: Source

  private enum Source: Sendable {
    case letters([UInt8])
    case motif(Motif, random: @Sendable (_ index: Int) -> CounterRandom)
  }

  /// - Parameter letters: A, C, G, T in either case; what is unknown, as N, leaves the base that is there.
  /// - Throws: `InputError` if a letter is no nucleotide, or none of them known.
  public init(letters: String, name: String? = nil) throws {
    guard let codes = Nucleotide.codes(letters), codes.contains(where: { $0 < 4 }) else {
      throw InputError("'\(letters)' is no site: expected letters A, C, G, T, and N for what stays")
    }
    self.name = name ?? letters
    width = codes.count
    source = .letters(codes)
  }

  /// A site drawn from the motif's frequencies for each sequence, or the most frequent base of each position.
  public init(_ motif: Motif, isConsensus: Bool = false, seed: UInt64 = 0) {
    name = motif.displayName
    width = motif.width
    source =
      isConsensus
      ? .letters(motif.mostFrequentBases)
      : .motif(motif) { CounterRandom(seed: seed, purpose: .experiment, index: $0) }
  }

  /// Sites drawn with random numbers of the caller's.
  package init(_ motif: Motif, random: @escaping @Sendable (_ index: Int) -> CounterRandom) {
    name = motif.displayName
    width = motif.width
    source = .motif(motif, random: random)
  }

  /// The same read on the other strand.
  public var reversed: InsertedSite {
    var site = self
    site.isReverse.toggle()
    return site
  }

  /// What goes into sequence `index`, as codes.
  public func codes(_ index: Int) -> [UInt8] {
    let forward: [UInt8]
    switch source {
    case .letters(let letters): forward = letters
    case .motif(let motif, let stream):
      var random = stream(index)
      forward = motif.drawnSite(using: &random)
    }
    return isReverse ? Nucleotide.reverseComplement(forward) : forward
  }
}

extension Motif {
  /// A site drawn from the frequencies, position by position.
  package func drawnSite(using random: inout CounterRandom) -> [UInt8] {
    frequencies.rows.map { row in
      let draw = random.uniform() * row.reduce(0, +)
      var sum = 0.0
      for base in 0..<3 {
        sum += row[base]
        if draw < sum { return UInt8(base) }
      }
      return 3
    }
  }

  /// The most frequent base of each position, the first among equals.
  package var mostFrequentBases: [UInt8] {
    frequencies.rows.map { row in UInt8(row.indices.max { (row[$0], $1) < (row[$1], $0) }!) }
  }
}
