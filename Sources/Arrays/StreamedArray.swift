/// An array that is made while it is written, so that it never exists as a whole.
public struct StreamedArray: ZipContent {
  /// Which numbers it holds.
  public enum Kind: Sendable {
    case uint8, float32

    fileprivate var name: String { self == .uint8 ? "|u1" : "<f4" }
    fileprivate var size: Int { self == .uint8 ? 1 : 4 }
  }

  private let header: [UInt8]
  private let size: Int
  private let pieces: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

  /// - Parameter pieces: hands its argument all numbers in order, row-major and little-endian; called once.
  public init(
    _ kind: Kind, shape: [Int], pieces: @escaping ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) {
    header = NPYFormat.header(type: kind.name, shape: shape)
    size = shape.reduce(kind.size, *)
    self.pieces = pieces
  }

  /// An array that there is.
  public init(_ array: TypedArray) {
    let content = NPYContent(array: array)
    header = []
    size = content.byteCount
    pieces = content.forEachPiece
  }

  public var byteCount: Int { header.count + size }
  public var isMadeOnce: Bool { true }

  public func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try header.withUnsafeBytes(body)
    try pieces(body)
  }
}
