/// What is wrong with something a user gave: one line that names the file, the line and the reason.
///
/// Every reader throws it; the program prints it and ends with exit status 2.
public struct InputError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The file as the user named it; `-` for standard input, `nil` where no file is to blame.
  public let file: String?
  /// 1-based line, where the input has lines.
  public let line: Int?
  /// What was expected or found, without a full stop.
  public let reason: String

  public init(file: String? = nil, line: Int? = nil, _ reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  public var description: String {
    let place = [file.map { $0 == "-" ? "standard input" : $0 }, line.map { "line \($0)" }]
    return (place.compactMap { $0 } + [reason]).joined(separator: ": ").escapingControls
  }
}

extension String {
  /// With line ends and other control characters written as `\n`, `\u{7}`, so that it stays one line.
  package var escapingControls: String {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
      ? unicodeScalars.map {
        $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
      }
      .joined() : self
  }
}
