import Motifs

/// What an audit asks, and from which number on the answer is no.
public struct AuditOptions: Sendable {
  /// The motif that the network should know; `nil` leaves out the checks that need one.
  public var motif: Motif? = .foxo1
  /// Sequences are moved by up to this many bases; fewer where they are short.
  public var greatestShift = 40
  /// Sequences at most in checks that ask the network many times for each.
  public var sampleSize = 2000
  /// Sequences into which the motif is planted at every position, at most.
  public var neutralCount = 500
  public var seed: UInt64 = 0

  /// AUROC that moving the sequences may cost a network that does not know positions.
  public var tolerableLoss = 0.005
  /// By how much more than elsewhere, as a share, a site may count at the places where the data have theirs.
  public var tolerablePreference = 0.1
  /// Share of AUROC − ½ that may survive a shuffle of the positives which keeps their dinucleotides.
  public var tolerableComposition = 0.5
  /// Share of the sequences that may be duplicates, have both labels, or be among those trained on.
  public var tolerableDuplicates = 0.01
  /// Share of the positives that must have the motif at one place before the ceilings of planted data apply.
  public var plantedShare = 0.9

  public init() {}
}
