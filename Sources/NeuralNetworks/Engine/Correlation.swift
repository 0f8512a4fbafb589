internal import CKernels
import Runtime
import Sequences

/// A product of weights with overlapping rows, direct or in Winograd's domain, and the weights as it wants them.
///
/// With dilation d every d-th position is a convolution of its own, so Winograd's products take these classes as sequences, some
/// of their positions at a time, as many as their transforms stay in the cache.
final class Correlation: @unchecked Sendable {
  private let taps: Int
  private let channels: Int
  private let outputs: Int
  private let positions: Int
  private let dilation: Int
  private let convolution: ck_convolution
  private let kernels: Kernels
  private let transforms: Bool
  private let panels: FloatBuffer

  /// `taps` rows of `channels` floats, `dilation` rows apart, make each of `positions` rows of `outputs` floats; `mayTransform` with
  /// stride 1.
  init(
    taps: Int, channels: Int, outputs: Int, positions: Int, dilation: Int, convolution: ck_convolution,
    mayTransform: Bool, kernels: Kernels
  ) {
    self.taps = taps
    self.channels = channels
    self.outputs = outputs
    self.positions = positions
    self.dilation = dilation
    self.convolution = convolution
    self.kernels = kernels
    transforms = mayTransform && winogradPays(taps: taps, positions: positions, dilation: dilation)
    panels = FloatBuffer(
      count: transforms
        ? Int(ck_winograd_panels(Int32(taps), Int32(channels), Int32(outputs))) : outputs * channels * taps)
  }

  /// Whether outputs cannot be pooled at once.
  var isInClasses: Bool { transforms && dilation > 1 }

  /// Classes and tiles of each that go through together.
  private var part: (classes: Int, tiles: Int) {
    let tiles = max(8, (1 << 16) / (5 * (channels + outputs)))
    let classes = min(dilation, tiles)
    return (classes, tiles / classes)
  }

  /// Floats of scratch memory for `sequences` at once.
  func scratchCount(_ sequences: Int) -> Int {
    guard transforms else { return 0 }
    let (sequences, count) = dilation > 1 ? (part.classes, 3 * part.tiles) : (sequences, positions)
    return Int(
      ck_winograd_scratch(
        Int32(sequences), Int32(count), Int32(taps), Int32(channels), Int32(outputs)))
  }

  /// Floats that the weights' gradient is collected in; 0 where it is made directly.
  var sumCount: Int { transforms ? 5 * ((taps + 2) / 3) * channels * outputs : 0 }

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

  /// z (sequences, positions, outputs) from x (sequences, available, channels); with `pooled`, which those in classes do not take, z
  /// is scratch memory.
  func run(
    _ sequences: Int, _ x: UnsafePointer<Float>, available: Int, bias: UnsafePointer<Float>?,
    _ z: UnsafeMutablePointer<Float>, pooled: UnsafePointer<ck_pooled>? = nil,
    scratch: UnsafeMutablePointer<Float>
  ) {
    guard transforms else {
      let rows = ck_rows(
        sequences: Int32(sequences), count: Int32(positions), outputs: Int32(outputs),
        x_stride: Int64(available * channels), z_stride: Int64(positions * outputs))
      return kernels.functions.product(
        rows, Int32(outputs), convolution, x, panels.pointer, bias, z, pooled)
    }
    forEachPart(sequences, available: available, rows: positions) { rows, left, from, to in
      kernels.functions.winograd_product(
        rows, left, Int32(dilation * channels), Int32(taps), Int32(channels), Int32(outputs), x + from,
        panels.pointer, bias, z + to, pooled, scratch)
    }
  }

  /// Adds to `sums` (5, outputs, ⌈taps / 3⌉ · channels) and `biases` what dz (sequences, rows, outputs) gives.
  func addGradients(
    _ sequences: Int, _ x: UnsafePointer<Float>, available: Int, dz: UnsafePointer<Float>, rows: Int,
    sums: UnsafeMutablePointer<Float>, biases: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    forEachPart(sequences, available: available, rows: rows) { rows, left, from, to in
      kernels.functions.winograd_sums(
        rows, left, Int32(dilation * channels), Int32(taps), Int32(channels), Int32(outputs), x + from,
        dz + to, sums, biases, scratch)
    }
  }

  /// Adds the weights' gradient (outputs, taps · channels) that the sums amount to.
  func fold(_ sums: UnsafePointer<Float>, into gradients: UnsafeMutablePointer<Float>) {
    kernels.functions.winograd_fold(Int32(taps), Int32(channels), Int32(outputs), sums, gradients)
  }

  /// What goes through Winograd's products at once: its rows, how many inputs are left for each sequence or class, and where its inputs
  /// and outputs begin. `rows` lie between two sequences' outputs.
  private func forEachPart(
    _ sequences: Int, available: Int, rows: Int,
    _ body: (_ rows: ck_rows, _ left: Int32, _ from: Int, _ to: Int) -> Void
  ) {
    guard dilation > 1 else {
      return body(
        ck_rows(
          sequences: Int32(sequences), count: Int32(positions), outputs: Int32(outputs),
          x_stride: Int64(available * channels), z_stride: Int64(rows * outputs)), Int32(available), 0, 0)
    }
    let part = part
    let longer = positions % dilation
    for sequence in 0..<sequences {
      // The first classes have a position more.
      for (classes, count) in [
        (0..<longer, positions / dilation + 1), (longer..<dilation, positions / dilation),
      ] {
        for first in stride(from: classes.lowerBound, to: classes.upperBound, by: part.classes) {
          for position in stride(from: 0, to: count, by: 3 * part.tiles) {
            let place = first + position * dilation
            body(
              ck_rows(
                sequences: Int32(min(part.classes, classes.upperBound - first)),
                count: Int32(min(3 * part.tiles, count - position)), outputs: Int32(dilation * outputs),
                x_stride: Int64(channels), z_stride: Int64(outputs)), Int32(count - position + taps - 1),
              (sequence * available + place) * channels, (sequence * rows + place) * outputs)
          }
        }
      }
    }
  }
}

/// Whether 5/9 of the multiplications, or less, outweigh Winograd's transforms.
package func winogradPays(taps: Int, positions: Int, dilation: Int = 1) -> Bool {
  // Classes of a dilated convolution go through together, but each fills whole tiles.
  taps >= 3 && taps != 4 && positions >= (dilation == 1 ? 20 : 8 * dilation)
}
