internal import CKernels
import NeuralNetworks

/// A network as explanations run it: every layer is part of a stage.
///
/// Batch normalization is folded first. What a chain of plain convolutions, dense layers, ReLU, maxima and a mean before a dense
/// layer cannot say has no plan; such networks are explained layer by layer (`Trace`).
struct AttributionPlan: @unchecked Sendable {
  let stages: [AttributionStage]
  /// Bases of a sequence.
  let length: Int
  /// Place of each of the network's outputs in the last stage's output.
  let outputPlaces: [Int]
  /// Bases that one output of the last maximum stands for, or all.
  let pooled: Int
  let kernels: ck_network_kernels

  init?(_ network: Network, kernels: Kernels = .best) {
    let network = network.foldingNormalization()
    let architecture = network.architecture
    guard let forms = Self.forms(architecture) else { return nil }
    let number = (0..<ck_network_count()).first {
      String(cString: ck_network_table($0).pointee.name) == kernels.name
    }
    let table = ck_network_table(number ?? 0).pointee
    self.kernels = table
    length = architecture.input.length
    stages = forms.enumerated().map { index, form in
      let kernel = network.values(architecture.tensor(form.layer, .kernel)!)
      let bias = architecture.tensor(form.layer, .bias).map { tensor -> ArraySlice<Float> in
        let values = network.values(tensor)
        // Filters that score both strands have one bias for the two.
        return tensor.count < form.outputs ? (Array(values) + Array(values))[...] : values
      }
      return AttributionStage(
        form, isFirst: index == 0, kernels: table, bias: bias,
        weights: Self.weights(of: architecture.layers[form.layer], form, kernel))
    }
    // Windows beyond the sequence would be none.
    pooled = stages.reduce(1) { min($0 * $1.form.pool / $1.form.strands, architecture.input.length) }
    let last = stages[stages.count - 1]
    outputPlaces = (0..<last.form.pooled).flatMap { position in
      (0..<last.form.outputs).map { position * last.outputs + $0 }
    }
  }

  /// Whether DeepLIFT's rule can be applied stage by stage.
  var hasOneMaximumAStage: Bool { !stages.contains { $0.form.hasNestedMaxima } }

  private static func forms(_ architecture: Architecture) -> [AttributionStage.Form]? {
    // One after the other, and the last is the output.
    guard architecture.layers.indices.allSatisfy(architecture.isPassedOn), architecture.outputs.count == 1
    else {
      return nil
    }
    var forms: [AttributionStage.Form] = []
    // Whether the mean over positions is still to be taken up by weights.
    var isMean = false
    for (index, layer) in architecture.layers.enumerated() {
      let shape = architecture.inputShape(index)
      switch layer.kind {
      case .convolution1D(let layer):
        guard layer.stride == 1, layer.dilation == 1, layer.groups == 1,
          layer.activation == .linear || layer.activation == .relu
        else { return nil }
        let strands = layer.reverseComplement == .maximum ? 2 : 1
        forms.append(
          .init(
            taps: layer.kernelSize, channels: shape.channels, outputs: layer.outputChannels,
            length: shape.length,
            margins: layer.margins(length: shape.length), strands: strands, pool: strands,
            isRectified: layer.activation == .relu, layer: index))
      case .dense(let layer):
        guard !forms.isEmpty, layer.activation == .linear || layer.activation == .relu else { return nil }
        // A flattened map, or a mean over positions, is read position by position.
        let last = forms[forms.count - 1]
        forms.append(
          .init(
            taps: last.pooled, channels: last.outputs, outputs: layer.units, length: last.pooled,
            isRectified: layer.activation == .relu, layer: index))
        isMean = false
      case .activation(let layer):
        if layer.function == .linear { continue }
        guard layer.function == .relu, !isMean, !forms.isEmpty else { return nil }
        let last = forms.count - 1
        if !forms[last].isRectified, forms[last].pool > forms[last].strands {
          forms[last].isRectifiedLate = true
        }
        forms[last].isRectified = true
      case .maxPooling1D(let layer):
        guard layer.size == layer.stride, !forms.isEmpty else { return nil }
        forms[forms.count - 1].addMaximum(layer.size)
      case .globalMaxPooling1D:
        guard !forms.isEmpty else { return nil }
        forms[forms.count - 1].addMaximum(shape.length)
      case .globalAveragePooling1D:
        // Only weights can take up the division.
        let next = architecture.layers[(index + 1)...].first {
          if case .dropout = $0.kind { false } else { true }
        }
        guard !forms.isEmpty, case .dense? = next?.kind else { return nil }
        isMean = true
      case .flatten, .dropout: break
      case .averagePooling1D, .softmax, .batchNormalization, .addition, .concatenate, .cropping1D,
        .zeroPadding1D,
        .multiplication, .layerNormalization, .transposedConvolution1D, .recurrent, .reshape,
        .globalLogSumExpPooling1D:
        return nil
      }
    }
    return forms.isEmpty || forms.contains { $0.pool > Int(UInt16.max) } ? nil : forms
  }

  /// A layer's weights, (taps, channels, strands, outputs), from its kernel.
  private static func weights(
    of layer: Layer, _ form: AttributionStage.Form, _ kernel: ArraySlice<Float>
  ) -> ArraySlice<Float> {
    switch layer.kind {
    case .convolution1D(let layer) where layer.reverseComplement != nil:
      // (taps, bases, filters); on the other strand both run backwards.
      let rows = (0..<4 * form.taps).map {
        let start = kernel.startIndex + $0 * layer.filters
        return kernel[start..<start + layer.filters]
      }
      return zip(rows, rows.reversed()).flatMap { $0 + $1 }[...]
    case .dense where kernel.count < form.taps * form.channels * form.outputs:
      // A mean over positions: each has its share of the weight.
      let share = 1 / Float(form.taps)
      return Array(repeatElement(kernel.map { $0 * share }, count: form.taps).joined())[...]
    case .convolution1D, .dense, .maxPooling1D, .globalMaxPooling1D, .averagePooling1D,
      .globalAveragePooling1D,
      .flatten, .dropout, .activation, .softmax, .batchNormalization, .addition, .concatenate, .cropping1D,
      .zeroPadding1D, .multiplication, .layerNormalization, .transposedConvolution1D, .recurrent, .reshape,
      .globalLogSumExpPooling1D:
      return kernel
    }
  }
}
