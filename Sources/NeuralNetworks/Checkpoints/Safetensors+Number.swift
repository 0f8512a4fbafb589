import Arrays

extension Safetensors {
  /// A type of numbers. Our own files have `F32`; those of other programs may have any, and are read as it.
  enum Number: String {
    case float32 = "F32"
    case float64 = "F64"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"

    var size: Int {
      switch self {
      case .float64, .int64: 8
      case .float32, .int32: 4
      case .float16, .bfloat16: 2
      }
    }

    /// The numbers of a tensor, little-endian as all are.
    func floats(_ raw: UnsafeRawBufferPointer) -> [Float] {
      func load<Integer: FixedWidthInteger>(_: Integer.Type, _ float: (Integer) -> Float) -> [Float] {
        let size = MemoryLayout<Integer>.size
        return [Float](unsafeUninitializedCapacity: raw.count / size) { buffer, count in
          count = raw.count / size
          for place in 0..<count {
            let bits = raw.loadUnaligned(fromByteOffset: size * place, as: Integer.self)
            buffer[place] = float(Integer(littleEndian: bits))
          }
        }
      }
      return switch self {
      case .float32: load(UInt32.self) { Float(bitPattern: $0) }
      case .float64: load(UInt64.self) { Float(Double(bitPattern: $0)) }
      case .float16: load(UInt16.self) { Float(halfPrecision: $0) }
      case .bfloat16: load(UInt16.self) { Float(bfloat16: $0) }
      case .int64: load(Int64.self) { Float($0) }
      case .int32: load(Int32.self) { Float($0) }
      }
    }
  }
}
