/// The motif file formats that are read and written.
public enum MotifFormat: String, CaseIterable, Sendable {
  case meme

  /// The format that the content shows, `nil` if none.
  static func detect(_ bytes: UnsafeBufferPointer<UInt8>) -> MotifFormat? {
    MEMEReader.recognises(bytes) ? .meme : nil
  }

  func parse(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws -> MotifFile {
    switch self {
    case .meme: try MEMEReader.read(bytes, file: file)
    }
  }

  func text(_ file: MotifFile) -> String {
    switch self {
    case .meme: MEMEWriter.text(file)
    }
  }
}
