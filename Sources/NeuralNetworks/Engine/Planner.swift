internal import CKernels

/// Turns layers into steps.
struct Planner {
  let architecture: Architecture
  let mode: Engine.Mode
  let kernels: Kernels
  private var steps: [any Step] = []
  private(set) var dropouts = 0
  /// The step whose output is each activation: 0 is the input, i + 1 the output of layer i.
  private(set) var stepOfActivation: [Int]
  /// How often each activation will be taken again.
  private var usesLeft: [Int]

  init(architecture: Architecture, mode: Engine.Mode, kernels: Kernels) {
    self.architecture = architecture
    self.mode = mode
    self.kernels = kernels
    let activations = 0...architecture.layers.count
    stepOfActivation = activations.map { _ in 0 }
    usesLeft = activations.map(architecture.uses)
  }

  mutating func plan() -> [any Step] {
    if !startsOnCodes { steps.append(OneHotStep(length: architecture.input.length)) }
    var layer = 0
    while layer < architecture.layers.count {
      let end = add(layer)
      for activation in layer + 1...end { stepOfActivation[activation] = steps.count - 1 }
      // What several layers take has its final form from the start.
      if !architecture.isPassedOn(end), end < architecture.layers.count { flatten(activation: end) }
      layer = end
    }
    if architecture.outputs.count > 1 {
      let links = architecture.outputs.map { link($0.layer + 1) }
      steps.append(JoinStep(flattening: links, of: links.map { steps[$0.step].output }))
    }
    return steps
  }

  /// The first layer works on codes when it is a plain convolution.
  private var startsOnCodes: Bool {
    guard mode == .fused, architecture.isPassedOn(0),
      case .convolution1D(let first) = architecture.layers[0].kind
    else { return false }
    return first.stride == 1 && first.dilation == 1
  }

  private func input(_ layer: Int) -> PaddedShape {
    steps.last?.output ?? PaddedShape(architecture.inputShape(layer))
  }

  /// The way from an activation to a step that takes it in addition to others or apart from the step before.
  private mutating func link(_ activation: Int) -> Link {
    usesLeft[activation] -= 1
    return Link(step: stepOfActivation[activation], adds: usesLeft[activation] > 0)
  }

  /// Adds the step that begins with `layer`; returns the first layer after it.
  private mutating func add(_ layer: Int) -> Int {
    let sources = architecture.sources[layer]
    if sources.count == 1, !architecture.isPassedOn(sources[0]) {
      let link = link(sources[0])
      steps.append(BranchStep(link, layers: layer..<layer, shape: steps[link.step].output))
    }
    switch architecture.layers[layer].kind {
    case .convolution1D(let convolution) where convolution.groups > 1 && !steps.isEmpty:
      steps.append(
        GroupedConvolutionStep(
          convolution, layers: layer..<layer + 1, input: input(layer),
          output: PaddedShape(architecture.shapes[layer]), kernel: architecture.tensor(layer, .kernel)!,
          bias: architecture.tensor(layer, .bias), kernels: kernels))
      addActivation(convolution.activation, layers: layer..<layer + 1)
    case .convolution1D(let convolution):
      let strands = convolution.reverseComplement == nil ? 1 : 2
      let shape = PaddedShape(
        .map(length: architecture.shapes[layer].length, channels: strands * convolution.filters))
      let mergesStrands = convolution.reverseComplement == .maximum
      // Maxima over positions and strands may change places, dropout may not.
      let (epilogue, end, rest) = self.epilogue(
        after: layer, shape: shape, activation: convolution.activation, allowsDropout: !mergesStrands)
      let kernel = architecture.tensor(layer, .kernel)!
      let bias = architecture.tensor(layer, .bias)
      if steps.isEmpty, convolution.activation == .linear, !mergesStrands, mode == .fused,
        let next = following(layer), case .batchNormalization(let normalization) = next.kind
      {
        let (epilogue, end, _) = self.epilogue(after: layer + 1, shape: shape, activation: .linear)
        steps.append(
          NormalizedDNAConvolutionStep(
            convolution, normalization: normalization, layers: layer..<end,
            length: architecture.input.length, epilogue: epilogue, kernel: kernel, bias: bias,
            tensors: architecture.tensors.filter { $0.layer == layer + 1 }, kernels: kernels))
        return end
      }
      if steps.isEmpty {
        steps.append(
          DNAConvolutionStep(
            convolution, layers: layer..<end, length: architecture.input.length, epilogue: epilogue,
            kernel: kernel, bias: bias, kernels: kernels))
      } else {
        addConvolution(convolution, layers: layer..<end, epilogue)
      }
      if mergesStrands { steps.append(StrandMaximumStep(layers: layer..<end, input: input(layer))) }
      addActivation(rest, layers: layer..<end)
      return end
    case .dense(let dense):
      let shape = PaddedShape(architecture.shapes[layer])
      let (epilogue, end, rest) = self.epilogue(after: layer, shape: shape, activation: dense.activation)
      steps.append(
        DenseStep(
          layers: layer..<end, input: input(layer), epilogue: epilogue,
          kernel: architecture.tensor(layer, .kernel)!, bias: architecture.tensor(layer, .bias),
          mode: mode, kernels: kernels))
      addActivation(rest, layers: layer..<end)
      return end
    case .flatten: break  // The same numbers under another shape.
    case .dropout(let dropout):
      guard mode == .fused else { break }
      var epilogue = Epilogue(shape: input(layer))
      epilogue.rate = dropout.rate
      epilogue.dropout = dropouts
      dropouts += 1
      steps.append(EpilogueStep(layers: layer..<layer + 1, epilogue: epilogue, kernels: kernels))
    case .activation(let activation): addActivation(activation.function, layers: layer..<layer + 1)
    case .maxPooling1D(let pooling):
      let left = pooling.margins(length: input(layer).length).left
      addWindow(layer, size: pooling.size, stride: pooling.stride, left: left, isMean: false)
    case .averagePooling1D(let pooling):
      let left = pooling.margins(length: input(layer).length).left
      addWindow(layer, size: pooling.size, stride: pooling.stride, left: left, isMean: true)
    case .globalMaxPooling1D:
      addWindow(layer, size: input(layer).length, stride: input(layer).length, isMean: false)
    case .globalAveragePooling1D:
      addWindow(layer, size: input(layer).length, stride: input(layer).length, isMean: true)
    case .globalLogSumExpPooling1D:
      steps.append(LogSumExpStep(layers: layer..<layer + 1, input: input(layer)))
    case .reshape(let reshape):
      flatten(before: layer)
      steps.append(ReshapeStep(layers: layer..<layer + 1, input: input(layer), length: reshape.length))
    case .softmax:
      flatten(before: layer)
      steps.append(SoftmaxStep(layers: layer..<layer + 1, shape: input(layer)))
    case .batchNormalization(let normalization):
      flatten(before: layer)
      let (epilogue, end, _) = self.epilogue(after: layer, shape: input(layer), activation: .linear)
      steps.append(
        NormalizationStep(
          normalization, layers: layer..<end, epilogue: epilogue,
          tensors: architecture.tensors.filter { $0.layer == layer }, kernels: kernels))
      return end
    case .addition:
      let links = sources.map { link($0) }
      steps.append(
        AdditionStep(links, layers: layer..<layer + 1, shape: PaddedShape(architecture.shapes[layer])))
    case .concatenate:
      let links = sources.map { link($0) }
      steps.append(
        JoinStep(channels: links, of: links.map { steps[$0.step].output }, layers: layer..<layer + 1))
    case .cropping1D(let crop):
      steps.append(
        SpreadStep(
          layers: layer..<layer + 1, input: input(layer), length: architecture.shapes[layer].length,
          first: -crop.left))
    case .zeroPadding1D(let zeros):
      steps.append(
        SpreadStep(
          layers: layer..<layer + 1, input: input(layer), length: architecture.shapes[layer].length,
          first: zeros.left))
    case .multiplication:
      let links = sources.map { link($0) }
      steps.append(
        MultiplicationStep(links, of: links.map { steps[$0.step].output }, layers: layer..<layer + 1))
    case .layerNormalization(let normalization):
      flatten(before: layer)
      steps.append(
        LayerNormalizationStep(
          normalization, layers: layer..<layer + 1, shape: input(layer),
          tensors: architecture.tensors.filter { $0.layer == layer }))
    case .recurrent(let recurrent):
      steps.append(
        RecurrentStep(
          recurrent, layers: layer..<layer + 1, input: input(layer), output: architecture.shapes[layer],
          tensors: architecture.tensors.filter { $0.layer == layer }, kernels: kernels))
    case .transposedConvolution1D(let transposed):
      // A convolution with the taps reversed over the input, spread by the stride.
      let (taps, shape) = (transposed.kernelSize, PaddedShape(architecture.shapes[layer]))
      steps.append(
        SpreadStep(
          layers: layer..<layer, input: input(layer), length: shape.length + taps - 1,
          first: taps - 1 - transposed.cropped, stride: transposed.stride))
      let (epilogue, end, rest) = self.epilogue(
        after: layer, shape: shape, activation: transposed.activation)
      addConvolution(
        Convolution1D(filters: transposed.filters, kernelSize: taps), layers: layer..<end, epilogue,
        reversesTaps: true)
      addActivation(rest, layers: layer..<end)
      return end
    }
    return layer + 1
  }

  /// The layer after this one, if it takes what this one gives and nothing else does.
  private func following(_ layer: Int) -> Layer? {
    architecture.isPassedOn(layer + 1) ? architecture.layers[layer + 1] : nil
  }

  /// Takes the padding between flattened positions out, if an activation is features that still have it. Only the last
  /// step's output can be.
  private mutating func flatten(activation: Int) {
    let shape = steps[stepOfActivation[activation]].output
    guard case .features = architecture.shape(ofActivation: activation), shape.length > 1 else { return }
    steps.append(FlattenStep(layers: activation..<activation, input: shape))
    stepOfActivation[activation] = steps.count - 1
  }

  private mutating func flatten(before layer: Int) {
    if let last = steps.last, last.output.length > 1, case .features = architecture.inputShape(layer) {
      steps.append(FlattenStep(layers: layer..<layer, input: last.output))
    }
  }

  /// What of the layers after `layer` can be done in the same pass: ReLU, then pooling, then dropout.
  ///
  /// `rest` is an activation that needs a step of its own, so nothing after it is taken.
  private mutating func epilogue(
    after layer: Int, shape: PaddedShape, activation: Activation, allowsDropout: Bool = true
  ) -> (Epilogue, end: Int, rest: Activation) {
    var epilogue = Epilogue(shape: shape)
    var next = layer + 1
    guard activation == .linear || activation == .relu else { return (epilogue, next, activation) }
    epilogue.relu = activation == .relu
    guard mode == .fused else { return (epilogue, next, .linear) }
    func peek() -> Layer.Kind? { following(next - 1)?.kind }
    // Where a normalization was folded away, a linear activation is left.
    while case .activation(let layer)? = peek(), layer.function == .linear { next += 1 }
    if !epilogue.relu, case .activation(let layer)? = peek(), layer.function == .relu {
      epilogue.relu = true
      next += 1
    }
    // A winner's offset is kept in 16 bits.
    if case .maxPooling1D(let pooling)? = peek(), pooling.size == pooling.stride, pooling.size < 1 << 16,
      pooling.margins(length: shape.length) == (0, 0)
    {
      epilogue.pool = pooling.size
      next += 1
    } else if case .globalMaxPooling1D? = peek(), shape.length < 1 << 16 {
      epilogue.pool = shape.length
      next += 1
    }
    if allowsDropout, case .dropout(let dropout)? = peek() {
      epilogue.rate = dropout.rate
      epilogue.dropout = dropouts
      dropouts += 1
      next += 1
    }
    return (epilogue, next, .linear)
  }

  /// Adds a convolution after the first layer.
  private mutating func addConvolution(
    _ convolution: Convolution1D, layers: Range<Int>, _ epilogue: Epilogue, reversesTaps: Bool = false
  ) {
    let layer = layers.lowerBound
    let input = input(layer)
    let (kernel, bias) = (architecture.tensor(layer, .kernel)!, architecture.tensor(layer, .bias))
    let isOutput = architecture.outputs.contains { $0.layer == layer }
    if isOutput, NarrowConvolutionStep.takes(convolution, epilogue, mode: mode) {
      steps.append(
        NarrowConvolutionStep(
          convolution, layers: layers, input: input, output: epilogue.output, kernel: kernel, bias: bias,
          reversesTaps: reversesTaps, kernels: kernels))
    } else {
      steps.append(
        ConvolutionStep(
          convolution, layers: layers, input: input, epilogue: epilogue, kernel: kernel, bias: bias,
          reversesTaps: reversesTaps, mode: mode, kernels: kernels))
    }
  }

  private mutating func addActivation(_ function: Activation, layers: Range<Int>) {
    switch function {
    case .linear: break
    case .relu:
      var epilogue = Epilogue(shape: input(layers.lowerBound))
      epilogue.relu = true
      steps.append(EpilogueStep(layers: layers, epilogue: epilogue, kernels: kernels))
    default:
      steps.append(ActivationStep(layers: layers, shape: input(layers.lowerBound), function: function))
    }
  }

  private mutating func addWindow(_ layer: Int, size: Int, stride: Int, left: Int = 0, isMean: Bool) {
    let input = input(layer)
    let output = PaddedShape(.map(length: architecture.shapes[layer].length, channels: input.channels))
    // The epilogue takes full windows that do not overlap.
    if !isMean, size == stride, size < 1 << 16, output.length * size <= input.length {
      var epilogue = Epilogue(shape: input)
      epilogue.pool = size
      steps.append(EpilogueStep(layers: layer..<layer + 1, epilogue: epilogue, kernels: kernels))
    } else {
      steps.append(
        WindowStep(
          layers: layer..<layer + 1, input: input, output: output, size: size, stride: stride, left: left,
          isMean: isMean))
    }
  }
}
