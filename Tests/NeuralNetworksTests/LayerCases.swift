import NeuralNetworks

/// Small networks that hold every layer in every setting once.
let layerCases: [NetworkCase] = [
  NetworkCase("convolution, dense", length: 9) {
    Convolution1D(filters: 3, kernelSize: 4)
    Flatten()
    Dense(2)
  },
  NetworkCase("same padding, even kernel", length: 9) {
    Convolution1D(filters: 3, kernelSize: 4, padding: .same, activation: .tanh)
    Convolution1D(filters: 2, kernelSize: 6, padding: .same, activation: .sigmoid)
  },
  NetworkCase("stride and dilation", length: 23) {
    Convolution1D(filters: 3, kernelSize: 3, stride: 2, dilation: 2, activation: .softplus)
    Convolution1D(filters: 2, kernelSize: 2, stride: 3, dilation: 3, useBias: false)
    Flatten()
    Dense(3, useBias: false)
  },
  NetworkCase("stride and dilation, same padding", length: 22) {
    Convolution1D(filters: 3, kernelSize: 5, padding: .same, dilation: 3, activation: .gelu)
    Convolution1D(filters: 3, kernelSize: 4, stride: 3, padding: .same, activation: .elu)
    Flatten()
    Dense(2)
  },
  NetworkCase("maximum of windows that do not divide", length: 21) {
    Convolution1D(filters: 4, kernelSize: 2, activation: .relu)
    MaxPooling1D(3)
    Convolution1D(filters: 4, kernelSize: 2)
    MaxPooling1D(2)
    GlobalMaxPooling1D()
    Dense(1)
  },
  NetworkCase("overlapping and skipping windows", length: 25) {
    Convolution1D(filters: 3, kernelSize: 3, activation: .exponential)
    MaxPooling1D(3, stride: 2)
    AveragePooling1D(2, stride: 3)
    MaxPooling1D(1, stride: 2)
    Flatten()
    Dense(2)
  },
  NetworkCase("windows over the ends", length: 17) {
    Convolution1D(filters: 3, kernelSize: 2, activation: .silu)
    MaxPooling1D(3, padding: .same)
    Convolution1D(filters: 4, kernelSize: 1, activation: .tanh)
    AveragePooling1D(4, stride: 2, padding: .same)
    MaxPooling1D(3, stride: 1, padding: .same)
    Flatten()
    Dense(2)
  },
  NetworkCase("means", length: 20) {
    Convolution1D(filters: 3, kernelSize: 3, activation: .leakyRelu)
    AveragePooling1D(4)
    Convolution1D(filters: 5, kernelSize: 2, activation: .relu)
    GlobalAveragePooling1D()
    Dense(2)
  },
  NetworkCase("activations of their own", length: 12) {
    Convolution1D(filters: 3, kernelSize: 3)
    ActivationLayer(.relu)
    Convolution1D(filters: 3, kernelSize: 3)
    ActivationLayer(.elu)
    GlobalMaxPooling1D()
    Dense(4)
    ActivationLayer(.relu)
    Dense(3, activation: .relu)
    Dense(2)
    ActivationLayer(.sigmoid)
  },
  NetworkCase("dropout everywhere", length: 16) {
    Dropout(0.1)
    Convolution1D(filters: 5, kernelSize: 3, activation: .relu)
    Dropout(0.3)
    MaxPooling1D(2)
    Dropout(0.2)
    Convolution1D(filters: 3, kernelSize: 2)
    Flatten()
    Dropout(0.4)
    Dense(6, activation: .relu)
    Dropout(0.5)
    Dense(2)
  },
  NetworkCase("no convolution first", length: 14) {
    MaxPooling1D(2)
    Convolution1D(filters: 3, kernelSize: 3, activation: .relu)
    GlobalMaxPooling1D()
    Dense(1)
  },
  NetworkCase("groups and depthwise", length: 19) {
    Convolution1D(filters: 6, kernelSize: 3, groups: 2, activation: .relu)
    Convolution1D(filters: 6, kernelSize: 3, padding: .same, groups: 6, useBias: false)
    Convolution1D(filters: 12, kernelSize: 2, dilation: 2, groups: 3, activation: .tanh)
    MaxPooling1D(2)
    Convolution1D(filters: 4, kernelSize: 2, groups: 4, activation: .relu)
    GlobalMaxPooling1D()
    Dense(2)
  },
  // An odd kernel has no palindromic windows, on which both strands score the same.
  NetworkCase("both strands, maximum", length: 22) {
    Convolution1D(filters: 5, kernelSize: 7, reverseComplement: .maximum, activation: .relu)
    MaxPooling1D(2)
    Dropout(0.2)
    Convolution1D(filters: 3, kernelSize: 3, activation: .relu)
    GlobalMaxPooling1D()
    Dense(2)
  },
  NetworkCase("both strands, concatenation, same padding", length: 21) {
    Convolution1D(filters: 5, kernelSize: 4, padding: .same, reverseComplement: .concatenation)
    Dropout(0.2)
    Convolution1D(filters: 3, kernelSize: 3, activation: .relu)
    GlobalAveragePooling1D()
    Dense(2)
  },
  NetworkCase("both strands, stride and dilation", length: 27) {
    Convolution1D(
      filters: 5, kernelSize: 3, stride: 2, dilation: 2, reverseComplement: .maximum, useBias: false,
      activation: .elu)
    Flatten()
    Dense(2)
  },
  NetworkCase("softmax", length: 12) {
    Convolution1D(filters: 5, kernelSize: 3)
    Softmax()
    MaxPooling1D(2)
    Flatten()
    Softmax()
    Dense(3)
    Softmax()
  },
  NetworkCase("residual blocks", length: 14) {
    Convolution1D(filters: 5, kernelSize: 3, activation: .relu)
    Residual {
      Convolution1D(filters: 5, kernelSize: 3, padding: .same, activation: .relu)
      Dropout(0.3)
      Residual { Convolution1D(filters: 5, kernelSize: 3, padding: .same, dilation: 2, activation: .elu) }
    }
    ActivationLayer(.relu)
    MaxPooling1D(2)
    Flatten()
    Residual { Dense(30, activation: .tanh) }
    Dense(2)
  },
  NetworkCase("residual blocks that begin together", length: 10) {
    Residual {
      Residual { Convolution1D(filters: 4, kernelSize: 3, padding: .same, activation: .tanh) }
      Convolution1D(filters: 4, kernelSize: 2, padding: .same)
    }
    GlobalAveragePooling1D()
    Dense(1)
  },
  NetworkCase("cropped and padded", length: 13) {
    ZeroPadding1D(left: 2, right: 1)
    Convolution1D(filters: 5, kernelSize: 3, activation: .tanh)
    Cropping1D(left: 1, right: 3)
    ZeroPadding1D(1)
    Convolution1D(filters: 3, kernelSize: 2, activation: .elu)
    Cropping1D(0)
    GlobalAveragePooling1D()
    Dense(2)
  },
  NetworkCase("branches of the sequence side by side", length: 15) {
    Convolution1D(filters: 5, kernelSize: 3, padding: .same, activation: .tanh).named("narrow")
    Layer(
      Convolution1D(filters: 18, kernelSize: 7, padding: .same, activation: .relu), name: "wide",
      inputs: ["input"])
    Concatenate().taking("wide", "input", "narrow")
    Dropout(0.2)
    Convolution1D(filters: 3, kernelSize: 3, activation: .elu)
    GlobalMaxPooling1D()
    Dense(2)
  },
  NetworkCase("features of two branches", length: 12) {
    Convolution1D(filters: 5, kernelSize: 3, activation: .relu).named("trunk")
    Flatten().named("positions")
    GlobalMaxPooling1D().taking("trunk").named("maxima")
    GlobalAveragePooling1D().taking("trunk").named("means")
    Concatenate().taking("maxima", "positions", "means", "maxima")
    Dense(4, activation: .tanh)
    Dense(1)
  },
  NetworkCase("skips over any distance", length: 16) {
    Convolution1D(filters: 5, kernelSize: 3, padding: .same, activation: .tanh).named("a")
    Convolution1D(filters: 5, kernelSize: 3, padding: .same, activation: .elu).named("b")
    Addition().taking("a", "b").named("c")
    Dropout(0.2)
    Convolution1D(filters: 5, kernelSize: 3, padding: .same, dilation: 2, activation: .tanh).named("d")
    Addition().taking("c", "d", "a")
    GlobalAveragePooling1D()
    Dense(2)
  },
  NetworkCase("two outputs, as a profile and a count", length: 20, outputs: ["profile", "count"]) {
    Convolution1D(filters: 6, kernelSize: 5, activation: .tanh).named("first")
    Convolution1D(filters: 6, kernelSize: 3, dilation: 2, activation: .elu).named("second")
    Cropping1D(2).taking("first").named("cropped")
    Addition().taking("cropped", "second").named("trunk")
    Convolution1D(filters: 2, kernelSize: 4).named("profile")
    GlobalAveragePooling1D().taking("trunk")
    Dense(3).named("count")
  },
  NetworkCase("an output that others take too", length: 9, outputs: ["last", "hidden", "flat"]) {
    Convolution1D(filters: 3, kernelSize: 3, activation: .tanh)
    Flatten().named("flat")
    Dense(4, activation: .elu).named("hidden")
    Dense(2).named("last")
  },
  NetworkCase("transposed convolutions", length: 9) {
    TransposedConvolution1D(filters: 3, kernelSize: 4, activation: .tanh)
    TransposedConvolution1D(filters: 4, kernelSize: 5, stride: 3, padding: .same, useBias: false)
    MaxPooling1D(2)
    TransposedConvolution1D(filters: 18, kernelSize: 2, stride: 3, activation: .relu)
    TransposedConvolution1D(filters: 2, kernelSize: 3, padding: .same)
    TransposedConvolution1D(filters: 2, kernelSize: 2, stride: 4, padding: .same)
    GlobalAveragePooling1D()
    Dense(2)
  },
  NetworkCase("squeeze and excitation", length: 11) {
    Convolution1D(filters: 5, kernelSize: 3, activation: .silu).named("trunk")
    GlobalAveragePooling1D()
    Dense(3, activation: .relu)
    Dense(5, activation: .sigmoid).named("gate")
    Multiplication().taking("gate", "trunk").named("gated")
    Multiplication().taking("gated", "trunk", "gated")
    GlobalAveragePooling1D()
    Dense(2)
  },
  NetworkCase("layer normalization", length: 8) {
    Convolution1D(filters: 5, kernelSize: 3)
    LayerNormalization()
    ActivationLayer(.silu)
    Flatten()
    LayerNormalization(epsilon: 1e-5)
    Dense(3)
  },
  NetworkCase("LSTM", length: 6) {
    Convolution1D(filters: 3, kernelSize: 2, activation: .tanh)
    Recurrent(.lstm, units: 4, direction: .both, returnsSequences: true)
    Recurrent(.lstm, units: 3, direction: .backward)
    Dense(2)
  },
  NetworkCase("GRU", length: 6) {
    Recurrent(.gru, units: 3, direction: .backward, returnsSequences: true)
    Dropout(0.2)
    Recurrent(.gru, units: 4, direction: .both)
    Dense(2)
  },
  NetworkCase("hard gates", length: 6) {
    Convolution1D(filters: 3, kernelSize: 2, activation: .hardSigmoidKeras2)
    Recurrent(.lstm, units: 4, returnsSequences: true, recurrentActivation: .hardSigmoidKeras2)
    Recurrent(.gru, units: 17, direction: .both, recurrentActivation: .hardSigmoid)
    Dense(2, activation: .softsign)
  },
  NetworkCase("resets before the product", length: 7) {
    Convolution1D(filters: 3, kernelSize: 2, activation: .tanh)
    Recurrent(.gru, units: 5, direction: .both, returnsSequences: true, resetsAfter: false)
    Recurrent(.gru, units: 18, direction: .backward, returnsSequences: true, resetsAfter: false)
    Recurrent(.gru, units: 3, recurrentActivation: .hardSigmoidKeras2, resetsAfter: false)
    Dense(2)
  },
  NetworkCase("the better of two strands", length: 9) {
    Convolution1D(
      filters: 3, kernelSize: 4, padding: .full, reverseComplement: .concatenation, activation: .selu)
    GlobalMaxPooling1D()
    Reshape(length: 2)
    Convolution1D(filters: 4, kernelSize: 1, activation: .geluTanh)
    Convolution1D(filters: 2, kernelSize: 1)
    GlobalMaxPooling1D()
  },
  NetworkCase("logsumexp", length: 11) {
    Convolution1D(filters: 4, kernelSize: 3, padding: .full, dilation: 2, activation: .leakyReluTorch)
    GlobalLogSumExpPooling1D()
    Dense(6, activation: .leakyReluKeras)
    Reshape(length: 3)
    Convolution1D(filters: 18, kernelSize: 2, padding: .full, activation: .hardSigmoid)
    Flatten()
    Reshape(length: 8)
    GlobalLogSumExpPooling1D()
  },
  NetworkCase("dense on the sequence", length: 7) {
    Flatten()
    Dense(5, activation: .tanh)
    Dense(2)
  },
]

/// Networks that need the running means and variances.
let normalizationCases: [NetworkCase] = [
  NetworkCase("normalization before and after", length: 15) {
    Convolution1D(filters: 5, kernelSize: 3)
    BatchNormalization()
    ActivationLayer(.relu)
    MaxPooling1D(2)
    Dropout(0.2)
    Convolution1D(filters: 18, kernelSize: 3, activation: .relu)
    BatchNormalization(.pytorch)
    GlobalMaxPooling1D()
    Dense(4)
    BatchNormalization(momentum: 0.9, epsilon: 1e-2)
    ActivationLayer(.elu)
    Dense(2)
  },
  NetworkCase("normalization of the input and of features", length: 9) {
    BatchNormalization()
    Convolution1D(filters: 3, kernelSize: 3, activation: .tanh)
    Flatten()
    BatchNormalization()
    Dense(2)
  },
  NetworkCase("normalization of both strands, then nothing else", length: 14) {
    Convolution1D(filters: 4, kernelSize: 4, padding: .same, reverseComplement: .concatenation)
    BatchNormalization(.pytorch)
    GlobalAveragePooling1D()
    Dense(1)
  },
  NetworkCase("normalization, global maximum", length: 16) {
    Convolution1D(filters: 6, kernelSize: 5, useBias: false)
    BatchNormalization()
    GlobalMaxPooling1D()
    Dropout(0.25)
    Dense(2)
  },
  NetworkCase("normalization with skips", length: 12) {
    Convolution1D(filters: 4, kernelSize: 3, padding: .same)
    BatchNormalization()
    ActivationLayer(.relu)
    Convolution1D(filters: 4, kernelSize: 3, padding: .same)
    BatchNormalization()
    Addition(layers: 2)
    Flatten()
    Dense(2)
  },
  NetworkCase("normalization in branches", length: 12, outputs: ["b", "a"]) {
    Convolution1D(filters: 4, kernelSize: 3, padding: .same).named("trunk")
    BatchNormalization()
    ActivationLayer(.relu).named("left")
    BatchNormalization().taking("trunk").named("right")
    Concatenate().taking("left", "right", "trunk")
    Convolution1D(filters: 3, kernelSize: 3)
    BatchNormalization(.pytorch).named("shared")
    GlobalMaxPooling1D()
    Dense(2).named("a")
    GlobalAveragePooling1D().taking("shared")
    BatchNormalization()
    Dense(1).named("b")
  },
]

/// Weights so large that several sequences, or the whole minibatch, go through them together.
let largeCases: [NetworkCase] = [
  NetworkCase("large products between normalizations", length: 40) {
    Convolution1D(filters: 70, kernelSize: 7, padding: .same)
    BatchNormalization()
    ActivationLayer(.relu)
    MaxPooling1D(3)
    Convolution1D(filters: 110, kernelSize: 11, padding: .same)
    BatchNormalization(.pytorch)
    ActivationLayer(.relu)
    MaxPooling1D(2)
    Flatten()
    Dense(130)
    BatchNormalization()
    ActivationLayer(.relu)
    Dropout(0.3)
    Dense(520, activation: .relu)
    Dense(3)
  },
  NetworkCase("same padding far longer than the sequence", length: 12) {
    Convolution1D(filters: 3, kernelSize: 1)
    Convolution1D(filters: 4, kernelSize: 9, padding: .same, dilation: 300, activation: .tanh)
    Convolution1D(filters: 3, kernelSize: 6, stride: 5, padding: .same, dilation: 700)
    Convolution1D(filters: 3, kernelSize: 400, padding: .same, dilation: 3, activation: .elu)
    Convolution1D(filters: 2, kernelSize: 1100, padding: .same, activation: .elu)
    GlobalAveragePooling1D()
    Dense(1)
  },
  NetworkCase("recurrent, to and fro", length: 5) {
    Recurrent(.gru, units: 18, returnsSequences: true)
    MaxPooling1D(2)
    Recurrent(.lstm, units: 2)
  },
  NetworkCase("a skip past large dense layers", length: 30) {
    Convolution1D(filters: 20, kernelSize: 5, activation: .relu)
    Flatten()
    Residual {
      Dense(160, activation: .relu)
      Dense(520, activation: .tanh)
    }
    Dense(3)
  },
  NetworkCase("large dense layers only", length: 30) {
    Convolution1D(filters: 20, kernelSize: 5, activation: .relu)
    Flatten()
    Dense(160, activation: .relu)
    Dropout(0.2)
    Dense(420)
  },
]

/// Larger shapes for the kernels' tiles and tails.
let engineCases: [NetworkCase] =
  (1...20).map { kernelSize in
    NetworkCase("first kernel of \(kernelSize)", length: 37 + kernelSize % 3) {
      Convolution1D(filters: 5 * kernelSize, kernelSize: kernelSize, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
  }
  + (1...20).map { kernelSize in
    NetworkCase("second kernel of \(kernelSize), same padding", length: 24) {
      Convolution1D(filters: 20 - kernelSize / 2, kernelSize: kernelSize, padding: .same, activation: .relu)
      MaxPooling1D(1 + kernelSize % 4)
      Dropout(0.2)
      Convolution1D(filters: 2 * kernelSize, kernelSize: kernelSize, padding: .same, activation: .relu)
      if kernelSize % 2 == 0 { MaxPooling1D(3) }
      Dropout(0.3)
      Flatten()
      Dense(kernelSize, activation: .relu)
      Dense(2)
    }
  }
  + [1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 64, 100].map { filters in
    NetworkCase("\(filters) filters", length: 19) {
      Convolution1D(filters: filters, kernelSize: 6, activation: .relu)
      MaxPooling1D(2)
      Convolution1D(filters: 101 - filters, kernelSize: 4, activation: .relu)
      GlobalMaxPooling1D()
      Dense(filters)
      Dense(1)
    }
  }
  + (2...7).map { pool in
    NetworkCase("pools of \(pool)", length: 81 - pool) {
      Convolution1D(filters: 18, kernelSize: 7, activation: pool % 2 == 0 ? .relu : .linear)
      MaxPooling1D(pool)
      Dropout(0.25)
      Convolution1D(filters: 17, kernelSize: 3, activation: pool % 2 == 0 ? .linear : .relu)
      MaxPooling1D(pool)
      Flatten()
      Dense(3)
    }
  }
  + [(1, 8), (2, 25), (4, 11)].map { filters, taps in
    NetworkCase("profiles of \(filters) filters", length: 67 + filters, outputs: ["same", "whole", "back"]) {
      Convolution1D(filters: 18, kernelSize: 5, activation: .relu).named("first")
      Convolution1D(filters: filters, kernelSize: taps, padding: .same).named("same")
      Convolution1D(filters: filters, kernelSize: taps, useBias: false).taking("first").named("whole")
      TransposedConvolution1D(filters: filters, kernelSize: taps, padding: .same).taking("first").named(
        "back")
    }
  }
  + [(10, Padding.same), (11, .valid), (12, .same), (17, .same)].map { taps, padding in
    // Groups of taps in pairs, with an odd and an even number of tiles.
    NetworkCase("\(taps) taps", length: 50 + taps) {
      Convolution1D(filters: 18, kernelSize: 3, activation: .relu)
      Convolution1D(filters: 20, kernelSize: taps, padding: padding, activation: .relu)
      MaxPooling1D(2)
      Convolution1D(filters: 7, kernelSize: taps, padding: .same)
      GlobalMaxPooling1D()
      Dense(2)
    }
  }
  + [(2, 5, Padding.same), (3, 3, .valid), (7, 3, .same), (8, 6, .same)].map { dilation, taps, padding in
    NetworkCase("\(taps) taps, dilation of \(dilation)", length: 61 + dilation) {
      Convolution1D(filters: 17, kernelSize: 2, activation: .relu)
      Convolution1D(
        filters: 33, kernelSize: taps, padding: padding, dilation: dilation, activation: .relu)
      Dropout(0.2)
      Convolution1D(filters: 6, kernelSize: taps, padding: .same, dilation: dilation)
      GlobalMaxPooling1D()
      Dense(2)
    }
  }
  + [(1, 2), (2, 1), (3, 1), (1, 3), (2, 3), (3, 2)].map { stride, dilation in
    NetworkCase("stride \(stride), dilation \(dilation)", length: 67) {
      Convolution1D(filters: 9, kernelSize: 5, stride: stride, dilation: dilation, activation: .relu)
      MaxPooling1D(2)
      Convolution1D(
        filters: 33, kernelSize: 3, stride: dilation, padding: .same, dilation: stride, activation: .relu)
      GlobalMaxPooling1D()
      Dense(2)
    }
  }
  + Preset.exercise.map { preset in
    NetworkCase("preset \(preset)", length: 100) { for layer in preset.layers { layer } }
  }
