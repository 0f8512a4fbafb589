import Sequences

/// Networks with a name.
public enum Preset: String, CaseIterable, Sendable {
  /// Conv 64 × 6: shorter than the FOXO1 site.
  case v1
  /// Conv 64 × 12: as wide as the site.
  case v2
  /// v2, pooling, Conv 32 × 6.
  case v3
  /// v3, pooling, Conv 16 × 3.
  case v4
  /// v4, pooling, Conv 8 × 2.
  case v5

  /// The layers; the five networks of the FOXO1 exercise differ in their convolutions only.
  public var layers: [Layer] {
    let convolutions = self == .v1 ? [(64, 6)] : [(64, 12), (32, 6), (16, 3), (8, 2)].prefix(depth)
    return Self.stack(Array(convolutions))
  }

  private var depth: Int {
    switch self {
    case .v1, .v2: 1
    case .v3: 2
    case .v4: 3
    case .v5: 4
    }
  }

  /// Convolutions with ReLU, between them max-pooling by 2 and dropout of 0.2; at the end the global maximum and
  /// one dense unit.
  @NetworkBuilder
  private static func stack(_ convolutions: [(filters: Int, kernelSize: Int)]) -> [Layer] {
    for (index, convolution) in convolutions.enumerated() {
      if index > 0 {
        MaxPooling1D(2)
        Dropout(0.2)
      }
      Convolution1D(filters: convolution.filters, kernelSize: convolution.kernelSize, activation: .relu)
    }
    GlobalMaxPooling1D()
    Dense(1)
  }

  /// Throws `InputError` when sequences of `length` are too short for it.
  public func architecture(length: Int) throws -> Architecture {
    try Architecture(input: .dna(length: length), layers: layers)
  }
}
