/// Batch normalization as numbers of each channel: a scale and a shift from the minibatch in training, else from the
/// running means and variances.
final class BatchStatistics {
  private let normalization: BatchNormalization
  /// Channels, and channels padded to blocks.
  private let channels: Int
  private let stride: Int
  /// y = scale·x + shift, by running values and by the minibatch's.
  let running: Affine
  let batch: Affine
  /// Running: 1 / √(variance + ε), and mean.
  let root: FloatBuffer
  let runningMean: FloatBuffer
  /// The minibatch's mean.
  let mean: FloatBuffer
  private let batchRoot: FloatBuffer
  /// The gradient of the input is slope·d + own·x + rest, where d is that of the output.
  let slope: FloatBuffer
  let own: FloatBuffer
  let rest: FloatBuffer

  struct Affine {
    let scale: FloatBuffer
    let shift: FloatBuffer
  }

  /// gamma, beta, moving_mean, moving_variance.
  static let rows = 4

  init(_ normalization: BatchNormalization, channels: Int) {
    self.normalization = normalization
    self.channels = channels
    stride = padded(channels)
    let stride = stride
    func row() -> FloatBuffer { FloatBuffer(count: stride) }
    running = Affine(scale: row(), shift: row())
    batch = Affine(scale: row(), shift: row())
    (root, runningMean, mean, batchRoot) = (row(), row(), row(), row())
    (slope, own, rest) = (row(), row(), row())
  }

  /// `parameters`: rows of gamma, beta, moving mean and moving variance.
  func prepare(_ parameters: UnsafePointer<Float>) {
    for c in 0..<stride {
      root.pointer[c] = 1 / (parameters[3 * stride + c] + Float(normalization.epsilon)).squareRoot()
      runningMean.pointer[c] = parameters[2 * stride + c]
      running.scale.pointer[c] = parameters[c] * root.pointer[c]
      running.shift.pointer[c] =
        parameters[stride + c] - parameters[2 * stride + c] * running.scale.pointer[c]
    }
  }

  /// `moments`: mean and variance (divided by n) of a channel over the minibatch's `n` values. Moves the running ones.
  func settle(n: Int, parameters: UnsafeMutablePointer<Float>, moments: (Int) -> (Double, Double)) {
    let scale = normalization.runningVarianceScale(count: n)
    // Channels that only fill a block stay zero.
    for c in 0..<channels {
      let (batchMean, variance) = moments(c)
      mean.pointer[c] = Float(batchMean)
      batchRoot.pointer[c] = Float(1 / (variance + normalization.epsilon).squareRoot())
      batch.scale.pointer[c] = parameters[c] * batchRoot.pointer[c]
      batch.shift.pointer[c] = parameters[stride + c] - mean.pointer[c] * batch.scale.pointer[c]
      for (place, value) in [(2 * stride + c, batchMean), (3 * stride + c, variance * scale)] {
        let old = Double(parameters[place])
        parameters[place] = Float(old + (1 - normalization.retained) * (value - old))
      }
    }
  }

  /// `sums`: Σ d and Σ d·(x − mean) of a channel. dγ = Σ d·x̂, dβ = Σ d; dx = γ·r·(d − dβ/n − x̂·dγ/n) with x̂ = (x − mean)·r.
  func settleGradient(
    n: Int, parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>,
    sums: (Int) -> (Double, Double)
  ) {
    for c in 0..<channels {
      let r = Double(batchRoot.pointer[c])
      let (dbeta, moment) = sums(c)
      let dgamma = moment * r
      gradients[c] += Float(dgamma)
      gradients[stride + c] += Float(dbeta)
      let a = Double(parameters[c]) * r
      let b = -a * r * dgamma / Double(n)
      slope.pointer[c] = Float(a)
      own.pointer[c] = Float(b)
      rest.pointer[c] = Float(-b * Double(mean.pointer[c]) - a * dbeta / Double(n))
    }
  }
}
