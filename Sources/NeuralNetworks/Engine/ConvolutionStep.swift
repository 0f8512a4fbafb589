internal import CKernels

/// A convolution after the first: a matrix product on overlapping rows of its input, then the epilogue.
///
/// With stride 1 the fused engine multiplies in Winograd's domain, and the gradient of the input is such a convolution as well, unless
/// a pooling layer follows: then, without dilation, only gradients that are not zero are touched. Which way is
/// taken depends on kernel and positions alone, never on the number of channels, so that a network without its
/// dead filters adds the same numbers in the same order. Layer by layer the product is direct: equal windows then have equal
/// activations to the bit, and the first of them is the maximum.
final class ConvolutionStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let epilogue: Epilogue
  private let layer: Convolution1D
  private let input: PaddedShape
  private let margins: InputMargins
  private let convolution: ck_convolution
  private let kernel: ParameterTensor
  private let bias: ParameterTensor?
  /// Whether the kernel's last tap comes first.
  private let reversesTaps: Bool
  private let kernels: Kernels
  private let product: Correlation
  /// From the gradient of the outputs to that of the input; nil where this goes another way.
  private let inputGradient: Correlation?
  /// The engine's parameters outlive it.
  private nonisolated(unsafe) var biases: UnsafePointer<Float>!

  init(
    _ layer: Convolution1D, layers: Range<Int>, input: PaddedShape, epilogue: Epilogue,
    kernel: ParameterTensor, bias: ParameterTensor?, reversesTaps: Bool = false, mode: Engine.Mode,
    kernels: Kernels
  ) {
    self.reversesTaps = reversesTaps
    self.layer = layer
    self.layers = layers
    self.input = input
    self.epilogue = epilogue
    self.kernel = kernel
    self.bias = bias
    self.kernels = kernels
    let margins = InputMargins(layer, input: input, positions: epilogue.shape.length)
    let taps = margins.taps
    self.margins = margins
    let joined = layer.dilation == 1
    convolution = ck_convolution(
      depth: Int32(joined ? taps.count * input.stride : input.stride),
      taps: Int32(joined ? 1 : taps.count),
      tap_stride: taps.count > 1 ? Int32(layer.dilation * input.stride) : 0,
      row_stride: epilogue.shape.length > 1 ? Int32(layer.stride * input.stride) : 0)
    let isPlain = mode == .fused && layer.stride == 1 && (layer.dilation == 1 || epilogue.pool == 1)
    // Positions that no pooling window covers are not computed.
    product = Correlation(
      taps: taps.count, channels: input.stride, outputs: epilogue.shape.stride,
      positions: epilogue.pooled * epilogue.pool, dilation: layer.dilation, convolution: convolution,
      mayTransform: isPlain, kernels: kernels)
    let stride = Int32(epilogue.shape.stride)
    inputGradient =
      isPlain && epilogue.pool == 1
      ? Correlation(
        taps: taps.count, channels: epilogue.shape.stride, outputs: input.stride,
        positions: input.length, dilation: layer.dilation,
        convolution: ck_convolution(
          depth: joined ? Int32(taps.count) * stride : stride, taps: joined ? 1 : Int32(taps.count),
          tap_stride: Int32(layer.dilation) * stride, row_stride: stride),
        mayTransform: true, kernels: kernels) : nil
    planScratch()
  }

  var output: PaddedShape { epilogue.output }
  var hasWinners: Bool { epilogue.pool > 1 }

  private var positions: Int { epilogue.shape.length }
  private var stride: Int { epilogue.shape.stride }
  private var taps: Range<Int> { margins.taps }
  private var depth: Int { taps.count * input.stride }
  /// Positions of the outputs' gradient with the margins that the gradient of the input needs.
  private var gradientRows: Int { input.length + (taps.count - 1) * layer.dilation }

  /// Weights (padded filters, depth), then biases, then the weights of taps that see zeros only: (taps, channels, filters).
  var parameterCount: Int {
    stride * depth + stride + (layer.kernelSize - taps.count) * input.channels * epilogue.shape.channels
  }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let (stride, depth, channelStride, taps) = (stride, depth, input.stride, taps)
    let (channels, filters, last) = (
      input.channels, epilogue.shape.channels, reversesTaps ? layer.kernelSize - 1 : nil
    )
    return convolutionPlaces(
      kernel: kernel, bias: bias, channels: input.channels, scoresBothStrands: layer.reverseComplement != nil,
      weight: { tap, channel, filter in
        let tap = last.map { $0 - tap } ?? tap
        guard taps.contains(tap) else {
          let idle = tap < taps.lowerBound ? tap : tap - taps.count
          return stride * depth + stride + (idle * channels + channel) * filters + filter
        }
        return filter * depth + (tap - taps.lowerBound) * channelStride + channel
      },
      biasPlace: { stride * depth + $0 })
  }

  /// How many sequences go through together, and where each thing begins in the scratch memory, in floats.
  private struct Scratch {
    var chunk = 1
    /// The convolution's outputs before pooling, some of them, or their gradient, with margins where needed.
    var outputs = 0
    /// The input between its margins.
    var input = 0
    var inputGradient = 0
    /// Winograd's domain or lists.
    var rest = 0
    /// What the weights' gradient is collected in.
    var sums = 0
    var count = 0
  }

  /// Through the dense products, and back by what is not zero.
  private var dense = Scratch()
  private var sparse = Scratch()

  /// Dense: as many sequences as it takes that large weights are read once for all of them, and small layers are worth a call, as
  /// far as the first-level cache goes. Sparse: as many as their inputs fit into it beside what is not zero, since the
  /// weights' gradient is then read once.
  private func planScratch() {
    dense = scratch(
      chunk: stride * depth > 1 << 16
        ? 4 : max(1, (1 << 13) / (product.scratchCount(1) + positions * stride)))
    sparse = scratch(chunk: max(1, (3 << 12) / margins.count))
  }

  private var isSparse: Bool { epilogue.pool > 1 && layer.stride == 1 && layer.dilation == 1 }

  private func scratch(chunk: Int) -> Scratch {
    var scratch = Scratch(chunk: chunk)
    scratch.input = padded(
      max(positions * 32, chunk * max(positions, inputGradient == nil ? 0 : gradientRows) * stride))
    scratch.inputGradient = scratch.input + (margins.isEmpty ? 0 : chunk * margins.count)
    scratch.rest = scratch.inputGradient + (margins.isEmpty ? 0 : chunk * margins.count)
    let lists = 2 * (chunk + 1) * epilogue.pooled * stride + stride + positions + 1
    scratch.sums =
      scratch.rest
      + padded(
        max(
          product.scratchCount(chunk), inputGradient?.scratchCount(chunk) ?? 0, isSparse ? lists : 0))
    scratch.count = scratch.sums + (inputGradient == nil ? 0 : product.sumCount)
    return scratch
  }

  func scratchCount(group: Int) -> Int { max(dense.count, isSparse ? sparse.count : 0) }

  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) {
    let (depth, channels, taps) = (Int64(depth), Int64(input.stride), taps.count)
    product.prepare(
      ck_weights(values: parameters, output: depth, tap: channels, channel: 1), threads: threads)
    inputGradient?.prepare(
      ck_weights(
        values: parameters + (taps - 1) * input.stride, output: 1, tap: -channels, channel: depth),
      threads: threads)
    biases = parameters + stride * self.depth
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let e = epilogue.c(training: training)
    let isPlain = e.relu == 0 && e.drop == 0 && e.pool == 1
    let scratch = dense
    let memory = work.scratch.pointer
    let (inputs, outputs, winners) = (work.outputs[step - 1], work.outputs[step], work.winners[step])
    let keys = work.keys + epilogue.dropout * work.capacity
    for first in Swift.stride(from: 0, to: count, by: scratch.chunk) {
      let sequences = min(scratch.chunk, count - first)
      let x = margins.rows(of: inputs + first * input.count, sequences, memory + scratch.input)
      let y = outputs + first * output.count
      if isPlain || product.isInClasses {
        product.run(sequences, x, available: margins.rows, bias: biases, y, scratch: memory + scratch.rest)
        for s in 0..<(isPlain ? 0 : sequences) {
          kernels.functions.epilogue(
            e, y + s * output.count, nil, nil, keys[first + s], y + s * output.count, nil)
        }
      } else {
        var pooled = ck_pooled(
          epilogue: e, keys: keys + first, y: y, winners: winners.map { $0 + first * output.count })
        product.run(
          sequences, x, available: margins.rows, bias: biases, memory + scratch.outputs, pooled: &pooled,
          scratch: memory + scratch.rest)
      }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    if let inputGradient {
      backward(work, step: step, count: count, by: inputGradient, gradients: gradients)
    } else if isSparse, let gradients {
      sparseBackward(work, step: step, count: count, parameters: parameters, gradients: gradients)
    } else {
      for s in 0..<count {
        backward(work, step: step, sequence: s, parameters: parameters, gradients: gradients)
      }
    }
  }

  /// Several sequences at a time, by dense products.
  private func backward(
    _ work: Workspace, step: Int, count: Int, by inputGradient: Correlation,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let e = epilogue.c(training: true)
    let scratch = dense
    let memory = work.scratch.pointer
    let left = (taps.count - 1) * layer.dilation - margins.left
    let sums = memory + scratch.sums
    sums.update(repeating: 0, count: product.sumCount)
    for first in Swift.stride(from: 0, to: count, by: scratch.chunk) {
      let sequences = min(scratch.chunk, count - first)
      let dz = memory + scratch.outputs
      for s in 0..<sequences {
        let place = (first + s) * output.count
        let (begin, end) = (dz + s * gradientRows * stride, dz + (s + 1) * gradientRows * stride)
        let rows = begin + left * stride
        begin.update(repeating: 0, count: left * stride)
        kernels.functions.epilogue_backward(
          e, nil, nil, nil, nil, work.outputs[step] + place, work.gradients[step] + place, nil, rows)
        (rows + positions * stride).update(repeating: 0, count: end - rows - positions * stride)
      }
      inputGradient.run(
        sequences, dz, available: gradientRows, bias: nil, work.gradients[step - 1] + first * input.count,
        scratch: memory + scratch.rest)
      guard let gradients else { continue }
      let x = margins.rows(
        of: work.outputs[step - 1] + first * input.count, sequences, memory + scratch.input)
      if product.sumCount > 0 {
        product.addGradients(
          sequences, x, available: margins.rows, dz: dz + left * stride, rows: gradientRows, sums: sums,
          biases: gradients + stride * depth, scratch: memory + scratch.rest)
      } else {
        kernels.functions.product_weights(
          ck_rows(
            sequences: Int32(sequences), count: Int32(positions), outputs: Int32(stride),
            x_stride: Int64(margins.count), z_stride: Int64(gradientRows * stride)),
          Int32(stride), convolution, dz + left * stride, x, gradients, gradients + stride * depth)
      }
    }
    if let gradients, product.sumCount > 0 { product.fold(sums, into: gradients) }
  }

  /// By what is not zero after pooling.
  private func sparseBackward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let e = epilogue.c(training: true)
    let scratch = sparse
    let memory = work.scratch.pointer
    for first in Swift.stride(from: 0, to: count, by: scratch.chunk) {
      let sequences = min(scratch.chunk, count - first)
      let x = margins.rows(
        of: work.outputs[step - 1] + first * input.count, sequences, memory + scratch.input)
      let gradient = work.gradients[step - 1] + first * input.count
      let dx = margins.isEmpty ? gradient : memory + scratch.inputGradient
      let place = first * output.count
      kernels.functions.sparse_backward(
        e, Int32(sequences), Int32(taps.count), Int32(input.stride), Int32(margins.rows),
        Int64(margins.count), x, work.outputs[step] + place, work.gradients[step] + place,
        work.winners[step].map { $0 + place }, parameters, gradients, gradients + stride * depth, dx,
        memory + scratch.rest)
      margins.take(from: dx, sequences, gradient)
    }
  }

  /// One sequence by direct products.
  private func backward(
    _ work: Workspace, step: Int, sequence s: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let scratch = dense
    let memory = work.scratch.pointer
    let gradient = work.gradients[step - 1] + s * input.count
    let dx = margins.isEmpty ? gradient : memory + scratch.inputGradient
    let dz = memory + scratch.outputs
    dx.update(repeating: 0, count: margins.count)
    kernels.functions.epilogue_backward(
      epilogue.c(training: true), nil, nil, nil, nil, work.outputs[step] + s * output.count,
      work.gradients[step] + s * output.count, work.winners[step].map { $0 + s * output.count }, dz)
    kernels.functions.product_input(Int32(positions), Int32(stride), convolution, dz, parameters, dx)
    if let gradients {
      let x = margins.rows(of: work.outputs[step - 1] + s * input.count, 1, memory + scratch.input)
      kernels.functions.product_weights(
        ck_rows(sequences: 1, count: Int32(positions), outputs: Int32(stride), x_stride: 0, z_stride: 0),
        Int32(stride), convolution, dz, x, gradients, gradients + stride * depth)
    }
    margins.take(from: dx, 1, gradient)
  }
}
