/// Batch normalization and softmax.
extension ReferenceNetwork {
  /// y = γ·x̂ + β, x̂ = (x − mean) / √(variance + ε).
  func normalize(
    _ x: ReferenceActivations, _ layer: Int, _ normalization: BatchNormalization, isTraining: Bool
  ) -> ReferenceActivations {
    let (gamma, beta) = (architecture.tensor(layer, .scale), architecture.tensor(layer, .shift))
    let (mean, variance) = statistics(x, layer, isTraining: isTraining)
    var y = x
    x.forEach { s, i, c in
      let normal = (x[s, i, c] - mean[c]) / (variance[c] + normalization.epsilon).squareRoot()
      y[s, i, c] = value(gamma, c) * normal + value(beta, c)
    }
    return y
  }

  /// dγ = Σ dy·x̂, dβ = Σ dy; in training mean and variance depend on x:
  /// dx = γ / √(variance + ε) · (dy − dβ/n − x̂·dγ/n), else without the last two terms.
  func normalizeBackward(
    _ x: ReferenceActivations, _ layer: Int, _ normalization: BatchNormalization, _ dy: ReferenceActivations,
    isTraining: Bool, _ gradients: inout [Double]
  ) -> ReferenceActivations {
    let (gamma, beta) = (architecture.tensor(layer, .scale)!, architecture.tensor(layer, .shift)!)
    let (mean, variance) = statistics(x, layer, isTraining: isTraining)
    let root = variance.map { ($0 + normalization.epsilon).squareRoot() }
    var (dgamma, dbeta) = (mean.map { _ in 0.0 }, mean.map { _ in 0.0 })
    x.forEach { s, i, c in
      dgamma[c] += dy[s, i, c] * (x[s, i, c] - mean[c]) / root[c]
      dbeta[c] += dy[s, i, c]
    }
    var dx = x.zeros
    let n = Double(x.count * x.length)
    x.forEach { s, i, c in
      let normal = (x[s, i, c] - mean[c]) / root[c]
      let centred = isTraining ? dy[s, i, c] - dbeta[c] / n - normal * dgamma[c] / n : dy[s, i, c]
      dx[s, i, c] = value(gamma, c) / root[c] * centred
    }
    for c in mean.indices {
      gradients[gamma.offset + c] += dgamma[c]
      gradients[beta.offset + c] += dbeta[c]
    }
    return dx
  }

  /// Mean and variance (divided by n) of each channel: of the minibatch in training, else the running ones.
  private func statistics(_ x: ReferenceActivations, _ layer: Int, isTraining: Bool)
    -> (mean: [Double], variance: [Double])
  {
    guard isTraining else {
      return (
        (0..<x.channels).map { value(architecture.tensor(layer, .mean), $0) },
        (0..<x.channels).map { value(architecture.tensor(layer, .variance), $0) }
      )
    }
    let n = Double(x.count * x.length)
    var mean = [Double](repeating: 0, count: x.channels)
    var variance = mean
    x.forEach { s, i, c in mean[c] += x[s, i, c] / n }
    x.forEach { s, i, c in variance[c] += (x[s, i, c] - mean[c]) * (x[s, i, c] - mean[c]) / n }
    return (mean, variance)
  }

  /// y = γ·x̂ + β, x̂ = (x − mean) / √(variance + ε) over the channels of each position.
  func normalizeRows(_ x: ReferenceActivations, _ layer: Int, _ normalization: LayerNormalization)
    -> ReferenceActivations
  {
    let (gamma, beta) = (architecture.tensor(layer, .scale), architecture.tensor(layer, .shift))
    var y = x
    x.forEach { s, i, c in
      let (mean, root) = rowMoments(x, s, i, normalization.epsilon)
      y[s, i, c] = value(gamma, c) * (x[s, i, c] - mean) / root + value(beta, c)
    }
    return y
  }

  /// With e = dy·γ: dx = (e − mean(e) − x̂ · mean(e·x̂)) / √(variance + ε).
  func normalizeRowsBackward(
    _ x: ReferenceActivations, _ layer: Int, _ normalization: LayerNormalization, _ dy: ReferenceActivations,
    _ gradients: inout [Double]
  ) -> ReferenceActivations {
    let (gamma, beta) = (architecture.tensor(layer, .scale)!, architecture.tensor(layer, .shift)!)
    let n = Double(x.channels)
    var dx = x.zeros
    for s in 0..<x.count {
      for i in 0..<x.length {
        let (mean, root) = rowMoments(x, s, i, normalization.epsilon)
        let normal = (0..<x.channels).map { (x[s, i, $0] - mean) / root }
        let e = (0..<x.channels).map { dy[s, i, $0] * value(gamma, $0) }
        let along = zip(e, normal).reduce(0) { $0 + $1.0 * $1.1 } / n
        for c in 0..<x.channels {
          dx[s, i, c] = (e[c] - e.reduce(0, +) / n - normal[c] * along) / root
          gradients[gamma.offset + c] += dy[s, i, c] * normal[c]
          gradients[beta.offset + c] += dy[s, i, c]
        }
      }
    }
    return dx
  }

  private func rowMoments(_ x: ReferenceActivations, _ s: Int, _ i: Int, _ epsilon: Double)
    -> (mean: Double, root: Double)
  {
    let row = (0..<x.channels).map { x[s, i, $0] }
    let mean = row.reduce(0, +) / Double(row.count)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    return (mean, (variance + epsilon).squareRoot())
  }

  /// All parameters, the running means and variances moved by a minibatch in training.
  package func movedStatistics(_ pass: Pass) -> [Double] {
    var result = parameters
    for layer in architecture.layers.indices {
      guard case .batchNormalization(let normalization) = architecture.layers[layer].kind else { continue }
      let x = pass[architecture.sources[layer][0]]
      let (mean, variance) = statistics(x, layer, isTraining: true)
      let scale = normalization.runningVarianceScale(count: x.count * x.length)
      for (part, batch) in [(TensorRole.mean, mean), (.variance, variance.map { $0 * scale })] {
        let offset = architecture.tensor(layer, part)!.offset
        for c in batch.indices {
          result[offset + c] += (1 - normalization.retained) * (batch[c] - result[offset + c])
        }
      }
    }
    return result
  }

  /// y[c] = exp(x[c]) / Σ exp(x) over the channels of a position.
  func softmax(_ x: ReferenceActivations) -> ReferenceActivations {
    var y = x
    for s in 0..<x.count {
      for i in 0..<x.length {
        let shares = Softmax.shares((0..<x.channels).map { x[s, i, $0] })
        for c in 0..<x.channels { y[s, i, c] = shares[c] }
      }
    }
    return y
  }

  /// dx[c] = y[c] · (dy[c] − Σ dy·y).
  func softmaxBackward(_ x: ReferenceActivations, _ dy: ReferenceActivations) -> ReferenceActivations {
    let y = softmax(x)
    var dx = x.zeros
    for s in 0..<x.count {
      for i in 0..<x.length {
        let mean = (0..<x.channels).reduce(0) { $0 + dy[s, i, $1] * y[s, i, $1] }
        for c in 0..<x.channels { dx[s, i, c] = y[s, i, c] * (dy[s, i, c] - mean) }
      }
    }
    return dx
  }
}
