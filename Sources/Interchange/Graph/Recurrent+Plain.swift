extension Operation.Recurrent.Parameters {
  /// A plain recurrent layer's own (inputs, units), (units, units), (units), h ← tanh(x W + h U + b) (Elman 1990), as those of a
  /// GRU that resets after its product: h ← (1 − z) tanh(x W + r (h U) + b) + z h with z = 0 and r = 1.
  ///
  /// σ(±64) is that to the last bit of a 32-bit sum, and no weight of its gates is other than zero.
  var asGRU: Self {
    let units = recurrent.shape[1]
    func widened(_ weights: Weights) -> Weights {
      let values = (0..<weights.shape[0]).flatMap { row in
        [Float](repeating: 0, count: 2 * units) + weights.values[row * units..<(row + 1) * units]
      }
      return Weights(shape: [weights.shape[0], 3 * units], values: values)
    }
    let gates = [Float](repeating: -64, count: units) + [Float](repeating: 64, count: units)
    let own = bias?.values ?? [Float](repeating: 0, count: units)
    return Self(
      kernel: widened(kernel), recurrent: widened(recurrent),
      bias: Weights(shape: [2, 3 * units], values: gates + own + [Float](repeating: 0, count: 3 * units)))
  }
}
