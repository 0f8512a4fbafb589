extension Float {
  /// The value of an IEEE 754 number of 16 bits. (`Float16` is not there on every processor.)
  public init(halfPrecision bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 31)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: self = Float(bitPattern: sign | 0x3380_0000) * Float(fraction)
    case 31: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// The value of a number of the 16-bit format bfloat16: the upper half of a `Float`.
  public init(bfloat16 bits: UInt16) { self = Float(bitPattern: UInt32(bits) << 16) }
}
