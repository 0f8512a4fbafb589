/// Convolution and dense layers.
extension ReferenceNetwork {
  /// z[i, f] = b[f] + Σ over k, c of x[stride·i + dilation·k − left, c] · w[k, c, f].
  func convolve(_ x: ReferenceActivations, _ layer: Int, _ convolution: Convolution1D) -> ReferenceActivations
  {
    let shape = architecture.shapes[layer]
    let (kernel, bias) = (architecture.tensor(layer, "kernel"), architecture.tensor(layer, "bias"))
    let left = convolution.margins(length: x.length).left
    var z = ReferenceActivations(count: x.count, length: shape.length, channels: shape.channels)
    for s in 0..<z.count {
      for i in 0..<z.length {
        for f in 0..<z.channels { z[s, i, f] = value(bias, f) }
        for k in 0..<convolution.kernelSize {
          let p = i * convolution.stride + k * convolution.dilation - left
          guard (0..<x.length).contains(p) else { continue }
          for c in 0..<x.channels where x[s, p, c] != 0 {
            let w = (k * x.channels + c) * convolution.filters
            for f in 0..<z.channels { z[s, i, f] += x[s, p, c] * value(kernel, w + f) }
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
    let (kernel, bias) = (architecture.tensor(layer, "kernel")!, architecture.tensor(layer, "bias"))
    let left = convolution.margins(length: x.length).left
    var dx = x.zeros
    dz.forEach { s, i, f in
      let d = dz[s, i, f]
      guard d != 0 else { return }
      if let bias { gradients[bias.offset + f] += d }
      for k in 0..<convolution.kernelSize {
        let p = i * convolution.stride + k * convolution.dilation - left
        guard (0..<x.length).contains(p) else { continue }
        for c in 0..<x.channels {
          let w = (k * x.channels + c) * convolution.filters + f
          dx[s, p, c] += d * value(kernel, w)
          gradients[kernel.offset + w] += d * x[s, p, c]
        }
      }
    }
    return dx
  }

  /// z[o] = b[o] + Σ over j of x[j] · w[j, o].
  func multiply(_ x: ReferenceActivations, _ layer: Int, _ dense: Dense) -> ReferenceActivations {
    let (kernel, bias) = (architecture.tensor(layer, "kernel"), architecture.tensor(layer, "bias"))
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
    let (kernel, bias) = (architecture.tensor(layer, "kernel")!, architecture.tensor(layer, "bias"))
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
}
