/// Convolution and dense layers.
extension ReferenceNetwork {
  /// z[i, f] = b[f] + Σ over k, c of x[stride·i + dilation·k − left, c] · w[k, c, f]; where both strands are scored, the
  /// filters once more on the reverse complement.
  func convolve(_ x: ReferenceActivations, _ layer: Int, _ convolution: Convolution1D) -> ReferenceActivations
  {
    let (kernel, bias) = (architecture.tensor(layer, .kernel), architecture.tensor(layer, .bias))
    let left = convolution.margins(length: x.length).left
    let strands = convolution.reverseComplement == nil ? 1 : 2
    var z = ReferenceActivations(
      count: x.count, length: architecture.shapes[layer].length, channels: strands * convolution.filters)
    for s in 0..<z.count {
      for i in 0..<z.length {
        for f in 0..<z.channels { z[s, i, f] = value(bias, f % convolution.filters) }
        for k in 0..<convolution.kernelSize {
          let p = i * convolution.stride + k * convolution.dilation - left
          guard (0..<x.length).contains(p) else { continue }
          for c in 0..<x.channels where x[s, p, c] != 0 {
            for f in 0..<z.channels {
              guard let w = weight(k, c, f, convolution, channels: x.channels) else { continue }
              z[s, i, f] += x[s, p, c] * value(kernel, w)
            }
          }
        }
      }
    }
    return z
  }

  func convolveBackward(
    _ x: ReferenceActivations, _ layer: Int, _ convolution: Convolution1D, _ dz: ReferenceActivations,
    _ gradients: inout [Double]
  ) -> ReferenceActivations {
    let (kernel, bias) = (architecture.tensor(layer, .kernel)!, architecture.tensor(layer, .bias))
    let left = convolution.margins(length: x.length).left
    var dx = x.zeros
    dz.forEach { s, i, f in
      let d = dz[s, i, f]
      guard d != 0 else { return }
      if let bias { gradients[bias.offset + f % convolution.filters] += d }
      for k in 0..<convolution.kernelSize {
        let p = i * convolution.stride + k * convolution.dilation - left
        guard (0..<x.length).contains(p) else { continue }
        for c in 0..<x.channels {
          guard let w = weight(k, c, f, convolution, channels: x.channels) else { continue }
          dx[s, p, c] += d * value(kernel, w)
          gradients[kernel.offset + w] += d * x[s, p, c]
        }
      }
    }
    return dx
  }

  /// The number in the kernel (kernelSize, channels / groups, filters) that tap `k` of filter `f` has for channel `c`; none
  /// outside the filter's group. Filters beyond the last are those of the other strand: taps and bases reversed.
  private func weight(_ k: Int, _ c: Int, _ f: Int, _ convolution: Convolution1D, channels: Int) -> Int? {
    let filters = convolution.filters
    if f >= filters {
      return ((convolution.kernelSize - 1 - k) * channels + channels - 1 - c) * filters + f - filters
    }
    let inputs = channels / convolution.groups
    guard c / inputs == f / (filters / convolution.groups) else { return nil }
    return (k * inputs + c % inputs) * filters + f
  }

  /// The larger of both strands' scores, the given strand's where they are equal.
  func mergeStrands(_ z: ReferenceActivations, _ convolution: Convolution1D) -> ReferenceActivations {
    guard convolution.reverseComplement == .maximum else { return z }
    var y = ReferenceActivations(count: z.count, length: z.length, channels: convolution.filters)
    y.forEach { s, i, f in y[s, i, f] = max(z[s, i, f], z[s, i, f + convolution.filters]) }
    return y
  }

  func mergeStrandsBackward(
    _ z: ReferenceActivations, _ convolution: Convolution1D, _ dy: ReferenceActivations
  ) -> ReferenceActivations {
    guard convolution.reverseComplement == .maximum else { return dy }
    var dz = z.zeros
    dy.forEach { s, i, f in
      let other = z[s, i, f + convolution.filters] > z[s, i, f]
      dz[s, i, other ? f + convolution.filters : f] = dy[s, i, f]
    }
    return dz
  }

  /// z[o] = b[o] + Σ over j of x[j] · w[j, o].
  func multiply(_ x: ReferenceActivations, _ layer: Int, _ dense: Dense) -> ReferenceActivations {
    let (kernel, bias) = (architecture.tensor(layer, .kernel), architecture.tensor(layer, .bias))
    var z = ReferenceActivations(count: x.count, length: 1, channels: dense.units)
    z.forEach { s, _, o in
      var sum = value(bias, o)
      for j in 0..<x.channels { sum += x[s, 0, j] * value(kernel, j * dense.units + o) }
      z[s, 0, o] = sum
    }
    return z
  }

  func multiplyBackward(
    _ x: ReferenceActivations, _ layer: Int, _ dense: Dense, _ dz: ReferenceActivations,
    _ gradients: inout [Double]
  ) -> ReferenceActivations {
    let (kernel, bias) = (architecture.tensor(layer, .kernel)!, architecture.tensor(layer, .bias))
    var dx = x.zeros
    dz.forEach { s, _, o in
      for j in 0..<x.channels {
        dx[s, 0, j] += dz[s, 0, o] * value(kernel, j * dense.units + o)
        gradients[kernel.offset + j * dense.units + o] += dz[s, 0, o] * x[s, 0, j]
      }
      if let bias { gradients[bias.offset + o] += dz[s, 0, o] }
    }
    return dx
  }

  /// z[p, f] = b[f] + Σ x[i, c] · w[k, c, f] over i · stride + k − cropped = p.
  func spread(_ x: ReferenceActivations, _ layer: Int, _ transposed: TransposedConvolution1D)
    -> ReferenceActivations
  {
    let (kernel, bias) = (architecture.tensor(layer, .kernel), architecture.tensor(layer, .bias))
    var z = ReferenceActivations(
      count: x.count, length: architecture.shapes[layer].length, channels: transposed.filters)
    z.forEach { s, p, f in z[s, p, f] = value(bias, f) }
    forEachTerm(x, z, transposed) { s, i, c, p, f, w in z[s, p, f] += x[s, i, c] * value(kernel, w) }
    return z
  }

  func spreadBackward(
    _ x: ReferenceActivations, _ layer: Int, _ transposed: TransposedConvolution1D,
    _ dz: ReferenceActivations,
    _ gradients: inout [Double]
  ) -> ReferenceActivations {
    let (kernel, bias) = (architecture.tensor(layer, .kernel)!, architecture.tensor(layer, .bias))
    var dx = x.zeros
    forEachTerm(x, dz, transposed) { s, i, c, p, f, w in
      dx[s, i, c] += dz[s, p, f] * value(kernel, w)
      gradients[kernel.offset + w] += dz[s, p, f] * x[s, i, c]
    }
    if let bias { dz.forEach { s, p, f in gradients[bias.offset + f] += dz[s, p, f] } }
    return dx
  }

  /// Every input, the outputs it reaches, and the place of the weight between them.
  private func forEachTerm(
    _ x: ReferenceActivations, _ z: ReferenceActivations, _ transposed: TransposedConvolution1D,
    _ body: (_ s: Int, _ i: Int, _ c: Int, _ p: Int, _ f: Int, _ w: Int) -> Void
  ) {
    x.forEach { s, i, c in
      for k in 0..<transposed.kernelSize {
        let p = i * transposed.stride + k - transposed.cropped
        guard (0..<z.length).contains(p) else { continue }
        for f in 0..<z.channels { body(s, i, c, p, f, (k * x.channels + c) * z.channels + f) }
      }
    }
  }
}
