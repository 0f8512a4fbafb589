internal import CKernels

/// A convolution of few filters over many positions, as profiles come from, whose filters alone would fill a small part of a vector.
///
/// Forward, the outputs of neighboring positions fill it: with B = 16 / filters or one less, a row of a product is B positions, whose
/// weights are the filters moved on by 0…B − 1 positions. Back, the windows of the outputs' gradient, K · filters numbers that
/// overlap, are what is multiplied with weights and inputs. `ConvolutionStep` does the same on padded filters.
final class NarrowConvolutionStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let input: PaddedShape
  private let taps: Int
  private let filters: Int
  private let margins: (left: Int, right: Int)
  /// Positions of a block.
  private let block: Int
  private let kernel: ParameterTensor
  private let bias: ParameterTensor?
  private let reversesTaps: Bool
  private let kernels: Kernels
  /// The filters at each position of a block, (16, span, channels), and as a product wants them.
  private let moved: FloatBuffer
  private let panels: FloatBuffer
  /// Weights of the input's gradient, (taps from the last to the first, filters, channels).
  private let inputPanels: FloatBuffer
  /// The filters' biases, position by position.
  private let biases = FloatBuffer(count: Int(CK_BLOCK))

  /// Whether a convolution of an output's layer is one: how many filters it has no pruning changes, so sums keep their order.
  static func takes(_ layer: Convolution1D, _ epilogue: Epilogue, mode: Engine.Mode) -> Bool {
    mode == .fused && [1, 2, 4].contains(layer.outputChannels) && layer.reverseComplement == nil
      && layer.stride == 1 && layer.dilation == 1 && layer.groups == 1 && layer.kernelSize >= 8
      && epilogue.shape.length >= 2 * Int(CK_BLOCK)
      && epilogue.pool == 1 && !epilogue.relu && epilogue.rate == 0
  }

  init(
    _ layer: Convolution1D, layers: Range<Int>, input: PaddedShape, output: PaddedShape,
    kernel: ParameterTensor, bias: ParameterTensor?, reversesTaps: Bool = false, kernels: Kernels
  ) {
    self.layers = layers
    self.input = input
    self.output = output
    self.kernel = kernel
    self.bias = bias
    self.reversesTaps = reversesTaps
    self.kernels = kernels
    taps = layer.kernelSize
    filters = layer.filters
    margins = layer.margins(length: input.length)
    // Rows that lie a power of two apart would meet in few places of the cache.
    let most = Int(CK_BLOCK) / layer.filters
    block = most * input.stride % 512 == 0 ? most - 1 : most
    let count = Int(CK_BLOCK) * (taps + block - 1) * input.stride
    moved = FloatBuffer(count: count)
    panels = FloatBuffer(count: count)
    inputPanels = FloatBuffer(count: taps * layer.filters * input.stride)
  }

  private var channels: Int { input.stride }
  /// Positions of the input that those of a block see.
  private var span: Int { taps + block - 1 }
  private var rows: Int { input.length + margins.left + margins.right }
  private var hasMargins: Bool { margins.left + margins.right > 0 }
  private var positions: Int { output.length }
  /// The gradient of the outputs between taps − 1 zeros on both sides.
  private var gradientCount: Int { (positions + 2 * (taps - 1)) * filters }

  /// Weights (filters, taps, channels), then biases.
  var parameterCount: Int { filters * taps * channels + Int(CK_BLOCK) }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let (channels, taps, weights) = (channels, taps, filters * taps * channels)
    let last = reversesTaps ? taps - 1 : nil
    return convolutionPlaces(
      kernel: kernel, bias: bias, channels: input.channels, scoresBothStrands: false,
      weight: { tap, channel, filter in (filter * taps + (last.map { $0 - tap } ?? tap)) * channels + channel
      },
      biasPlace: { weights + $0 })
  }

  /// Where each thing begins in the scratch memory: the input between margins, the last block's input, outputs or their gradient, and
  /// the weights' gradient.
  private var places: (tail: Int, outputs: Int, weights: Int, end: Int) {
    let tail = padded(hasMargins ? rows * channels : 0)
    let outputs = tail + padded(span * channels)
    let weights = outputs + padded(max((positions / block + 1) * Int(CK_BLOCK), gradientCount))
    return (tail, outputs, weights, weights + padded(taps * filters * channels))
  }

  func scratchCount(group: Int) -> Int { places.end }

  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) {
    let depth = taps * channels
    for place in 0..<block {
      for filter in 0..<filters {
        let row = place * filters + filter
        (moved.pointer + (row * span + place) * channels).update(
          from: parameters + filter * depth, count: depth)
        biases.pointer[row] = parameters[filters * depth + filter]
      }
    }
    let pack = kernels.functions.pack
    let width = Int32(CK_BLOCK)
    pack(
      0, width, Int32(span), Int32(channels), width,
      ck_weights(
        values: moved.pointer, output: Int64(span * channels), tap: Int64(channels), channel: 1),
      panels.pointer)
    pack(
      0, Int32(channels), Int32(taps), Int32(filters), Int32(channels),
      ck_weights(
        values: parameters + depth - channels, output: 1, tap: -Int64(channels), channel: Int64(depth)),
      inputPanels.pointer)
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let memory = work.scratch.pointer
    let (tail, z) = (memory + places.tail, memory + places.outputs)
    let full = positions / block
    let convolution = ck_convolution(
      depth: Int32(span * channels), taps: 1, tap_stride: 0, row_stride: Int32(block * channels))
    func product(_ count: Int, _ x: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>) {
      let width = Int32(CK_BLOCK)
      kernels.functions.product(
        ck_rows(sequences: 1, count: Int32(count), outputs: width, x_stride: 0, z_stride: 0), width,
        convolution, x, panels.pointer, biases.pointer, z, nil)
    }
    for s in 0..<count {
      let x = withMargins(work.outputs[step - 1] + s * input.count, memory)
      product(full, x, z)
      if full * block < positions {
        copy(
          x + full * block * channels, count: (rows - full * block) * channels, after: 0,
          of: span * channels, to: tail)
        product(1, tail, z + full * Int(CK_BLOCK))
      }
      let y = work.outputs[step] + s * output.count
      y.update(repeating: 0, count: output.count)
      for position in 0..<positions {
        let place = position / block * Int(CK_BLOCK) + position % block * filters
        for filter in 0..<filters { y[position * output.stride + filter] = z[place + filter] }
      }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let memory = work.scratch.pointer
    let (dz, dw) = (memory + places.outputs, memory + places.weights)
    let width = taps * filters
    dz.update(repeating: 0, count: gradientCount)
    dw.update(repeating: 0, count: width * channels)
    for s in 0..<count {
      let dy = work.gradients[step] + s * output.count
      let inner = dz + (taps - 1) * filters
      for position in 0..<positions {
        for filter in 0..<filters {
          inner[position * filters + filter] = dy[position * output.stride + filter]
        }
      }
      kernels.functions.product(
        ck_rows(
          sequences: 1, count: Int32(input.length), outputs: Int32(channels), x_stride: 0, z_stride: 0),
        Int32(channels),
        ck_convolution(depth: Int32(width), taps: 1, tap_stride: 0, row_stride: Int32(filters)),
        dz + margins.left * filters, inputPanels.pointer, nil,
        work.gradients[step - 1] + s * input.count, nil)
      guard let gradients else { continue }
      let x = withMargins(work.outputs[step - 1] + s * input.count, memory)
      kernels.functions.product_weights(
        ck_rows(sequences: 1, count: Int32(rows), outputs: Int32(filters), x_stride: 0, z_stride: 0),
        Int32(width),
        ck_convolution(depth: Int32(channels), taps: 1, tap_stride: 0, row_stride: Int32(channels)), dz, x,
        dw, nil)
      let biasGradient = gradients + filters * taps * channels
      for position in 0..<positions {
        for filter in 0..<filters { biasGradient[filter] += inner[position * filters + filter] }
      }
    }
    guard let gradients else { return }
    for tap in 0..<taps {
      for filter in 0..<filters {
        let target = gradients + (filter * taps + tap) * channels
        let source = dw + ((taps - 1 - tap) * filters + filter) * channels
        for channel in 0..<channels { target[channel] += source[channel] }
      }
    }
  }

  /// The input itself, or a copy between zeros.
  private func withMargins(_ x: UnsafeMutablePointer<Float>, _ memory: UnsafeMutablePointer<Float>)
    -> UnsafeMutablePointer<Float>
  {
    guard hasMargins else { return x }
    copy(x, count: input.count, after: margins.left * channels, of: rows * channels, to: memory)
    return memory
  }
}
