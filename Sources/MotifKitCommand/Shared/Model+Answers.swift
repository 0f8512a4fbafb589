import MotifKit

extension Model {
  /// Throws `InputError` naming `file` where the network gives one of the sequences what is no number. Commands that show
  /// something else than the outputs ask before they begin, so that they write nothing.
  func requireAnswers(to sequences: SequenceSet, file: String) throws {
    _ = try network.finiteLogits(of: sequences, file: file)
  }
}
