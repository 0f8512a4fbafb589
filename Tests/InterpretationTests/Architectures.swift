import NeuralNetworks

/// Architectures whose layers stand between a filter and the next weights in every way there is.
enum Architectures {
  /// `tied`: convolutions whose filters can only be removed with others, or not at all.
  static let all: [(name: String, layers: [Layer], tied: Set<Int>)] =
    special + Preset.exercise.map { ($0.rawValue, $0.layers, []) }

  private static func convolution(
    _ filters: Int, _ size: Int, stride: Int = 1, padding: Padding = .valid, dilation: Int = 1,
    groups: Int = 1,
    strands: StrandMerge? = nil, useBias: Bool = true, _ activation: Activation = .relu
  ) -> Layer {
    .convolution1D(
      Convolution1D(
        filters: filters, kernelSize: size, stride: stride, padding: padding, dilation: dilation,
        groups: groups,
        reverseComplement: strands, useBias: useBias, activation: activation))
  }

  private static let normalization = Layer.batchNormalization(BatchNormalization())
  private static let relu = Layer.activation(ActivationLayer(.relu))
  private static let pool = Layer.maxPooling1D(MaxPooling1D(2))
  private static let logit: [Layer] = [.globalMaxPooling1D, .dense(Dense(1))]

  private static let special: [(name: String, layers: [Layer], tied: Set<Int>)] = [
    (
      "strides, dilation, same padding",
      [
        convolution(19, 5, padding: .same), convolution(33, 3, stride: 2, dilation: 2),
        convolution(18, 4, padding: .same),
      ] + logit, []
    ),
    (
      "flatten and hidden units",
      [
        convolution(20, 7), .maxPooling1D(MaxPooling1D(4)), .flatten, .dense(Dense(10, activation: .relu)),
        .dropout(Dropout(0.3)), .dense(Dense(1)),
      ], []
    ),
    (
      "activation layers and means",
      [
        convolution(17, 6, .linear), relu, .averagePooling1D(AveragePooling1D(3, stride: 2)),
        .dropout(Dropout(0.1)), convolution(24, 3), .globalAveragePooling1D, .dense(Dense(3, useBias: false)),
      ], []
    ),
    (
      "overlapping maxima, strided first layer",
      [
        convolution(40, 6, stride: 3), .maxPooling1D(MaxPooling1D(3, stride: 1)), convolution(16, 2),
        .globalMaxPooling1D, .dense(Dense(4, activation: .relu)), .dense(Dense(1)),
      ], []
    ),
    (
      "normalization",
      [
        convolution(18, 6, .linear), normalization, relu, pool, convolution(20, 3, .linear), normalization,
        relu,
        .flatten, .dense(Dense(6, activation: .relu)), normalization, .dense(Dense(1)),
      ], []
    ),
    (
      "both strands side by side",
      [convolution(17, 6, strands: .concatenation, .linear), normalization, relu, pool, convolution(20, 3)]
        + logit,
      []
    ),
    (
      "the better strand", [convolution(19, 6, strands: .maximum), pool, convolution(18, 3)] + logit, []
    ),
    (
      "groups", [convolution(16, 6), pool, convolution(24, 3, groups: 4), convolution(18, 2)] + logit, [0, 2]
    ),
    (
      "a residual block",
      [
        convolution(16, 5, padding: .same), convolution(20, 3, padding: .same),
        convolution(16, 3, padding: .same),
        .addition(Addition(layers: 2)), convolution(12, 3),
      ] + logit, [0, 2]
    ),
    (
      "branches side by side",
      [
        convolution(16, 5, padding: .same).named("narrow"),
        convolution(19, 9, padding: .same, .linear).taking("input"), relu.named("wide"),
        Concatenate().taking("narrow", "wide"), pool, convolution(10, 3),
      ] + logit, []
    ),
    (
      "features of branches side by side",
      [
        convolution(9, 5), pool, Layer.flatten.named("positions"), convolution(19, 9).taking("input"),
        Layer.globalMaxPooling1D.named("maxima"), Concatenate().taking("maxima", "positions"),
        .dense(Dense(6, activation: .relu)), .dense(Dense(1)),
      ], []
    ),
    (
      "positions taken off and zeros put on",
      [
        convolution(17, 6), Layer(Cropping1D(left: 2, right: 5)), pool,
        Layer(ZeroPadding1D(left: 1, right: 3)), convolution(9, 3),
      ] + logit, []
    ),
    (
      "groups of bases", [convolution(16, 6, groups: 4), pool, convolution(8, 3)] + logit, [0]
    ),
  ]
}
