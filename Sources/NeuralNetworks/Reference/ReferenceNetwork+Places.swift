import Foundation

/// What moves numbers, or multiplies them with each other.
extension ReferenceNetwork {
  /// y[left + i, c] = x[i, c], zero elsewhere; negative numbers take positions off.
  func shift(_ x: ReferenceActivations, left: Int, right: Int) -> ReferenceActivations {
    var y = ReferenceActivations(count: x.count, length: left + x.length + right, channels: x.channels)
    y.forEach { s, i, c in
      if (0..<x.length).contains(i - left) { y[s, i, c] = x[s, i - left, c] }
    }
    return y
  }

  /// The channels of the first input, then those of the second, ….
  func join(_ inputs: [ReferenceActivations]) -> ReferenceActivations {
    var y = ReferenceActivations(
      count: inputs[0].count, length: inputs[0].length, channels: inputs.reduce(0) { $0 + $1.channels })
    var first = 0
    for x in inputs {
      x.forEach { s, i, c in y[s, i, first + c] = x[s, i, c] }
      first += x.channels
    }
    return y
  }

  func split(_ dy: ReferenceActivations, like inputs: [ReferenceActivations]) -> [ReferenceActivations] {
    var first = 0
    return inputs.map { x in
      var dx = x.zeros
      x.forEach { s, i, c in dx[s, i, c] = dy[s, i, first + c] }
      first += x.channels
      return dx
    }
  }

  /// Π x over the inputs; features stand for the channels of every position.
  func product(_ inputs: [ReferenceActivations], like shape: Shape) -> ReferenceActivations {
    var y = ReferenceActivations(count: inputs[0].count, length: shape.length, channels: shape.channels)
    y.forEach { s, i, c in y[s, i, c] = inputs.reduce(1) { $0 * $1[s, min(i, $1.length - 1), c] } }
    return y
  }

  func productBackward(_ inputs: [ReferenceActivations], _ dy: ReferenceActivations) -> [ReferenceActivations]
  {
    inputs.indices.map { k in
      var dx = inputs[k].zeros
      dy.forEach { s, i, c in
        let others = inputs.indices.filter { $0 != k }.reduce(1) {
          $0 * inputs[$1][s, min(i, inputs[$1].length - 1), c]
        }
        dx[s, min(i, dx.length - 1), c] += dy[s, i, c] * others
      }
      return dx
    }
  }

  /// y[c] = log Σ exp x[i, c], safe against overflow.
  func logSumExp(_ x: ReferenceActivations) -> ReferenceActivations {
    var y = ReferenceActivations(count: x.count, length: 1, channels: x.channels)
    y.forEach { s, _, c in
      let values = (0..<x.length).map { x[s, $0, c] }
      let largest = values.max() ?? 0
      y[s, 0, c] = largest + log(values.reduce(0) { $0 + exp($1 - largest) })
    }
    return y
  }

  func logSumExpBackward(_ x: ReferenceActivations, _ dy: ReferenceActivations) -> ReferenceActivations {
    let y = logSumExp(x)
    var dx = x.zeros
    x.forEach { s, i, c in dx[s, i, c] = dy[s, 0, c] * exp(x[s, i, c] - y[s, 0, c]) }
    return dx
  }
}
