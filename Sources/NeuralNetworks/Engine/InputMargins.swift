/// The rows that a convolution reads: the positions of its input, between the zeros of its padding.
struct InputMargins {
  let input: PaddedShape
  /// The taps that meet the sequence anywhere: `same` padding may be far longer than it, and zeros are not stored for taps
  /// that see nothing else.
  let taps: Range<Int>
  /// Zeros before the sequence; positions left out where negative.
  let left: Int
  /// Zeros and positions.
  let rows: Int

  /// - Parameter positions: of the output.
  init(_ layer: Convolution1D, input: PaddedShape, positions: Int) {
    self.input = input
    let margins = layer.margins(length: input.length)
    taps = Self.taps(of: layer, margins, length: input.length, positions: positions)
    left = margins.left - taps.lowerBound * layer.dilation
    rows =
      taps.count == layer.kernelSize
      ? input.length + margins.left + margins.right
      : (positions - 1) * layer.stride + (taps.count - 1) * layer.dilation + 1
  }

  /// All taps, unless there would be many more zeros than positions.
  private static func taps(
    of layer: Convolution1D, _ margins: (left: Int, right: Int), length: Int, positions: Int
  ) -> Range<Int> {
    guard margins.left + margins.right > max(1024, 2 * length) else { return 0..<layer.kernelSize }
    let used = (0..<layer.kernelSize).filter { tap in
      let first = tap * layer.dilation - margins.left
      let last = first + (positions - 1) * layer.stride
      return first < length && last >= 0
    }
    // Where none meets the sequence, one is kept for the bias's sake.
    let first = used.first ?? 0
    return first..<(used.last ?? first) + 1
  }

  /// Whether the rows are the input itself.
  var isEmpty: Bool { left == 0 && rows == input.length }
  /// Floats of all rows.
  var count: Int { rows * input.stride }
  /// The input's positions among the rows.
  private var seen: Range<Int> { max(0, -left)..<max(max(0, -left), min(input.length, rows - left)) }

  /// The rows of some sequences: the inputs themselves, or copies between zeros in `memory`.
  func rows(
    of x: UnsafeMutablePointer<Float>, _ sequences: Int, _ memory: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    guard !isEmpty else { return x }
    let first = min(rows, max(0, left)) * input.stride
    for s in 0..<sequences {
      copy(
        x + s * input.count + seen.lowerBound * input.stride, count: seen.count * input.stride, after: first,
        of: count, to: memory + s * count)
    }
    return memory
  }

  /// Copies the gradient of the input out of that of its rows.
  func take(from dx: UnsafeMutablePointer<Float>, _ sequences: Int, _ gradient: UnsafeMutablePointer<Float>) {
    guard !isEmpty else { return }
    for s in 0..<sequences {
      let to = gradient + s * input.count
      if seen.count < input.length { to.update(repeating: 0, count: input.count) }
      (to + seen.lowerBound * input.stride).update(
        from: dx + s * count + max(0, left) * input.stride, count: seen.count * input.stride)
    }
  }
}
