/// How seqlets are found.
public enum SeqletMethod: Sendable {
  /// TF-MoDISco's sliding window.
  case windows(WindowSeqlets)

  func seqlets(in tracks: AttributionTracks) throws -> SeqletSelection {
    switch self {
    case .windows(let finder): try finder.seqlets(in: tracks)
    }
  }
}
