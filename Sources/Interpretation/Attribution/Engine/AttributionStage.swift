internal import CKernels
import NeuralNetworks

/// A convolution or dense layer with the ReLU and the maximum that follow it, and its weights as the kernels want them.
///
/// A dense layer is a convolution of one position; the first stage reads base codes. Channels are padded to whole blocks.
final class AttributionStage: @unchecked Sendable {
  /// What a stage computes, in the network's own numbers of channels.
  struct Form {
    var taps: Int
    var channels: Int
    var outputs: Int
    /// Positions of the input, and zeros before and after them.
    var length: Int
    var margins = (left: 0, right: 0)
    /// 2 where the first layer takes the better of two strands: their outputs alternate, and a maximum joins them.
    var strands = 1
    /// Outputs in a pooling window; windows do not overlap.
    var pool = 1
    var isRectified = false
    /// Whether ReLU comes after the maximum: the same output, but another activation map.
    var isRectifiedLate = false
    /// Whether one maximum stands for two layers' one after the other: the same output, but DeepLIFT's rule asks each.
    var hasNestedMaxima = false
    /// The layer whose weights these are.
    var layer: Int

    mutating func addMaximum(_ size: Int) {
      // Layer by layer there is no rule for the better of two strands.
      hasNestedMaxima = hasNestedMaxima || (strands == 1 && pool > 1)
      pool *= size
    }

    var rows: Int { length + margins.left + margins.right }
    /// Windows of the input, and their outputs on all strands.
    var windows: Int { rows - taps + 1 }
    var positions: Int { windows * strands }
    var pooled: Int { positions / pool }
  }

  let form: Form
  /// Padded channels of the input (4 for bases) and of the output.
  let channels: Int
  let outputs: Int
  /// Floats from one filter to the next in `weights`.
  let depth: Int
  /// (strands, outputs, depth).
  let weights: FloatBuffer
  let bias: FloatBuffer
  /// Trimer tables of the first stage, panels of the others.
  let panels: FloatBuffer
  /// Panels of Winograd's domain where these pay, else empty.
  let transformed: FloatBuffer
  /// The weights as `spread` wants them: those of the first stage, or (channels / 16, outputs, taps, 16).
  let rows: FloatBuffer
  /// (channels, taps from the last to the first, strands, outputs): what one input adds to neighboring outputs.
  let columns: FloatBuffer
  /// Of the first stage (outputs / 16, 25, taps from the last to the first, strands, 16): at 5·a + b the weights of base a less
  /// those of base b, where an unknown base has none.
  let pairs: FloatBuffer
  let isFirst: Bool

  /// - Parameter weights: (taps, channels, strands, outputs).
  init(
    _ form: Form, isFirst: Bool, kernels: ck_network_kernels, bias biases: ArraySlice<Float>?,
    weights values: ArraySlice<Float>
  ) {
    self.form = form
    self.isFirst = isFirst
    channels = isFirst ? 4 : padded(form.channels)
    outputs = padded(form.outputs)
    depth = padded(form.taps * channels)
    let transforms = !isFirst && winogradPays(taps: form.taps, positions: form.positions)
    transformed = FloatBuffer(
      count: transforms ? Int(ck_winograd_panels(Int32(form.taps), Int32(channels), Int32(outputs))) : 0)
    let strands = form.strands
    weights = FloatBuffer(count: strands * outputs * depth)
    rows = isFirst ? weights : FloatBuffer(count: outputs * channels * form.taps)
    bias = FloatBuffer(count: outputs)
    columns = FloatBuffer(count: channels * form.taps * strands * outputs)
    pairs = FloatBuffer(count: isFirst ? 25 * form.taps * strands * outputs : 0)
    let table = outputs * ((form.taps + 2) / 3) * Int(CK_TRIMERS)
    panels = FloatBuffer(count: isFirst ? strands * table : outputs * channels * form.taps)
    for (output, value) in (biases ?? []).enumerated() { bias.pointer[output] = value }
    values.withUnsafeBufferPointer { fill($0.baseAddress!) }
    if isFirst {
      fillPairs()
      fillTables(kernels)
    } else {
      fillRows()
      let source = ck_weights(values: weights.pointer, output: Int64(depth), tap: Int64(channels), channel: 1)
      let (taps, channels, outputs) = (Int32(form.taps), Int32(channels), Int32(outputs))
      kernels.pack(0, outputs, taps, channels, outputs, source, panels.pointer)
      if transforms {
        kernels.winograd_weights(0, outputs, taps, channels, outputs, source, transformed.pointer)
      }
    }
  }

  /// Weights and columns.
  private func fill(_ values: UnsafePointer<Float>) {
    var source = values
    for tap in 0..<form.taps {
      for channel in 0..<form.channels {
        for strand in 0..<form.strands {
          let column = ((channel * form.taps + form.taps - 1 - tap) * form.strands + strand) * outputs
          (columns.pointer + column).update(from: source, count: form.outputs)
          let weight = weights.pointer + strand * outputs * depth + tap * channels + channel
          for output in 0..<form.outputs { weight[output * depth] = source[output] }
          source += form.outputs
        }
      }
    }
  }

  private func fillRows() {
    let block = Int(CK_BLOCK)
    var target = rows.pointer
    for first in stride(from: 0, to: channels, by: block) {
      for output in 0..<outputs {
        for tap in 0..<form.taps {
          target.update(from: weights.pointer + output * depth + tap * channels + first, count: block)
          target += block
        }
      }
    }
  }

  private func fillTables(_ kernels: ck_network_kernels) {
    let strands = form.strands
    // (taps, 4, outputs) of a strand.
    let rows = FloatBuffer(count: form.taps * 4 * outputs)
    for strand in 0..<strands {
      for tap in 0..<form.taps {
        for base in 0..<4 {
          (rows.pointer + (tap * 4 + base) * outputs).update(
            from: columns.pointer + ((base * form.taps + form.taps - 1 - tap) * strands + strand) * outputs,
            count: outputs)
        }
      }
      kernels.trimer_tables(
        Int32(form.taps), Int32(outputs), rows.pointer, bias.pointer,
        panels.pointer + strand * panels.count / strands)
    }
  }

  private func fillPairs() {
    let (block, reach) = (Int(CK_BLOCK), form.taps * form.strands)
    var target = pairs.pointer
    for first in stride(from: 0, to: outputs, by: block) {
      for pair in 0..<25 {
        for row in 0..<reach {
          for (base, sign) in [(pair / 5, Float(1)), (pair % 5, -1)] where base < 4 {
            let source = columns.pointer + (base * reach + row) * outputs + first
            for lane in 0..<block { target[lane] += sign * source[lane] }
          }
          target += block
        }
      }
    }
  }

  /// Groups of three taps.
  var groups: Int { (form.taps + 2) / 3 }
  /// The first stage, which looks these trimers up.
  func bases(_ trimers: UnsafePointer<UInt8>) -> ck_bases {
    ck_bases(
      tables: panels.pointer, trimers: trimers, groups: Int32(groups), strands: Int32(form.strands),
      strand: Int64(panels.count / form.strands / Int(CK_BLOCK)))
  }
  /// Floats of scratch memory of some items' product in Winograd's domain.
  func transformCount(items: Int) -> Int {
    guard transformed.count > 0 else { return 0 }
    return Int(
      ck_winograd_scratch(
        Int32(items), Int32(form.positions), Int32(form.taps), Int32(channels), Int32(outputs)))
  }
  /// Whether all items of a batch go through at once, a row each.
  var isDense: Bool { !isFirst && form.positions == 1 }
  /// Floats of one item: input, pre-activations of windows, output.
  var inputCount: Int { form.rows * channels + (isFirst ? Int(CK_BLOCK) : 0) }
  var preactivationCount: Int { form.positions * outputs }
  var outputCount: Int { form.pooled * outputs }
  /// Where the first position of the input begins.
  var inputStart: Int { form.margins.left * channels }

  /// `positions`: those of one item, or a row for each item.
  func epilogue(items: Int? = nil) -> ck_epilogue {
    ck_epilogue(
      positions: Int32(items ?? form.positions), channels: Int32(outputs), pool: Int32(form.pool),
      pooled: Int32(items ?? form.pooled), relu: form.isRectified ? 1 : 0, drop: 0, scale: 1)
  }

  var reach: ck_reach {
    ck_reach(
      taps: Int32(form.taps * form.strands), left: Int32(form.margins.left), positions: Int32(form.positions),
      outputs: Int32(outputs), strands: Int32(form.strands))
  }

  /// Rows of `channels` floats, overlapping, or one for each item.
  var convolution: ck_convolution {
    ck_convolution(
      depth: Int32(depth), taps: 1, tap_stride: 0, row_stride: Int32(isDense ? inputCount : channels))
  }
}
