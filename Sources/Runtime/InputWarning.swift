import Synchronization

/// What a reader passed over or mended, in one line: an empty record, rows that do not sum to one; or a remark on what it did.
///
/// Readers call `InputWarning.emit`; what becomes of it is the program's choice. By default nothing does: a library does not
/// print.
public struct InputWarning: CustomStringConvertible, Equatable, Sendable {
  /// The file as the user named it.
  public let file: String
  public let reason: String
  /// Whether nothing is wrong: how well drawn negatives match.
  public let isRemark: Bool

  public init(file: String, _ reason: String, isRemark: Bool = false) {
    self.file = file
    self.reason = reason
    self.isRemark = isRemark
  }

  public var description: String { InputError(file: file, reason).description }

  private static let handler = Mutex<@Sendable (InputWarning) throws -> Void>({ _ in })

  /// Sets what happens with warnings from now on; a handler that throws makes them errors.
  public static func handle(with handler: @escaping @Sendable (InputWarning) throws -> Void) {
    Self.handler.withLock { $0 = handler }
  }

  /// Hands a warning to the handler, and throws what it throws.
  package static func emit(file: String, _ reason: String, isRemark: Bool = false) throws {
    let handler = Self.handler.withLock { $0 }
    try handler(InputWarning(file: file, reason, isRemark: isRemark))
  }
}
