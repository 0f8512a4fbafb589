import Arrays
private import CHDF5Shim

/// Takes the reading process's message apart (`CHDF5Shim.h`). That process may be in an enemy's hands, so nothing it says is
/// believed unchecked.
struct HDF5Message {
  struct Failure: Error { var reason: String }

  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The whole tree.
  mutating func root(_ source: HDF5Source) throws -> HDF5Group {
    try expect("G")
    _ = try text()
    let group = try group(source, path: "", depth: 0)
    try expect("Z")
    return group
  }

  /// A dataset's values alone.
  mutating func dataset() throws -> TypedArray {
    try expect("D")
    _ = try text()
    let (shape, values) = try array()
    guard let values else { throw damaged }
    return TypedArray(values, shape: shape)
  }

  private mutating func group(_ source: HDF5Source, path: String, depth: Int) throws -> HDF5Group {
    guard depth < 64 else { throw damaged }
    var group = HDF5Group()
    while true {
      switch try tag() {
      case "E": return group
      case "G":
        let name = try text()
        group.groups[name] = try self.group(source, path: path + "/" + name, depth: depth + 1)
      case "D":
        let name = try text()
        let (shape, values) = try array()
        let content =
          values.map { HDF5Dataset.Content.values(TypedArray($0, shape: shape)) }
          ?? .stored(source, path: path + "/" + name)
        var dataset = HDF5Dataset(shape: shape, content: content)
        try attributes(of: &dataset)
        group.datasets[name] = dataset
      case "A":
        let (name, array) = try attribute()
        group.attributes[name] = array
      case "X":
        let name = try text()
        group.unread[name] = try text()
      default: throw damaged
      }
    }
  }

  private mutating func attributes(of dataset: inout HDF5Dataset) throws {
    while true {
      switch try tag() {
      case "E": return
      case "A":
        let (name, array) = try attribute()
        dataset.attributes[name] = array
      case "X": _ = (try text(), try text())
      default: throw damaged
      }
    }
  }

  private mutating func attribute() throws -> (name: String, array: TypedArray) {
    let name = try text()
    let (shape, values) = try array()
    guard let values else { throw damaged }
    return (name, TypedArray(values, shape: shape))
  }

  private var damaged: Failure { Failure(reason: "is damaged: the HDF5 library fails on it") }

  private mutating func tag() throws -> Character {
    let tag = Character(UnicodeScalar(try byte()))
    if tag == "F" { throw Failure(reason: try text()) }
    return tag
  }

  private mutating func expect(_ expected: Character) throws {
    guard try tag() == expected else { throw damaged }
  }

  private mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= bytes.count - place else { throw damaged }
    defer { place += count }
    return UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
  }

  private mutating func byte() throws -> UInt8 { try take(1)[0] }

  private mutating func text() throws -> String {
    let count = try take(4).loadUnaligned(as: UInt32.self)
    return String(decoding: try take(Int(count)), as: UTF8.self)
  }

  private mutating func array() throws -> (shape: [Int], values: TypedArray.Values?) {
    let kind = UInt32(try byte())
    var shape: [Int] = []
    var count = 1
    for _ in 0..<Int(try byte()) {
      guard let size = Int(exactly: try take(8).loadUnaligned(as: UInt64.self)) else { throw damaged }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw damaged }
      count = product
      shape.append(size)
    }
    guard try byte() == 1 else { return (shape, nil) }
    switch kind {
    case CHDF5_INT8.rawValue: return (shape, .int8(try numbers(count)))
    case CHDF5_UINT8.rawValue: return (shape, .uint8(try numbers(count)))
    case CHDF5_INT64.rawValue: return (shape, .int64(try numbers(count)))
    case CHDF5_FLOAT32.rawValue: return (shape, .float32(try numbers(count)))
    case CHDF5_FLOAT64.rawValue: return (shape, .float64(try numbers(count)))
    case CHDF5_STRING.rawValue:
      // A text is at least its length.
      guard count <= (bytes.count - place) / 4 else { throw damaged }
      return (shape, .strings(try (0..<count).map { _ in try text() }))
    default: throw damaged
    }
  }

  private mutating func numbers<Number: BitwiseCopyable>(_ count: Int) throws -> [Number] {
    let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Number>.stride)
    guard !overflow else { throw damaged }
    let source = try take(size)
    return [Number](unsafeUninitializedCapacity: count) { buffer, filled in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
      filled = count
    }
  }
}
