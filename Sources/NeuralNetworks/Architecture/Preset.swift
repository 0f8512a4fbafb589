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
  /// 16 motif detectors of 24 positions, which also score windows that hang over the ends, their maxima, 32 hidden units, and the
  /// better of two whole predictions, one a strand (Alipanahi, Delong, Weirauch & Frey 2015, Nature Biotechnology 33:831, as the
  /// parameters of their networks for ChIP-seq have it: those pool by maxima alone). There a base beyond the ends is a quarter of
  /// each; for weights that sum to zero at each position that is the same as none.
  case deepbind
  /// DeepBind's detectors without pooling, 5 of 11 positions, and two LSTM layers of 30 and 20 units over their scores, of which the
  /// last state counts (Hassanzadeh & Wang 2016, IEEE BIBM, 178; sizes from the authors' program). Published for 35 bases of protein
  /// binding microarrays.
  case deeperbind
  /// The reference network of Zeng, Edwards, Liu & Gifford 2016 (Bioinformatics 32:i121): 16 filters of 24
  /// positions, global maximum, 32 hidden units with dropout. Published for 101 bases.
  case zeng2016
  /// Basset (Kelley, Snoek & Rinn 2016, Genome Research 26:990), as its weights are published: three convolutions with
  /// batch normalization and pooling, two dense layers of 1,000. Published for 600 bases and 164 outputs.
  case basset
  /// DeepSTARR (de Almeida, Reiter, Pagani & Stark 2022, Nature Genetics 54:613): four convolutions with batch
  /// normalization and pooling, two dense layers of 256. Published for 249 bases and 2 outputs of enhancer activity,
  /// trained by Adam at 0.002 with mean squared error in batches of 128 until 10 epochs brought nothing better.
  case deepstarr
  /// DeepSEA (Zhou & Troyanskaya 2015, Nature Methods 12:931): three convolutions of 8 positions, a dense layer of 925. Published
  /// for 1,000 bases and 919 outputs.
  case deepsea
  /// DanQ (Quang & Xie 2016, Nucleic Acids Research 44:e107): 320 filters of 26 positions, an LSTM both ways, a dense layer of
  /// 925. Published for 1,000 bases and 919 outputs.
  case danq
  /// ExplaiNN (Novakovsky, Fornes, Saraswat, Mostafavi & Wasserman 2023, Genome Biology 24:154): 100 units, each a filter of 19
  /// positions with a small network of its own, whose sums are the outputs. Published for 200 bases.
  case explainn
  /// BPNet (Avsec et al. 2021, Nature Genetics 53:354): a filter bank of 25 positions, nine dilated residual convolutions, and of
  /// these the profile, by a transposed convolution, and the total counts. Published for 1,000 bases.
  case bpnet
  /// ChromBPNet's network without its bias model (Pampari et al. 2024, bioRxiv 2024.12.25.630221): as BPNet, but each
  /// convolution takes off what it cannot see whole. Published for 2,114 bases and a profile of 1,000.
  case chrombpnet

  /// The five networks of the FOXO1 exercise; they differ in their convolutions only.
  public static let exercise: [Preset] = [.v1, .v2, .v3, .v4, .v5]

  /// The layers, with one output.
  public var layers: [Layer] { layers(outputs: 1) }

  /// The names of the layers that give the outputs, where there are several.
  public var outputNames: [String]? {
    switch self {
    case .bpnet, .chrombpnet: ["profile", "counts"]
    case .v1, .v2, .v3, .v4, .v5, .deepbind, .deeperbind, .zeng2016, .basset, .deepstarr, .deepsea, .danq,
      .explainn:
      nil
    }
  }

  /// Bases of the sequences that the network was published for.
  public var publishedLength: Int {
    switch self {
    case .v1, .v2, .v3, .v4, .v5: 100
    case .deepbind, .zeng2016: 101
    case .deeperbind: 35
    case .basset: 600
    case .deepstarr: 249
    case .deepsea, .danq, .bpnet: 1000
    case .explainn: 200
    case .chrombpnet: 2114
    }
  }

  /// - Parameters:
  ///   - outputs: how many; of a profile, its tracks.
  ///   - length: of the sequences; only ExplaiNN's layers depend on it.
  public func layers(outputs: Int, length: Int = 200) -> [Layer] {
    switch self {
    case .v1: Self.stack([(64, 6)], outputs)
    case .v2: Self.stack([(64, 12)], outputs)
    case .v3: Self.stack([(64, 12), (32, 6)], outputs)
    case .v4: Self.stack([(64, 12), (32, 6), (16, 3)], outputs)
    case .v5: Self.stack([(64, 12), (32, 6), (16, 3), (8, 2)], outputs)
    case .deepbind: Self.betterStrand(outputs)
    case .deeperbind: Self.detectorsInTime(outputs)
    case .zeng2016: Self.detectors(outputs)
    case .basset:
      Self.normalized(
        [(300, 19, 3), (200, 11, 4), (200, 7, 4)], padding: .valid, .pytorch, dense: 1000, dropout: 0.3,
        outputs)
    case .deepstarr:
      Self.normalized(
        [(256, 7, 2), (60, 3, 2), (60, 5, 2), (120, 3, 2)], padding: .same, .keras, dense: 256, dropout: 0.4,
        outputs)
    case .deepsea: Self.wide(outputs)
    case .danq: Self.recurrent(outputs)
    case .explainn: Self.units(100, windows: max(1, (length - 18) / 7), outputs)
    case .bpnet: Self.residualProfile(outputs)
    case .chrombpnet: Self.croppedProfile(outputs)
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
  private static func detectors(_ outputs: Int) -> [Layer] {
    Convolution1D(filters: 16, kernelSize: 24, padding: .same, activation: .relu)
    GlobalMaxPooling1D()
    Dense(32, activation: .relu)
    Dropout(0.5)
    Dense(outputs)
  }

  /// The strands are two positions after the maxima, so that convolutions of size 1 are the same dense layers for both.
  @NetworkBuilder
  private static func betterStrand(_ outputs: Int) -> [Layer] {
    Convolution1D(
      filters: 16, kernelSize: 24, padding: .full, reverseComplement: .concatenation, activation: .relu)
    GlobalMaxPooling1D()
    Reshape(length: 2)
    Convolution1D(filters: 32, kernelSize: 1, activation: .relu)
    Dropout(0.5)
    Convolution1D(filters: outputs, kernelSize: 1)
    GlobalMaxPooling1D()
  }

  @NetworkBuilder
  private static func detectorsInTime(_ outputs: Int) -> [Layer] {
    Convolution1D(filters: 5, kernelSize: 11, activation: .relu)
    Recurrent(.lstm, units: 30, returnsSequences: true)
    Dropout(0.1)
    Recurrent(.lstm, units: 20)
    Dropout(0.1)
    Dense(outputs)
  }

  /// Convolutions with batch normalization, ReLU and pooling, then two dense layers with batch normalization, ReLU and
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

  @NetworkBuilder
  private static func wide(_ outputs: Int) -> [Layer] {
    for filters in [320, 480] {
      Convolution1D(filters: filters, kernelSize: 8, activation: .relu)
      MaxPooling1D(4)
      Dropout(0.2)
    }
    Convolution1D(filters: 960, kernelSize: 8, activation: .relu)
    Dropout(0.5)
    Flatten()
    Dense(925, activation: .relu)
    Dense(outputs)
  }

  @NetworkBuilder
  private static func recurrent(_ outputs: Int) -> [Layer] {
    Convolution1D(filters: 320, kernelSize: 26, activation: .relu)
    MaxPooling1D(13)
    Dropout(0.2)
    Recurrent(.lstm, units: 320, direction: .both, returnsSequences: true)
    Dropout(0.5)
    Flatten()
    Dense(925, activation: .relu)
    Dense(outputs)
  }

  /// A unit's own dense layers are convolutions with a group for each unit: the first sees all its `windows` at once.
  @NetworkBuilder
  private static func units(_ units: Int, windows: Int, _ outputs: Int) -> [Layer] {
    Convolution1D(filters: units, kernelSize: 19)
    BatchNormalization(.pytorch)
    ActivationLayer(.exponential)
    MaxPooling1D(7)
    Convolution1D(filters: 100 * units, kernelSize: windows, groups: units)
    BatchNormalization(.pytorch)
    ActivationLayer(.relu)
    Dropout(0.3)
    Convolution1D(filters: units, kernelSize: 1, groups: units)
    BatchNormalization(.pytorch)
    ActivationLayer(.relu)
    Flatten()
    Dense(outputs)
  }

  @NetworkBuilder
  private static func residualProfile(_ outputs: Int) -> [Layer] {
    Convolution1D(filters: 64, kernelSize: 25, padding: .same, activation: .relu)
    for power in 1...9 {
      Convolution1D(filters: 64, kernelSize: 3, padding: .same, dilation: 1 << power, activation: .relu)
      Addition(layers: 1).named("trunk\(power)")
    }
    TransposedConvolution1D(filters: outputs, kernelSize: 25, padding: .same).named("profile")
    GlobalAveragePooling1D().taking("trunk9")
    Dense(outputs).named("counts")
  }

  @NetworkBuilder
  private static func croppedProfile(_ outputs: Int) -> [Layer] {
    Convolution1D(filters: 512, kernelSize: 21, activation: .relu).named("trunk0")
    for power in 1...8 {
      Convolution1D(filters: 512, kernelSize: 3, dilation: 1 << power, activation: .relu).named(
        "dilated\(power)")
      Cropping1D(1 << power).taking("trunk\(power - 1)").named("cropped\(power)")
      Addition().taking("dilated\(power)", "cropped\(power)").named("trunk\(power)")
    }
    Convolution1D(filters: outputs, kernelSize: 75).named("profile")
    GlobalAveragePooling1D().taking("trunk8")
    Dense(outputs).named("counts")
  }

  /// Throws `InputError` when sequences of `length` are too short for it.
  public func architecture(length: Int, outputs: Int = 1) throws -> Architecture {
    try Architecture(
      input: .dna(length: length), layers: layers(outputs: outputs, length: length), outputs: outputNames)
  }
}
