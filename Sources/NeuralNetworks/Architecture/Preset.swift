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
  /// 16 motif detectors of 24 positions on both strands, their maxima, 32 hidden units (Alipanahi, Delong, Weirauch &
  /// Frey 2015, Nature Biotechnology 33:831, the setting for ChIP-seq with hidden units). There the better of two
  /// whole predictions, one a strand, is taken; here the better strand of each detector.
  case deepbind
  /// The reference network of Zeng, Edwards, Liu & Gifford 2016 (Bioinformatics 32:i121): 16 filters of 24
  /// positions, global maximum, 32 hidden units with dropout. Published for 101 bases.
  case zeng2016
  /// Basset (Kelley, Snoek & Rinn 2016, Genome Research 26:990), as its weights are published: three convolutions with
  /// batch normalisation and pooling, two dense layers of 1,000. Published for 600 bases and 164 outputs.
  case basset
  /// DeepSTARR (de Almeida, Reiter, Pagani & Stark 2022, Nature Genetics 54:613): four convolutions with batch
  /// normalisation and pooling, two dense layers of 256. Published for 249 bases and 2 outputs of enhancer activity,
  /// trained by Adam at 0.002 with mean squared error in batches of 128 until 10 epochs brought nothing better.
  case deepstarr

  /// The five networks of the FOXO1 exercise; they differ in their convolutions only.
  public static let exercise: [Preset] = [.v1, .v2, .v3, .v4, .v5]

  /// The layers, with one output.
  public var layers: [Layer] { layers(outputs: 1) }

  public func layers(outputs: Int) -> [Layer] {
    switch self {
    case .v1: Self.stack([(64, 6)], outputs)
    case .v2: Self.stack([(64, 12)], outputs)
    case .v3: Self.stack([(64, 12), (32, 6)], outputs)
    case .v4: Self.stack([(64, 12), (32, 6), (16, 3)], outputs)
    case .v5: Self.stack([(64, 12), (32, 6), (16, 3), (8, 2)], outputs)
    case .deepbind: Self.detectors(reverseComplement: .maximum, outputs)
    case .zeng2016: Self.detectors(reverseComplement: nil, outputs)
    case .basset:
      Self.normalized(
        [(300, 19, 3), (200, 11, 4), (200, 7, 4)], padding: .valid, .pytorch, dense: 1000, dropout: 0.3,
        outputs)
    case .deepstarr:
      Self.normalized(
        [(256, 7, 2), (60, 3, 2), (60, 5, 2), (120, 3, 2)], padding: .same, .keras, dense: 256, dropout: 0.4,
        outputs)
    }
  }

  /// Convolutions with ReLU, between them max-pooling by 2 and dropout of 0.2; at the end the global maximum and
  /// a dense layer.
  @NetworkBuilder
  private static func stack(_ convolutions: [(filters: Int, kernelSize: Int)], _ outputs: Int) -> [Layer] {
    for (index, convolution) in convolutions.enumerated() {
      if index > 0 {
        MaxPooling1D(2)
        Dropout(0.2)
      }
      Convolution1D(filters: convolution.filters, kernelSize: convolution.kernelSize, activation: .relu)
    }
    GlobalMaxPooling1D()
    Dense(outputs)
  }

  @NetworkBuilder
  private static func detectors(reverseComplement: StrandMerge?, _ outputs: Int) -> [Layer] {
    Convolution1D(
      filters: 16, kernelSize: 24, padding: .same, reverseComplement: reverseComplement, activation: .relu)
    GlobalMaxPooling1D()
    Dense(32, activation: .relu)
    Dropout(0.5)
    Dense(outputs)
  }

  /// Convolutions with batch normalisation, ReLU and pooling, then two dense layers with batch normalisation, ReLU and
  /// dropout.
  @NetworkBuilder
  private static func normalized(
    _ convolutions: [(filters: Int, kernelSize: Int, pool: Int)], padding: Padding,
    _ convention: BatchNormalization.Convention, dense: Int, dropout: Double, _ outputs: Int
  ) -> [Layer] {
    for convolution in convolutions {
      Convolution1D(filters: convolution.filters, kernelSize: convolution.kernelSize, padding: padding)
      BatchNormalization(convention)
      ActivationLayer(.relu)
      MaxPooling1D(convolution.pool)
    }
    Flatten()
    for _ in 0..<2 {
      Dense(dense)
      BatchNormalization(convention)
      ActivationLayer(.relu)
      Dropout(dropout)
    }
    Dense(outputs)
  }

  /// Throws `InputError` when sequences of `length` are too short for it.
  public func architecture(length: Int, outputs: Int = 1) throws -> Architecture {
    try Architecture(input: .dna(length: length), layers: layers(outputs: outputs))
  }
}
