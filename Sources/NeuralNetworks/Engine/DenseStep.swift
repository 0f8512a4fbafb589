internal import CKernels

/// A dense layer: one matrix product over a group of sequences, then ReLU and dropout.
final class DenseStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let epilogue: Epilogue
  private let input: PaddedShape
  private let product: ck_convolution
  private let kernel: ParameterTensor
  private let bias: ParameterTensor?
  private let kernels: Kernels
  private let panels: FloatBuffer
  /// The engine's parameters outlive it.
  private nonisolated(unsafe) var biases: UnsafePointer<Float>!

  init(
    layers: Range<Int>, input: PaddedShape, epilogue: Epilogue, kernel: ParameterTensor,
    bias: ParameterTensor?,
    kernels: Kernels
  ) {
    self.layers = layers
    self.input = input
    self.epilogue = epilogue
    self.kernel = kernel
    self.bias = bias
    self.kernels = kernels
    product = ck_convolution(
      depth: Int32(input.count), taps: 1, tap_stride: 0, row_stride: Int32(input.count))
    panels = FloatBuffer(count: epilogue.shape.stride * input.count)
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

  func prepare(_ parameters: UnsafePointer<Float>) {
    kernels.functions.pack(Int32(stride), Int32(depth), parameters, panels.pointer)
    biases = parameters + stride * depth
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let e = epilogue.c(training: training)
    let y = work.outputs[step].pointer
    kernels.functions.product(
      Int32(count), Int32(stride), product, work.outputs[step - 1].pointer, panels.pointer, biases, y)
    guard e.relu != 0 || e.drop != 0 else { return }
    let keys = work.keys + epilogue.dropout * work.capacity
    for s in 0..<count { kernels.functions.epilogue(e, y + s * stride, keys[s], y + s * stride, nil) }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let e = epilogue.c(training: true)
    let y = work.outputs[step].pointer
    let dy = work.gradients[step].pointer
    let dx = work.gradients[step - 1].pointer
    if e.relu != 0 || e.drop != 0 {
      for s in 0..<count {
        kernels.functions.epilogue_backward(e, y + s * stride, dy + s * stride, nil, dy + s * stride)
      }
    }
    dx.update(repeating: 0, count: count * depth)
    kernels.functions.product_input(Int32(count), Int32(stride), product, dy, parameters, dx)
    kernels.functions.product_weights(
      Int32(count), Int32(stride), product, dy, work.outputs[step - 1].pointer, gradients,
      gradients + stride * depth)
  }
}
