/// Which bases a unit of a layer sees (Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural networks",
/// Distill).
///
/// Unit i is centred on base `center` + i · `stride` (0-based; half a base where its size is even) and sees `size` bases
/// around that. With `same` padding the first units reach beyond the sequence, and the center can be negative.
public struct ReceptiveField: Equatable, Sendable {
  /// Bases that one unit sees.
  public var size: Int
  /// Bases from one unit to the next.
  public var stride: Int
  /// Center of the first unit, in bases from the first one.
  public var center: Double

  public init(size: Int = 1, stride: Int = 1, center: Double = 0) {
    (self.size, self.stride, self.center) = (size, stride, center)
  }

  /// Center of unit `unit`.
  public func center(of unit: Int) -> Double { center + Double(unit * stride) }

  /// The first base that unit 0 sees; negative where padding lies before the sequence.
  public var first: Int { Int((center - Double(size - 1) / 2).rounded()) }

  /// The bases that unit `unit` sees in a sequence of `length`.
  public func bases(of unit: Int, length: Int) -> Range<Int> {
    let first = first + unit * stride
    return max(0, min(length, first))..<max(0, min(length, first + size))
  }

  /// What a unit sees through a window of `span` units, `step` apart, with `left` units of padding before the first; `nil`
  /// where that is more than any genome.
  func through(span: Int, step: Int, left: Int) -> ReceptiveField? {
    let most = 1e15
    guard Double(span) * Double(stride) < most, Double(stride) * Double(step) < most, size < Int(most) else {
      return nil
    }
    return ReceptiveField(
      size: size + (span - 1) * stride, stride: stride * step,
      center: center + Double(stride) * (Double(span - 1) / 2 - Double(left)))
  }

  /// From the first base that either sees to the last; `nil` if their strides differ.
  func joined(with other: ReceptiveField?) -> ReceptiveField? {
    guard let other, other.stride == stride else { return nil }
    let from = min(first, other.first)
    let size = max(first + size, other.first + other.size) - from
    return ReceptiveField(size: size, stride: stride, center: Double(from) + Double(size - 1) / 2)
  }

  /// Values of units as values of bases: linear between the centers of neighboring units, and before the first and after
  /// the last center the value of that unit.
  public func interpolated(_ values: some RandomAccessCollection<Float>, length: Int) -> [Float] {
    precondition(!values.isEmpty, "values of units")
    return interpolated(Array(values), units: values.count, length: length)
  }

  /// The same for several sequences, (N, units) → (N, length).
  package func interpolated(_ values: [Float], units: Int, length: Int) -> [Float] {
    // Which units a base lies between, and how far from the first.
    let places = (0..<length).map { base -> (left: Int, right: Int, share: Float) in
      let place = min(max((Double(base) - center) / Double(stride), 0), Double(units - 1))
      let left = min(Int(place), units - 1)
      return (left, min(left + 1, units - 1), Float(place - Double(left)))
    }
    return [Float](unsafeUninitializedCapacity: values.count / units * length) { result, count in
      values.withUnsafeBufferPointer { values in
        for first in Swift.stride(from: 0, to: values.count, by: units) {
          for place in places {
            let left = values[first + place.left]
            result[count] = left + place.share * (values[first + place.right] - left)
            count += 1
          }
        }
      }
    }
  }
}

extension Architecture {
  /// The last convolution whose positions are those of the sequence: after pooling over all of them a convolution stands for a
  /// dense layer.
  public var lastPositionalConvolution: Int? { convolutions.last { receptiveField(of: $0) != nil } }

  /// What the units of a layer see; `nil` where no positions are left (global pooling, `Flatten`, dense layers), or where ways
  /// of different strides meet.
  public func receptiveField(of layer: Int) -> ReceptiveField? {
    var fields: [ReceptiveField?] = [ReceptiveField()]
    for index in 0...layer {
      let sources = sources[index].map { fields[$0] }
      let field = sources.dropFirst().reduce(sources[0]) { $0?.joined(with: $1) }
      switch facts[index].window {
      case .pointwise: fields.append(field)
      case .sliding(let span, let stride, let left):
        fields.append(field.flatMap { $0.through(span: span, step: stride, left: left) })
      case .all, .spread: fields.append(nil)
      }
    }
    return fields[layer + 1]
  }
}
