/// Takes little-endian numbers and texts from bytes, one after the other, never beyond their end.
public struct ByteReader {
  /// More was asked for than is there.
  public struct EndOfBytes: Error {}

  private let bytes: ArraySlice<UInt8>
  /// Where the next byte is taken.
  public private(set) var place: Int

  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  public var rest: Int { bytes.endIndex - place }

  public mutating func take(_ count: Int) throws(EndOfBytes) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest else { throw EndOfBytes() }
    defer { place += count }
    return bytes[place..<place + count]
  }

  public mutating func byte() throws(EndOfBytes) -> UInt8 {
    guard rest > 0 else { throw EndOfBytes() }
    defer { place += 1 }
    return bytes[place]
  }

  public mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws(EndOfBytes) -> Number {
    let raw = try take(type.bitWidth / 8)
    return raw.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(as: type)) }
  }

  /// The bytes before the next `end`, which is passed over.
  public mutating func line(_ end: UInt8 = 0x0A) throws(EndOfBytes) -> ArraySlice<UInt8> {
    guard let stop = bytes[place...].firstIndex(of: end) else { throw EndOfBytes() }
    defer { place = stop + 1 }
    return bytes[place..<stop]
  }
}
