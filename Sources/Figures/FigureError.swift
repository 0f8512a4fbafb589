/// Why a figure could not be drawn or written: one line that names the file and the reason.
public struct FigureError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The file that was to be written, as the caller named it; `nil` for a figure in memory.
  public let path: String?
  /// What went wrong, without a full stop.
  public let reason: String

  public init(path: String? = nil, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { [path, reason].compactMap { $0 }.joined(separator: ": ") }
}
