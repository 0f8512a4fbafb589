import NeuralNetworks

/// Which bases a unit of a layer sees (Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional neural networks",
/// Distill).
///
/// Unit i is centred on base `center` + i · `stride` (0-based; half a base where its size is even) and sees `size` bases
/// around that. With `same` padding the first units reach beyond the sequence, and the centre can be negative.
public struct ReceptiveField: Equatable, Sendable {
  /// Bases that one unit sees.
  public var size: Int
  /// Bases from one unit to the next.
  public var stride: Int
  /// Centre of the first unit, in bases from the first one.
  public var center: Double

  public init(size: Int = 1, stride: Int = 1, center: Double = 0) {
    (self.size, self.stride, self.center) = (size, stride, center)
  }

  /// Centre of unit `unit`.
  public func center(of unit: Int) -> Double { center + Double(unit * stride) }

  /// The bases that unit `unit` sees in a sequence of `length`.
  public func bases(of unit: Int, length: Int) -> Range<Int> {
    let first = Int((center(of: unit) - Double(size - 1) / 2).rounded())
    return max(0, min(length, first))..<max(0, min(length, first + size))
  }

  /// What a unit sees through a window of `span` units, `step` apart, with `left` units of padding before the first.
  func through(span: Int, step: Int, left: Int) -> ReceptiveField {
    ReceptiveField(
      size: size + (span - 1) * stride, stride: stride * step,
      center: center + Double(stride) * (Double(span - 1) / 2 - Double(left)))
  }

  /// Values of units as values of bases: linear between the centres of neighbouring units, and before the first and behind
  /// the last centre the value of that unit.
  public func interpolated(_ values: some RandomAccessCollection<Float>, length: Int) -> [Float] {
    precondition(!values.isEmpty, "values of units")
    let units = Array(values)
    return (0..<length).map { base in
      let place = min(max((Double(base) - center) / Double(stride), 0), Double(units.count - 1))
      let left = min(Int(place), units.count - 1)
      let share = Float(place - Double(left))
      let right = min(left + 1, units.count - 1)
      return units[left] + share * (units[right] - units[left])
    }
  }
}

extension Architecture {
  /// What the units of a layer see; `nil` where no positions are left (global pooling, `Flatten`, dense layers).
  public func receptiveField(of layer: Int) -> ReceptiveField? {
    var field = ReceptiveField()
    for index in 0...layer {
      switch layers[index] {
      case .convolution1D(let convolution):
        let left = convolution.margins(length: inputShape(index).length).left
        field = field.through(span: convolution.span, step: convolution.stride, left: left)
      case .maxPooling1D(let pooling):
        field = field.through(span: pooling.size, step: pooling.stride, left: 0)
      case .averagePooling1D(let pooling):
        field = field.through(span: pooling.size, step: pooling.stride, left: 0)
      // A skip connection sees no more than the layers it passes.
      case .dropout, .activation, .softmax, .batchNormalization, .addition: break
      case .globalMaxPooling1D, .globalAveragePooling1D, .flatten, .dense: return nil
      }
    }
    return field
  }
}
