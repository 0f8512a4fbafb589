internal import CKernels

/// A convolution after the first, or a dense layer: a matrix product on rows of the input, then the epilogue.
///
/// Rows of a convolution overlap (row stride = stride · channels); a dense layer has one row a sequence.
final class ProductStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let epilogue: Epilogue
  private let input: PaddedShape
  private let margins: (left: Int, right: Int)
  private let convolution: ck_convolution
  private let isDense: Bool
  private let kernel: ParameterTensor
  private let bias: ParameterTensor?
  private let kernels: Kernels
  private let panels: FloatBuffer

  init(
    convolution layer: Convolution1D, layers: Range<Int>, input: PaddedShape, epilogue: Epilogue,
    kernel: ParameterTensor, bias: ParameterTensor?, kernels: Kernels
  ) {
    let dense = layer.dilation == 1
    convolution = ck_convolution(
      depth: Int32(dense ? layer.kernelSize * input.stride : input.stride),
      taps: Int32(dense ? 1 : layer.kernelSize), tap_stride: Int32(layer.dilation * input.stride),
      row_stride: Int32(layer.stride * input.stride))
    margins = layer.margins(length: input.length)
    isDense = false
    self.layers = layers
    self.input = input
    self.epilogue = epilogue
    self.kernel = kernel
    self.bias = bias
    self.kernels = kernels
    panels = FloatBuffer(count: epilogue.shape.stride * Int(convolution.depth * convolution.taps))
  }

  init(
    dense layers: Range<Int>, input: PaddedShape, epilogue: Epilogue, kernel: ParameterTensor,
    bias: ParameterTensor?, kernels: Kernels
  ) {
    convolution = ck_convolution(
      depth: Int32(input.count), taps: 1, tap_stride: 0, row_stride: Int32(input.count))
    margins = (0, 0)
    isDense = true
    self.layers = layers
    self.input = input
    self.epilogue = epilogue
    self.kernel = kernel
    self.bias = bias
    self.kernels = kernels
    panels = FloatBuffer(count: epilogue.shape.stride * input.count)
  }

  var output: PaddedShape {
    isDense ? epilogue.shape : PaddedShape(.map(length: epilogue.pooled, channels: epilogue.shape.channels))
  }
  var hasWinners: Bool { epilogue.pool > 1 }

  private var stride: Int { epilogue.shape.stride }
  private var depth: Int { Int(convolution.depth * convolution.taps) }
  private var paddedInput: Int {
    margins.left + margins.right == 0 ? 0 : (input.length + margins.left + margins.right) * input.stride
  }
  private var outputs: Int { epilogue.shape.count }

  /// Weights (padded filters, depth), then biases.
  var parameterCount: Int { stride * depth + stride }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let (filters, stride, depth) = (epilogue.shape.channels, stride, depth)
    let (channels, channelStride) = (input.channels, input.stride)
    let weights: (Int) -> Int = { index in
      let (filter, rest) = (index % filters, index / filters)
      return filter * depth + rest / channels * channelStride + rest % channels
    }
    return [(kernel, weights)] + (bias.map { [($0, { stride * depth + $0 })] } ?? [])
  }

  /// Outputs before the epilogue, the lists of the sparse pass, the input with its margins and its gradient.
  var scratchCount: Int {
    outputs * (isDense ? 0 : 1) + 2 * (epilogue.pooled + epilogue.shape.length) * stride + stride
      + epilogue.shape.length + 2 * paddedInput + 64
  }

  func prepare(_ parameters: UnsafePointer<Float>) {
    kernels.functions.pack(Int32(stride), Int32(depth), parameters, panels.pointer)
    biases = parameters + stride * depth
  }

  /// The engine's parameters outlive it.
  private nonisolated(unsafe) var biases: UnsafePointer<Float>!

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let e = epilogue.c(training: training)
    let x = work.outputs[step - 1].pointer
    let y = work.outputs[step].pointer
    let keys = work.keys + epilogue.dropout * work.capacity
    if isDense {
      kernels.functions.product(Int32(count), Int32(stride), convolution, x, panels.pointer, biases, y)
      guard e.relu != 0 || e.drop != 0 else { return }
      for s in 0..<count {
        kernels.functions.epilogue(e, y + s * stride, keys[s], y + s * stride, nil)
      }
      return
    }
    let z = work.scratch.pointer
    let margin = z + padded(outputs)
    for s in 0..<count {
      let source = withMargins(x + s * input.count, margin)
      let plain = e.relu == 0 && e.drop == 0 && e.pool == 1
      let target = plain ? y + s * outputs : z
      kernels.functions.product(
        Int32(epilogue.shape.length), Int32(stride), convolution, source, panels.pointer, biases, target)
      if !plain {
        kernels.functions.epilogue(
          e, z, keys[s], y + s * output.count, work.winners[step].map { $0 + s * output.count })
      }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let e = epilogue.c(training: true)
    let x = work.outputs[step - 1].pointer
    let dx = work.gradients[step - 1].pointer
    let y = work.outputs[step].pointer
    let dy = work.gradients[step].pointer
    let dbias = gradients + stride * depth
    dx.update(repeating: 0, count: count * input.count)
    if isDense {
      if e.relu != 0 || e.drop != 0 {
        for s in 0..<count {
          kernels.functions.epilogue_backward(e, y + s * stride, dy + s * stride, nil, dy + s * stride)
        }
      }
      kernels.functions.product_input(Int32(count), Int32(stride), convolution, dy, parameters, dx)
      kernels.functions.product_weights(Int32(count), Int32(stride), convolution, dy, x, gradients, dbias)
      return
    }
    let z = work.scratch.pointer
    let margin = z + padded(outputs)
    let marginGradient = margin + paddedInput
    let lists = marginGradient + paddedInput
    for s in 0..<count {
      let source = withMargins(x + s * input.count, margin)
      let target = paddedInput == 0 ? dx + s * input.count : marginGradient
      if paddedInput > 0 { marginGradient.update(repeating: 0, count: paddedInput) }
      let winners = work.winners[step].map { $0 + s * output.count }
      if epilogue.pool > 1 {
        kernels.functions.sparse_backward(
          e, convolution, source, y + s * output.count, dy + s * output.count, winners, parameters, gradients,
          dbias,
          target, lists)
      } else {
        kernels.functions.epilogue_backward(e, y + s * output.count, dy + s * output.count, winners, z)
        kernels.functions.product_input(
          Int32(epilogue.shape.length), Int32(stride), convolution, z, parameters, target)
        kernels.functions.product_weights(
          Int32(epilogue.shape.length), Int32(stride), convolution, z, source, gradients, dbias)
      }
      if paddedInput > 0 {
        (dx + s * input.count).update(from: marginGradient + margins.left * input.stride, count: input.count)
      }
    }
  }

  /// The input itself, or a copy between zeros.
  private func withMargins(_ x: UnsafeMutablePointer<Float>, _ copy: UnsafeMutablePointer<Float>)
    -> UnsafeMutablePointer<Float>
  {
    guard paddedInput > 0 else { return x }
    copy.update(repeating: 0, count: margins.left * input.stride)
    (copy + margins.left * input.stride).update(from: x, count: input.count)
    (copy + margins.left * input.stride + input.count).update(
      repeating: 0, count: margins.right * input.stride)
    return copy
  }
}
