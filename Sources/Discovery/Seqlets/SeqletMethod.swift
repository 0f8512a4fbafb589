/// How seqlets are found.
public enum SeqletMethod: Sendable {
  /// TF-MoDISco's sliding window.
  case windows(WindowSeqlets)
  /// tangermeme's recursive spans; with a control of sequences without signal at a false discovery rate.
  case recursive(RecursiveSeqlets, control: AttributionTracks? = nil)

  /// - Throws: `InputError` if the sequences are shorter than a seqlet, or the control's are not as long as the others.
  public func seqlets(in tracks: AttributionTracks) throws -> SeqletSelection {
    switch self {
    case .windows(let finder): try finder.seqlets(in: tracks)
    case .recursive(let finder, let control): try finder.seqlets(in: tracks, control: control)
    }
  }
}
