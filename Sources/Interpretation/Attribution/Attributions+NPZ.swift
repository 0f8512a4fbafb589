import Arrays
import Sequences

extension Attributions {
  /// `sequences` (N, 4, L) one-hot as bytes and `attributions` (N, 4, L) as floats, as TF-MoDISco and tangermeme take them.
  public var arrays: [NamedArray<TypedArray>] {
    let shape = [count, 4, length]
    return [
      .init("sequences", TypedArray(.uint8(oneHot), shape: shape)),
      .init("attributions", TypedArray(.float32(values), shape: shape)),
    ]
  }

  /// Writes `arrays` as an NPZ file.
  ///
  /// - Throws: `InputError` if the file cannot be written.
  public func write(to path: String) throws { try NPZFile.write(arrays, to: path) }
}

extension ClassActivationMaps {
  /// `cam` (N, L) and, unit by unit, `units` (N, units).
  public var arrays: [NamedArray<TypedArray>] {
    [
      .init("cam", TypedArray(.float32(values), shape: [count, length])),
      .init("units", TypedArray(.float32(units), shape: [count, units.count / max(1, count)])),
    ]
  }
}

extension TypedArray {
  /// Sequences of `length` bases one-hot, (N, 4, L); four zeros for an unknown base.
  public init(oneHot sequences: SequenceSet, length: Int) {
    self.init(
      .uint8(oneHotColumns(sequences.codes, length: length)), shape: [sequences.count, 4, length])
  }
}
