internal import CKernels
import Runtime
import Sequences

/// A product of weights with overlapping rows, direct or in Winograd's domain, and the weights as it wants them.
final class Correlation: @unchecked Sendable {
  private let taps: Int
  private let channels: Int
  private let outputs: Int
  private let positions: Int
  private let convolution: ck_convolution
  private let kernels: Kernels
  private let transforms: Bool
  private let panels: FloatBuffer

  /// `taps` rows of `channels` floats make each of `positions` rows of `outputs` floats; `mayTransform` with stride and
  /// dilation 1.
  init(
    taps: Int, channels: Int, outputs: Int, positions: Int, convolution: ck_convolution, mayTransform: Bool,
    kernels: Kernels
  ) {
    self.taps = taps
    self.channels = channels
    self.outputs = outputs
    self.positions = positions
    self.convolution = convolution
    self.kernels = kernels
    transforms = mayTransform && winogradPays(taps: taps, positions: positions)
    panels = FloatBuffer(count: outputs * channels * (transforms ? 5 * ((taps + 2) / 3) : taps))
  }

  /// Floats of scratch memory for `sequences` at once.
  func scratchCount(_ sequences: Int) -> Int {
    guard transforms else { return 0 }
    let tiles = (positions + 2) / 3
    return sequences * 5 * ((tiles + (taps + 2) / 3 - 1) * channels + tiles * outputs)
  }

  func prepare(_ weights: ck_weights, threads: Int) {
    let panel = Int(kernels.functions.panel)
    nonisolated(unsafe) let weights = weights
    // A small share of the weights is not worth a thread.
    let share = max(panel, (1 << 16) / (taps * channels) / panel * panel)
    Parallel.run((outputs + share - 1) / share, threads: threads) { _, task in
      let range = (Int32(task * share), Int32(min(outputs, (task + 1) * share)))
      let pack = transforms ? kernels.functions.winograd_weights : kernels.functions.pack
      pack(range.0, range.1, Int32(taps), Int32(channels), Int32(outputs), weights, panels.pointer)
    }
  }

  /// z (sequences, positions, outputs) from x (sequences, available, channels); with `pooled`, z is scratch memory of
  /// `pooledCount` floats.
  func run(
    _ sequences: Int, _ x: UnsafePointer<Float>, available: Int, bias: UnsafePointer<Float>?,
    _ z: UnsafeMutablePointer<Float>, pooled: UnsafePointer<ck_pooled>? = nil,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let rows = ck_rows(
      sequences: Int32(sequences), count: Int32(positions), outputs: Int32(outputs),
      x_stride: Int64(available * channels), z_stride: Int64(positions * outputs))
    if transforms {
      kernels.functions.winograd_product(
        rows, Int32(available), Int32(taps), Int32(channels), Int32(outputs), x, panels.pointer, bias, z,
        pooled, scratch)
    } else {
      kernels.functions.product(rows, Int32(outputs), convolution, x, panels.pointer, bias, z, pooled)
    }
  }
}

/// Whether 5/9 of the multiplications outweigh Winograd's transforms.
package func winogradPays(taps: Int, positions: Int) -> Bool { taps >= 3 && taps != 4 && positions >= 20 }
