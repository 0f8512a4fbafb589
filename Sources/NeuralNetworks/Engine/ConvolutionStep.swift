internal import CKernels

/// A convolution after the first: a matrix product on overlapping rows of its input, then the epilogue.
///
/// With stride and dilation 1 the fused engine multiplies in Winograd's domain, and after a pooling layer the backward
/// pass touches only gradients that are not zero. Which way is taken depends on kernel and positions alone, never on the
/// number of channels, so that a network without its dead filters adds the same numbers in the same order. Layer by layer
/// the product is direct: equal windows then have equal activations to the bit, and the first of them is the maximum.
final class ConvolutionStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let epilogue: Epilogue
  private let layer: Convolution1D
  private let input: PaddedShape
  private let margins: (left: Int, right: Int)
  private let convolution: ck_convolution
  private let kernel: ParameterTensor
  private let bias: ParameterTensor?
  private let kernels: Kernels
  private let usesWinograd: Bool
  private let panels: FloatBuffer
  /// The engine's parameters outlive it.
  private nonisolated(unsafe) var biases: UnsafePointer<Float>!

  init(
    _ layer: Convolution1D, layers: Range<Int>, input: PaddedShape, epilogue: Epilogue,
    kernel: ParameterTensor, bias: ParameterTensor?, mode: Engine.Mode, kernels: Kernels
  ) {
    self.layer = layer
    self.layers = layers
    self.input = input
    self.epilogue = epilogue
    self.kernel = kernel
    self.bias = bias
    self.kernels = kernels
    margins = layer.margins(length: input.length)
    let joined = layer.dilation == 1
    convolution = ck_convolution(
      depth: Int32(joined ? layer.kernelSize * input.stride : input.stride),
      taps: Int32(joined ? 1 : layer.kernelSize), tap_stride: Int32(layer.dilation * input.stride),
      row_stride: Int32(layer.stride * input.stride))
    let groups = (layer.kernelSize + 2) / 3
    // Where 5/9 of the multiplications outweigh the transforms.
    usesWinograd =
      mode == .fused && layer.stride == 1 && layer.dilation == 1 && layer.kernelSize >= 3
      && layer.kernelSize != 4
      && epilogue.shape.length >= 6
    panels = FloatBuffer(
      count: epilogue.shape.stride * input.stride * (usesWinograd ? 5 * groups : layer.kernelSize))
  }

  var output: PaddedShape {
    PaddedShape(.map(length: epilogue.pooled, channels: epilogue.shape.channels))
  }
  var hasWinners: Bool { epilogue.pool > 1 }

  private var positions: Int { epilogue.shape.length }
  private var stride: Int { epilogue.shape.stride }
  private var depth: Int { layer.kernelSize * input.stride }
  /// Positions of the input with its margins.
  private var rows: Int { input.length + margins.left + margins.right }
  private var hasMargins: Bool { margins.left + margins.right > 0 }

  /// Weights (padded filters, depth), then biases.
  var parameterCount: Int { stride * depth + stride }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let (stride, depth, channelStride) = (stride, depth, input.stride)
    return convolutionPlaces(
      kernel: kernel, bias: bias, channels: input.channels, scoresBothStrands: layer.reverseComplement != nil,
      weight: { tap, channel, filter in filter * depth + tap * channelStride + channel },
      biasPlace: { stride * depth + $0 })
  }

  /// Where each thing begins in the scratch memory, in floats.
  private struct Scratch {
    var outputs = 0
    var margin = 0
    var marginGradient = 0
    /// Winograd's domain in the forward pass, lists in the backward pass.
    var rest = 0
    var count = 0
  }

  private var scratch: Scratch {
    var scratch = Scratch()
    scratch.margin = padded(epilogue.shape.count)
    scratch.marginGradient = scratch.margin + (hasMargins ? rows * input.stride : 0)
    scratch.rest = scratch.marginGradient + (hasMargins ? rows * input.stride : 0)
    let tiles = (positions + 2) / 3
    let transformed = 5 * ((tiles + (layer.kernelSize + 2) / 3 - 1) * input.stride + tiles * stride)
    let lists = 4 * epilogue.pooled * stride + stride + positions + 1
    scratch.count = scratch.rest + padded(max(transformed, lists))
    return scratch
  }

  var scratchCount: Int { scratch.count }

  func prepare(_ parameters: UnsafePointer<Float>) {
    if usesWinograd {
      kernels.functions.winograd_weights(
        Int32(layer.kernelSize), Int32(input.stride), Int32(stride), parameters, panels.pointer)
    } else {
      kernels.functions.pack(Int32(stride), Int32(depth), parameters, panels.pointer)
    }
    biases = parameters + stride * depth
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let e = epilogue.c(training: training)
    let isPlain = e.relu == 0 && e.drop == 0 && e.pool == 1
    let scratch = scratch
    let memory = work.scratch.pointer
    let keys = work.keys + epilogue.dropout * work.capacity
    for s in 0..<count {
      let x = withMargins(work.outputs[step - 1].pointer + s * input.count, memory + scratch.margin)
      let y = work.outputs[step].pointer + s * output.count
      let z = isPlain ? y : memory + scratch.outputs
      if usesWinograd {
        kernels.functions.winograd_product(
          Int32(positions), Int32(rows), Int32(layer.kernelSize), Int32(input.stride), Int32(stride), x,
          panels.pointer, biases, z, memory + scratch.rest)
      } else {
        kernels.functions.product(
          Int32(positions), Int32(stride), convolution, x, panels.pointer, biases, z)
      }
      if !isPlain {
        kernels.functions.epilogue(e, z, keys[s], y, work.winners[step].map { $0 + s * output.count })
      }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let e = epilogue.c(training: true)
    let scratch = scratch
    let memory = work.scratch.pointer
    let dbias = gradients + stride * depth
    let isSparse = epilogue.pool > 1 && layer.stride == 1 && layer.dilation == 1
    for s in 0..<count {
      let x = withMargins(work.outputs[step - 1].pointer + s * input.count, memory + scratch.margin)
      let gradient = work.gradients[step - 1].pointer + s * input.count
      let dx = hasMargins ? memory + scratch.marginGradient : gradient
      let y = work.outputs[step].pointer + s * output.count
      let dy = work.gradients[step].pointer + s * output.count
      let winners = work.winners[step].map { $0 + s * output.count }
      if isSparse {
        kernels.functions.sparse_backward(
          e, Int32(layer.kernelSize), Int32(input.stride), Int32(rows), x, y, dy, winners, parameters,
          gradients,
          dbias, dx, memory + scratch.rest)
      } else {
        let dz = memory + scratch.outputs
        dx.update(repeating: 0, count: rows * input.stride)
        kernels.functions.epilogue_backward(e, y, dy, winners, dz)
        kernels.functions.product_input(Int32(positions), Int32(stride), convolution, dz, parameters, dx)
        kernels.functions.product_weights(
          Int32(positions), Int32(stride), convolution, dz, x, gradients, dbias)
      }
      if hasMargins { gradient.update(from: dx + margins.left * input.stride, count: input.count) }
    }
  }

  /// The input itself, or a copy between zeros.
  private func withMargins(_ x: UnsafeMutablePointer<Float>, _ copy: UnsafeMutablePointer<Float>)
    -> UnsafeMutablePointer<Float>
  {
    guard hasMargins else { return x }
    copy.update(repeating: 0, count: margins.left * input.stride)
    (copy + margins.left * input.stride).update(from: x, count: input.count)
    (copy + margins.left * input.stride + input.count).update(
      repeating: 0, count: margins.right * input.stride)
    return copy
  }
}
