import Motifs
import Runtime
import Sequences

/// Weights, sequences and the slow way to scan them.
enum ScanCases {
  static func weights(width: Int, seed: UInt64, forbidden: Bool = false) -> WeightMatrix {
    var random = CounterRandom(seed: seed, purpose: .simulation, index: width)
    var values = (0..<4 * width).map { _ in 6 * random.uniform() - 4 }
    if forbidden { for column in 0..<width / 2 { values[4 * column + random.below(4)] = -.infinity } }
    return WeightMatrix(unchecked: values)
  }

  /// Random bases, about one in `rare` unknown.
  static func codes(_ count: Int, seed: UInt64, rare: Int = 50) -> [UInt8] {
    var random = CounterRandom(seed: seed, purpose: .simulation, epoch: 1)
    return (0..<count).map { _ in random.below(rare) == 0 ? 4 : UInt8(random.below(4)) }
  }

  /// The score as the reader of one strand adds it up; `nil` with an unknown base.
  static func score(_ weights: WeightMatrix, _ window: [UInt8]) -> Double? {
    guard !window.contains(4) else { return nil }
    return (0..<weights.width).reduce(0) { $0 + weights[$1, Int(window[$1])] }
  }

  struct Window: Equatable {
    let sequence, start, motif: Int
    let strand: Strand
    let score: Double
  }

  /// All windows on one or both strands in order of sequence, start, motif, strand.
  static func windows(
    _ motifs: [WeightMatrix], _ sequences: [[UInt8]], bothStrands: Bool = true,
    _ isHit: (Int, [UInt8], Double) -> Bool
  ) -> [Window] {
    var found: [Window] = []
    for (sequence, codes) in sequences.enumerated() {
      for start in codes.indices {
        for (motif, weights) in motifs.enumerated() where start + weights.width <= codes.count {
          let window = Array(codes[start..<start + weights.width])
          for strand in bothStrands ? [Strand.forward, .reverse] : [.forward] {
            let word = strand == .forward ? window : Nucleotide.reverseComplement(window)
            guard let score = score(weights, word), isHit(motif, word, score) else { continue }
            found.append(Window(sequence: sequence, start: start, motif: motif, strand: strand, score: score))
          }
        }
      }
    }
    return found
  }
}

extension MotifHit {
  var window: ScanCases.Window {
    ScanCases.Window(sequence: sequence, start: start, motif: motif, strand: strand, score: score)
  }
}

extension SequenceSet {
  init(_ sequences: [[UInt8]]) {
    self.init()
    for codes in sequences { append(codes) }
  }
}
