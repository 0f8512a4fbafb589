internal import CKernels
import Runtime
import Sequences

/// A network made ready to run: its layers as steps, its parameters as the kernels want them.
final class Engine: @unchecked Sendable {
  /// What the steps are for.
  enum Mode {
    /// As few steps as possible: convolution, ReLU, pooling and dropout in one.
    case fused
    /// A step for each layer and the input as one-hot rows, so that every activation and its gradient can be read.
    case layerwise
  }

  let architecture: Architecture
  let kernels: Kernels
  let steps: [any Step]
  let first: FirstLayerLayout
  /// The most threads that bring parameters into the engine's order and back.
  let threads: Int
  /// Number of dropout layers.
  let dropouts: Int
  /// Each step's parameters, one after the other.
  let parameters: FloatBuffer
  /// Where each step's parameters begin.
  let offsets: [Int]
  /// Places that hold no parameter of the network (padding, biases it does not have): their gradient is dropped.
  private lazy var unusedPlaces = findUnusedPlaces()
  /// Pairs of places that hold the same parameter.
  private lazy var tiedPlaces = zip(steps, offsets).flatMap { Self.tiedPlaces($0.parameterMap, offset: $1) }
  /// Places of running means and variances.
  private(set) lazy var untrainedPlaces = zip(steps, offsets).flatMap { step, offset in
    step.parameterMap.filter { !$0.tensor.isTrainable }.flatMap { entry in
      (0..<entry.tensor.count).map { offset + entry.place($0) }
    }
  }
  /// Neighbouring parameters, and whether each shard of a minibatch has a part of their gradient or the first has it whole.
  let gradientParts: [(range: Range<Int>, isSharded: Bool)]

  init(_ architecture: Architecture, mode: Mode = .fused, kernels: Kernels = .best, threads: Int) {
    self.architecture = architecture
    self.kernels = kernels
    self.threads = threads
    var planner = Planner(architecture: architecture, mode: mode, kernels: kernels)
    steps = planner.plan()
    dropouts = planner.dropouts
    first = (steps[0] as? DNAConvolutionStep)?.layout ?? (steps[0] as! OneHotStep).layout
    var offsets: [Int] = []
    var count = 0
    for step in steps {
      offsets.append(count)
      count += padded(step.parameterCount)
    }
    self.offsets = offsets
    parameters = FloatBuffer(count: count)
    var parts: [(range: Range<Int>, isSharded: Bool)] = []
    for (step, offset) in zip(steps, offsets) where step.parameterCount > 0 {
      var range = offset..<offset + padded(step.parameterCount)
      if let last = parts.last, last.isSharded != step.takesWholeBatch {
        range = last.range.lowerBound..<range.upperBound
        parts.removeLast()
      }
      parts.append((range, !step.takesWholeBatch))
    }
    gradientParts = parts
  }

  private func findUnusedPlaces() -> [Int] {
    let used = FloatBuffer(count: parameters.count)
    forEachParameter { used.pointer[$1] = 1 }
    return (0..<used.count).filter { used.pointer[$0] == 0 }
  }

  /// A tensor that is in a map twice holds each number in two places.
  private static func tiedPlaces(_ map: [(tensor: ParameterTensor, place: (Int) -> Int)], offset: Int) -> [(
    Int, Int
  )] {
    map.enumerated().flatMap { index, entry -> [(Int, Int)] in
      guard let first = map[..<index].first(where: { $0.tensor == entry.tensor }) else { return [] }
      return (0..<entry.tensor.count).map { (offset + first.place($0), offset + entry.place($0)) }
    }
  }

  convenience init(_ network: Network, mode: Mode = .fused, kernels: Kernels = .best, threads: Int) {
    self.init(network.architecture, mode: mode, kernels: kernels, threads: threads)
    scatter(network.parameters, into: parameters)
    prepare()
  }

  /// Brings what is derived from the parameters up to date.
  func prepare(threads: Int = 1) {
    for (step, offset) in zip(steps, offsets) { step.prepare(parameters.pointer + offset, threads: threads) }
  }

  /// Numbers in the order of the architecture's tensors → the engine's order (parameters, or an optimizer's moments).
  func scatter(_ values: [Float], into buffer: FloatBuffer) {
    values.withUnsafeBufferPointer { values in
      nonisolated(unsafe) let values = values
      forEachParameter { buffer.pointer[$1] = values[$0] }
    }
  }

  /// The engine's order → the order of the architecture's tensors.
  func gather(_ buffer: FloatBuffer) -> [Float] {
    [Float](unsafeUninitializedCapacity: architecture.parameterCount) { values, count in
      nonisolated(unsafe) let target = values
      forEachParameter { target[$0] = buffer.pointer[$1] }
      count = architecture.parameterCount
    }
  }

  /// Zeroes gradients of places that hold no parameter, and gives places that hold the same one the sum of theirs.
  func settle(_ gradients: FloatBuffer) {
    for i in unusedPlaces { gradients.pointer[i] = 0 }
    for (a, b) in tiedPlaces {
      let sum = gradients.pointer[a] + gradients.pointer[b]
      gradients.pointer[a] = sum
      gradients.pointer[b] = sum
    }
  }

  /// Σ g² over places that hold a parameter again, which a norm counts once.
  func repeatedSquares(_ gradients: FloatBuffer) -> Double {
    tiedPlaces.reduce(0) { $0 + Double(gradients.pointer[$1.1]) * Double(gradients.pointer[$1.1]) }
  }

  private func forEachParameter(_ body: @Sendable (_ canonical: Int, _ place: Int) -> Void) {
    let part = 1 << 16
    for (step, offset) in zip(steps, offsets) {
      for entry in step.parameterMap {
        let tensor = entry.tensor
        nonisolated(unsafe) let place = entry.place
        Parallel.forEach((tensor.count + part - 1) / part, threads: threads) { number in
          for i in number * part..<min(tensor.count, (number + 1) * part) {
            body(tensor.offset + i, offset + place(i))
          }
        }
      }
    }
  }

  /// Floats of one sequence in a workspace.
  var floatsPerSequence: Int { steps.reduce(first.trimerStride / 4) { $0 + 5 * $1.output.count / 2 } }

  /// Sequences that a worker runs together so that what it writes stays in its cache: `count` in groups as even as can be.
  func groupSize(_ count: Int) -> Int {
    let most = max(1, (384 << 10) / 4 / floatsPerSequence)
    let groups = (count + most - 1) / most
    return (count + groups - 1) / groups
  }

  func forward(_ work: Workspace, count: Int, training: Bool) {
    for (index, step) in steps.enumerated() {
      step.forward(work, step: index, count: count, training: training)
    }
  }

  /// Gradients of all steps, given that of the last one's output.
  func backward(_ work: Workspace, count: Int, gradients: UnsafeMutablePointer<Float>) {
    for index in steps.indices.reversed() {
      steps[index].backward(
        work, step: index, count: count, parameters: parameters.pointer + offsets[index],
        gradients: gradients + offsets[index])
    }
  }
}

/// Turns layers into steps.
private struct Planner {
  let architecture: Architecture
  let mode: Engine.Mode
  let kernels: Kernels
  var steps: [any Step] = []
  var dropouts = 0
  /// Layers whose input is needed again, and the steps that keep it.
  let forks: Set<Int>
  var forkSteps: [Int: Int] = [:]

  init(architecture: Architecture, mode: Engine.Mode, kernels: Kernels) {
    self.architecture = architecture
    self.mode = mode
    self.kernels = kernels
    forks = architecture.forks
  }

  mutating func plan() -> [any Step] {
    if !startsOnCodes { steps.append(OneHotStep(length: architecture.input.length)) }
    var layer = 0
    while layer < architecture.layers.count { layer = add(layer) }
    return steps
  }

  /// The first layer works on codes when it is a plain convolution.
  private var startsOnCodes: Bool {
    guard mode == .fused, !forks.contains(0), case .convolution1D(let first) = architecture.layers[0] else {
      return false
    }
    return first.stride == 1 && first.dilation == 1
  }

  private func input(_ layer: Int) -> PaddedShape {
    steps.last?.output ?? PaddedShape(architecture.inputShape(layer))
  }

  /// Adds the step that begins with `layer`; returns the first layer after it.
  private mutating func add(_ layer: Int) -> Int {
    if forks.contains(layer) {
      flatten(before: layer)
      forkSteps[layer] = steps.count
      steps.append(ForkStep(layers: layer..<layer, shape: input(layer)))
    }
    switch architecture.layers[layer] {
    case .convolution1D(let convolution):
      let strands = convolution.reverseComplement == nil ? 1 : 2
      let shape = PaddedShape(
        .map(length: architecture.shapes[layer].length, channels: strands * convolution.filters))
      let mergesStrands = convolution.reverseComplement == .maximum
      // Maxima over positions and strands may change places, dropout may not.
      let (epilogue, end, rest) = self.epilogue(
        after: layer, shape: shape, activation: convolution.activation, allowsDropout: !mergesStrands)
      let kernel = architecture.tensor(layer, "kernel")!
      let bias = architecture.tensor(layer, "bias")
      if steps.isEmpty, convolution.activation == .linear, !mergesStrands, mode == .fused,
        layer + 1 < architecture.layers.count, !forks.contains(layer + 1),
        case .batchNormalization(let normalization) = architecture.layers[layer + 1]
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
        steps.append(
          ConvolutionStep(
            convolution, layers: layer..<end, input: input(layer), epilogue: epilogue,
            kernel: kernel, bias: bias, mode: mode, kernels: kernels))
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
          kernel: architecture.tensor(layer, "kernel")!, bias: architecture.tensor(layer, "bias"),
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
      addWindow(layer, size: pooling.size, stride: pooling.stride, isMean: false)
    case .globalMaxPooling1D:
      addWindow(layer, size: input(layer).length, stride: input(layer).length, isMean: false)
    case .averagePooling1D(let pooling):
      addWindow(layer, size: pooling.size, stride: pooling.stride, isMean: true)
    case .globalAveragePooling1D:
      addWindow(layer, size: input(layer).length, stride: input(layer).length, isMean: true)
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
    case .addition(let addition):
      flatten(before: layer)
      let fork = forkSteps[layer - addition.layers]!
      (steps[fork] as! ForkStep).additions.append(steps.count)
      steps.append(AdditionStep(layers: layer..<layer + 1, shape: input(layer), fork: fork))
    }
    return layer + 1
  }

  /// Takes the padding between flattened positions out, if `layer` is given features that still have it.
  private mutating func flatten(before layer: Int) {
    let shape = input(layer)
    guard case .features = architecture.inputShape(layer), shape.length > 1 else { return }
    steps.append(FlattenStep(layers: layer - 1..<layer, input: shape))
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
    func peek() -> Layer? {
      next < architecture.layers.count && !forks.contains(next) ? architecture.layers[next] : nil
    }
    if !epilogue.relu, case .activation(let layer)? = peek(), layer.function == .relu {
      epilogue.relu = true
      next += 1
    }
    // A winner's offset is kept in 16 bits.
    if case .maxPooling1D(let pooling)? = peek(), pooling.size == pooling.stride, pooling.size < 1 << 16 {
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

  private mutating func addWindow(_ layer: Int, size: Int, stride: Int, isMean: Bool) {
    let input = input(layer)
    if !isMean, size == stride, size < 1 << 16 {
      var epilogue = Epilogue(shape: input)
      epilogue.pool = size
      steps.append(EpilogueStep(layers: layer..<layer + 1, epilogue: epilogue, kernels: kernels))
    } else {
      steps.append(
        WindowStep(layers: layer..<layer + 1, input: input, size: size, stride: stride, isMean: isMean))
    }
  }
}
