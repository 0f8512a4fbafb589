extension Float {
  /// Whether two scores are the same but for rounding: they differ by at most 2⁻²⁰ of the larger.
  func isTied(with other: Float) -> Bool {
    if self == other { return true }
    let difference = abs(self - other)
    return difference.isFinite && difference <= 0x1p-20 * max(abs(self), abs(other))
  }
}
