internal import CKernels
import Runtime
import Sequences

/// A dense layer: one matrix product over a group of sequences, then ReLU and dropout.
///
/// A large one takes the whole minibatch, so that its weights are read once, and shares out units and inputs.
final class DenseStep: WholeStep, @unchecked Sendable {
  let layers: Range<Int>
  let epilogue: Epilogue
  private let takesWholeBatch: Bool
  var scope: StepScope { takesWholeBatch ? .minibatch(self) : .sequences }
  private let input: PaddedShape
  private let product: ck_convolution
  private let kernel: ParameterTensor
  private let bias: ParameterTensor?
  private let kernels: Kernels
  private let panels: FloatBuffer
  /// Of the transposed weights, for the gradient of the input.
  private let transposed: FloatBuffer
  /// The engine's parameters outlive it.
  private nonisolated(unsafe) var biases: UnsafePointer<Float>!

  init(
    layers: Range<Int>, input: PaddedShape, epilogue: Epilogue, kernel: ParameterTensor,
    bias: ParameterTensor?, mode: Engine.Mode, kernels: Kernels
  ) {
    self.layers = layers
    self.input = input
    self.epilogue = epilogue
    self.kernel = kernel
    self.bias = bias
    self.kernels = kernels
    product = ck_convolution(
      depth: Int32(input.count), taps: 1, tap_stride: 0, row_stride: Int32(input.count))
    let weights = epilogue.shape.stride * input.count
    // More than stays in a core's cache beside the rest.
    takesWholeBatch = mode == .fused && weights >= 1 << 16
    panels = FloatBuffer(count: weights)
    transposed = FloatBuffer(count: takesWholeBatch ? weights : 0)
  }

  var output: PaddedShape { epilogue.shape }

  private var stride: Int { epilogue.shape.stride }
  private var depth: Int { input.count }

  /// Weights (padded units, padded inputs), then biases.
  var parameterCount: Int { stride * depth + stride }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let (units, stride, depth) = (epilogue.shape.channels, stride, depth)
    let (channels, channelStride) = (input.channels, input.stride)
    let weights: (Int) -> Int = { index in
      let (unit, rest) = (index % units, index / units)
      return unit * depth + rest / channels * channelStride + rest % channels
    }
    return [(kernel, weights)] + (bias.map { [($0, { stride * depth + $0 })] } ?? [])
  }

  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) {
    biases = parameters + stride * depth
    nonisolated(unsafe) let parameters = parameters
    forEachPart(of: stride, threads: takesWholeBatch ? threads : 1) { units in
      let weights = ck_weights(values: parameters, output: Int64(depth), tap: 0, channel: 1)
      kernels.functions.pack(
        Int32(units.lowerBound), Int32(units.upperBound), 1, Int32(depth), Int32(stride), weights,
        panels.pointer)
    }
    guard takesWholeBatch else { return }
    forEachPart(of: depth, threads: threads) { inputs in
      let weights = ck_weights(values: parameters, output: 1, tap: 0, channel: Int64(depth))
      kernels.functions.pack(
        Int32(inputs.lowerBound), Int32(inputs.upperBound), 1, Int32(stride), Int32(depth), weights,
        transposed.pointer)
    }
  }

  private func rows(_ count: Int, outputs: Int) -> ck_rows {
    ck_rows(sequences: 1, count: Int32(count), outputs: Int32(outputs), x_stride: 0, z_stride: 0)
  }

  private func hasEpilogue(_ e: ck_epilogue) -> Bool { e.relu != 0 || e.drop != 0 }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let y = work.outputs[step]
    kernels.functions.product(
      rows(count, outputs: stride), Int32(stride), product, work.outputs[step - 1], panels.pointer, biases, y,
      nil)
    finish(work, step: step, sequences: 0..<count, epilogue: epilogue.c(training: training))
  }

  private func finish(_ work: Workspace, step: Int, sequences: Range<Int>, epilogue e: ck_epilogue) {
    guard hasEpilogue(e) else { return }
    let keys = work.keys + epilogue.dropout * work.capacity
    for s in sequences {
      let y = work.outputs[step] + s * stride
      kernels.functions.epilogue(e, y, nil, nil, keys[s], y, nil)
    }
  }

  /// Turns the gradient of the outputs into that of the product.
  private func start(_ work: Workspace, step: Int, sequences: Range<Int>) {
    let e = epilogue.c(training: true)
    guard hasEpilogue(e) else { return }
    for s in sequences {
      let dy = work.gradients[step] + s * stride
      kernels.functions.epilogue_backward(
        e, nil, nil, nil, nil, work.outputs[step] + s * stride, dy, nil, dy)
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let dy = work.gradients[step]
    let dx = work.gradients[step - 1]
    start(work, step: step, sequences: 0..<count)
    dx.update(repeating: 0, count: count * depth)
    kernels.functions.product_input(Int32(count), Int32(stride), product, dy, parameters, dx)
    guard let gradients else { return }
    kernels.functions.product_weights(
      rows(count, outputs: stride), Int32(stride), product, dy, work.outputs[step - 1], gradients,
      gradients + stride * depth)
  }

  func forward(whole work: Workspace, step: Int, count: Int, threads: Int) {
    nonisolated(unsafe) let (x, y) = (work.outputs[step - 1], work.outputs[step])
    forEachPart(of: stride, threads: threads) { units in
      let first = units.lowerBound
      kernels.functions.product(
        rows(count, outputs: stride), Int32(units.count), product, x, panels.pointer + first * depth,
        biases + first, y + first, nil)
    }
    finish(work, step: step, sequences: 0..<count, epilogue: epilogue.c(training: true))
  }

  func backward(
    whole work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>, threads: Int
  ) {
    start(work, step: step, sequences: 0..<count)
    nonisolated(unsafe) let (x, dx, dy) = (
      work.outputs[step - 1], work.gradients[step - 1], work.gradients[step]
    )
    nonisolated(unsafe) let gradients = gradients
    let back = ck_convolution(depth: Int32(stride), taps: 1, tap_stride: 0, row_stride: Int32(stride))
    forEachPart(of: depth, threads: threads) { inputs in
      let first = inputs.lowerBound
      kernels.functions.product(
        rows(count, outputs: depth), Int32(inputs.count), back, dy, transposed.pointer + first * stride, nil,
        dx + first, nil)
    }
    forEachPart(of: stride, threads: threads) { units in
      let first = units.lowerBound
      let (dw, dbias) = (gradients + first * depth, gradients + stride * depth + first)
      dw.update(repeating: 0, count: units.count * depth)
      dbias.update(repeating: 0, count: units.count)
      kernels.functions.product_weights(
        rows(count, outputs: stride), Int32(units.count), product, dy + first, x, dw, dbias)
    }
  }

  /// Parts of whole panels.
  private func forEachPart(of count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let size = 2 * max(Int(kernels.functions.panel), Int(CK_BLOCK))
    Parallel.forEach((count + size - 1) / size, threads: threads) { part in
      body(part * size..<min(count, (part + 1) * size))
    }
  }
}
