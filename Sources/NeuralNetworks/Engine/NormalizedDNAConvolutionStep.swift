internal import CKernels

/// The first convolution with its batch normalization, without ever making the convolution's own outputs.
///
/// With one-hot windows x of K bases, z = w·x + bias, so what the minibatch tells of z follows from counts of pairs of
/// bases, G = Σ x xᵀ: mean = w·m/n + bias with m = Σ x, variance = wᵀGw/n − (w·m/n)². Scale and shift are then part of the
/// tables. Back: with S = Σ d·x, the gradient of the weights as if nothing were normalized, Σ d·z = w·S + bias·Σ d; and
/// since dz = slope·d + own·z + rest, dw = slope·S + own·(Gw + bias·m) + rest·m.
final class NormalizedDNAConvolutionStep: DNAConvolutionStep, BatchStep, @unchecked Sendable {
  private let statistics: BatchStatistics
  private let tensors: [ParameterTensor]
  /// With the minibatch's scale and shift; `tables` has the running ones.
  private let batchTables: FloatBuffer
  /// Weights and biases times scale, plus shift.
  private let scaled: FloatBuffer
  /// (shards, K, K, 25), as ck_window_pairs has them.
  private let pairs: UnsafeMutablePointer<Int64>
  /// G (4K, 4K), m its diagonal; and G·w (4K, filters).
  private var gram: [Double]
  private var gramProduct: [Double]
  private static let shards = BatchRunner.shards

  init(
    _ layer: Convolution1D, normalization: BatchNormalization, layers: Range<Int>, length: Int,
    epilogue: Epilogue, kernel: ParameterTensor, bias: ParameterTensor?, tensors: [ParameterTensor],
    kernels: Kernels
  ) {
    self.tensors = tensors
    let (stride, rows) = (epilogue.shape.stride, 4 * layer.kernelSize)
    statistics = BatchStatistics(normalization, channels: epilogue.shape.channels)
    scaled = FloatBuffer(count: (rows + 1) * stride)
    let pairCount = Self.shards * 25 * layer.kernelSize * layer.kernelSize
    pairs = .allocate(capacity: pairCount)
    pairs.initialize(repeating: 0, count: pairCount)
    gram = [Double](repeating: 0, count: rows * rows)
    gramProduct = [Double](repeating: 0, count: rows * stride)
    batchTables = FloatBuffer(count: stride * ((layer.kernelSize + 2) / 3) * Int(CK_TRIMERS))
    super.init(
      layer, layers: layers, length: length, epilogue: epilogue, kernel: kernel, bias: bias, kernels: kernels)
  }

  deinit { pairs.deallocate() }

  private var rows: Int { 4 * kernelSize }
  private var pairCount: Int { 25 * kernelSize * kernelSize }
  private var normalizationOffset: Int { weightCount + stride }

  override var scope: StepScope { .statistics(self) }
  override var parameterCount: Int { normalizationOffset + BatchStatistics.rows * stride }
  override var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let (stride, offset) = (stride, normalizationOffset)
    return super.parameterMap
      + tensors.enumerated().map { index, tensor in (tensor, { offset + index * stride + $0 }) }
  }

  override func prepare(_ parameters: UnsafePointer<Float>, threads: Int) {
    statistics.prepare(parameters + normalizationOffset)
    tabulate(parameters, by: statistics.running, in: tables)
  }

  private func tabulate(
    _ parameters: UnsafePointer<Float>, by affine: BatchStatistics.Affine, in tables: FloatBuffer
  ) {
    let (scale, shift, stride) = (affine.scale.pointer, affine.shift.pointer, stride)
    for row in 0...rows {
      let (from, to) = (parameters + row * stride, scaled.pointer + row * stride)
      for c in 0..<stride { to[c] = from[c] * scale[c] + (row == rows ? shift[c] : 0) }
    }
    tabulate(scaled.pointer, scaled.pointer + weightCount, in: tables)
  }

  override func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    forward(work, step: step, count: count, training: training, tables: training ? batchTables : tables)
  }

  func collect(_ work: Workspace, step: Int, count: Int, shard: Int) {
    ck_window_pairs(
      Int32(count), Int32(kernelSize), Int32(epilogue.shape.length), work.trimers, Int64(layout.trimerStride),
      pairs + shard * pairCount)
  }

  func settle(count: Int, parameters: UnsafeMutablePointer<Float>) {
    takePairs()
    ck_matrix_product(Int32(rows), Int32(stride), gram, parameters, &gramProduct)
    let n = count * epilogue.shape.length
    statistics.settle(n: n, parameters: parameters + normalizationOffset) { c in
      var (first, second) = (0.0, 0.0)
      for row in 0..<rows {
        let weight = Double(parameters[row * stride + c])
        first += weight * gram[row * rows + row]
        second += weight * gramProduct[row * stride + c]
      }
      let mean = first / Double(n)
      return (mean + Double(parameters[weightCount + c]), max(0, second / Double(n) - mean * mean))
    }
    tabulate(parameters, by: statistics.batch, in: batchTables)
  }

  /// What the tables' gradients tell is enough.
  func collectGradient(_ work: Workspace, step: Int, count: Int, shard: Int) {
    addTableGradients(work, step: step, count: count)
  }

  func settleGradient(count: Int, parameters: UnsafePointer<Float>, gradients: ShardGradients) {
    let (target, biasRow) = (gradients[0], rows)
    for shard in 1..<gradients.shards {
      for i in 0..<normalizationOffset { target[i] += gradients[shard][i] }
      gradients[shard].update(repeating: 0, count: normalizationOffset)
    }
    let n = count * epilogue.shape.length
    statistics.settleGradient(
      n: n, parameters: parameters + normalizationOffset, gradients: target + normalizationOffset
    ) { c in
      let sum = Double(target[biasRow * stride + c])
      var moment = -Double(statistics.mean.pointer[c]) * sum
      for row in 0...biasRow {
        moment += Double(parameters[row * stride + c]) * Double(target[row * stride + c])
      }
      return (sum, moment)
    }
    for row in 0..<rows {
      let m = gram[row * rows + row]
      for c in 0..<stride {
        let i = row * stride + c
        let z = gramProduct[i] + Double(parameters[weightCount + c]) * m
        target[i] = Float(
          Double(statistics.slope.pointer[c]) * Double(target[i]) + Double(statistics.own.pointer[c]) * z
            + Double(statistics.rest.pointer[c]) * m)
      }
    }
    for c in 0..<stride {
      let z = Double(n) * Double(statistics.mean.pointer[c])
      target[weightCount + c] = Float(
        Double(statistics.slope.pointer[c]) * Double(target[weightCount + c])
          + Double(statistics.own.pointer[c]) * z + Double(statistics.rest.pointer[c]) * Double(n))
    }
  }

  /// There is nothing before the first layer.
  func backwardThroughBatch(_ work: Workspace, step: Int, count: Int) {}

  /// The shards' pairs as G, and zeroed for the next time.
  private func takePairs() {
    let (taps, shards) = (kernelSize, Self.shards)
    for d in 0..<taps {
      var sums = [Int64](repeating: 0, count: 25)
      for k in 0..<taps - d {
        for shard in 0..<shards {
          let counts = pairs + shard * pairCount + (k * taps + d) * 25
          for i in 0..<25 { sums[i] += counts[i] }
        }
        for a in 0..<4 {
          for b in 0..<4 {
            let (i, j) = (4 * k + a, 4 * (k + d) + b)
            gram[i * rows + j] = Double(sums[5 * a + b])
            gram[j * rows + i] = gram[i * rows + j]
          }
        }
      }
    }
    pairs.update(repeating: 0, count: shards * pairCount)
  }
}
