import ArgumentParser
import MotifKit

/// Sequences of different lengths, cut to one: with it, every reader of sequences takes the middle of each.
struct LengthArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take this many bases from the middle of each sequence, as where their lengths differ.",
      valueName: "bases"))
  var length: Int?

  /// Called by the parser; sets what readers do.
  func validate() throws {
    guard let length else { return }
    try require("--length", length, in: 1...(1 << 24))
    SequenceReader.middle = length
  }
}
