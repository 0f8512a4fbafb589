/// How files of arrays keep numbers, little-endian.
package enum NumberFormat: Sendable {
  case float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8

  /// Bytes of a number.
  package var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8: 1
    }
  }

  /// Number `index`, rounded to single precision.
  package func float(_ raw: UnsafeRawBufferPointer, at index: Int) -> Float {
    switch self {
    case .float64: Float(Double(bitPattern: Self.load(raw, index)))
    case .float32: Float(bitPattern: Self.load(raw, index))
    case .float16: Float(halfPrecision: Self.load(raw, index))
    case .bfloat16: Float(bfloat16: Self.load(raw, index))
    case .int64: Float(Self.load(raw, index) as Int64)
    case .int32: Float(Self.load(raw, index) as Int32)
    case .int16: Float(Self.load(raw, index) as Int16)
    case .int8: Float(Self.load(raw, index) as Int8)
    case .uint8: Float(Self.load(raw, index) as UInt8)
    }
  }

  /// Number `index` in double precision.
  package func double(_ raw: UnsafeRawBufferPointer, at index: Int) -> Double {
    switch self {
    case .float64: Double(bitPattern: Self.load(raw, index))
    case .int64: Double(Self.load(raw, index) as Int64)
    case .int32: Double(Self.load(raw, index) as Int32)
    case .float32, .float16, .bfloat16, .int16, .int8, .uint8: Double(float(raw, at: index))
    }
  }

  /// All numbers.
  package func floats(_ raw: UnsafeRawBufferPointer) -> [Float] {
    (0..<raw.count / size).map { float(raw, at: $0) }
  }

  /// All numbers in double precision.
  package func doubles(_ raw: UnsafeRawBufferPointer) -> [Double] {
    (0..<raw.count / size).map { double(raw, at: $0) }
  }

  private static func load<Number: FixedWidthInteger>(_ raw: UnsafeRawBufferPointer, _ index: Int) -> Number {
    Number(
      littleEndian: raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: Number.self))
  }
}
