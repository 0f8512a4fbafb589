/// Numbers or strings with a shape, row-major, as files of NumPy and HDF5 hold them.
public struct TypedArray: Equatable, Sendable {
  /// The values, and with them their type. Other number types of a file become the nearest of these: half and single
  /// precision `float32`, whole numbers of more than a byte `int64`, truth values numbers of a byte.
  public enum Values: Equatable, Sendable {
    case int8([Int8])
    case uint8([UInt8])
    case int64([Int64])
    case float32([Float])
    case float64([Double])
    case strings([String])

    public var count: Int {
      switch self {
      case .int8(let values): values.count
      case .uint8(let values): values.count
      case .int64(let values): values.count
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .strings(let values): values.count
      }
    }
  }

  /// Empty for a single value.
  public let shape: [Int]
  public let values: Values

  /// `values` are as many as `shape` says.
  public init(_ values: Values, shape: [Int]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count, "as many values as the shape says")
    self.shape = shape
    self.values = values
  }

  /// A single string.
  public init(_ text: String) { self.init(.strings([text]), shape: []) }

  /// A list of strings.
  public init(_ texts: [String]) { self.init(.strings(texts), shape: [texts.count]) }

  /// The numbers in single precision; `nil` for strings.
  public var floats: [Float]? {
    switch values {
    case .int8(let values): values.map(Float.init)
    case .uint8(let values): values.map(Float.init)
    case .int64(let values): values.map(Float.init)
    case .float32(let values): values
    case .float64(let values): values.map(Float.init)
    case .strings: nil
    }
  }

  /// The strings; `nil` for numbers.
  public var strings: [String]? { if case .strings(let values) = values { values } else { nil } }

  /// The only string; `nil` for anything else.
  public var string: String? { strings.flatMap { $0.count == 1 ? $0[0] : nil } }

  /// The only whole number; `nil` for anything else.
  public var integer: Int? {
    switch values {
    case .int8(let values) where values.count == 1: Int(values[0])
    case .uint8(let values) where values.count == 1: Int(values[0])
    case .int64(let values) where values.count == 1: Int(values[0])
    default: nil
    }
  }
}

extension TypedArray.Values {
  /// The values at some places.
  public subscript(range: Range<Int>) -> TypedArray.Values {
    switch self {
    case .int8(let values): .int8(Array(values[range]))
    case .uint8(let values): .uint8(Array(values[range]))
    case .int64(let values): .int64(Array(values[range]))
    case .float32(let values): .float32(Array(values[range]))
    case .float64(let values): .float64(Array(values[range]))
    case .strings(let values): .strings(Array(values[range]))
    }
  }
}
