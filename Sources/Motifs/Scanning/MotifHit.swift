import Sequences

/// A window that a motif's threshold accepts.
public struct MotifHit: Equatable, Sendable {
  /// Index of the motif in the scanner.
  public let motif: Int
  /// Index of the sequence in the order read.
  public let sequence: Int
  /// 0-based position of the window's first base on the forward strand.
  public let start: Int
  public let strand: Strand
  /// Σ of the unrounded weights in order of the motif's columns, in bits for log-odds.
  public let score: Double
  /// The probability that a word of the background reaches the hit's rounded score.
  public let pValue: Double
}
