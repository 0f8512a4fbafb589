import Foundation

/// An LSTM or GRU over the positions of each sequence, in one direction or both.
///
/// With a = x·W + h·U + b of one position. Back through time, with dh and dc the gradients of the state after it, the gradients of
/// a follow from the gates; dW = xᵀ·da, dU = hᵀ·da, db = da, dx = da·Wᵀ and dh of the position before = da·Uᵀ.
final class RecurrentStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let layer: Recurrent
  private let input: PaddedShape
  private let tensors: [ParameterTensor]
  /// Floats of one position's gates.
  private let width: Int
  private var units: Int { layer.units }

  init(_ layer: Recurrent, layers: Range<Int>, input: PaddedShape, output: Shape, tensors: [ParameterTensor])
  {
    self.layer = layer
    self.layers = layers
    self.input = input
    self.output = PaddedShape(output)
    self.tensors = tensors
    width = layer.cell.gates * layer.units
  }

  /// The layer's tensors one after the other.
  var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    var first = 0
    return tensors.map { tensor in
      defer { first += tensor.count }
      let start = first
      return (tensor, { start + $0 })
    }
  }

  private nonisolated(unsafe) var parameters: UnsafePointer<Float>!

  /// The engine's parameters outlive it.
  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) { self.parameters = parameters }

  /// Of one sequence and direction: gates after their functions, and what U adds to the GRU's candidate, (positions, width +
  /// units); states h and c with that before the first position, (positions + 1, units) each; gradients of gates, of U's part and
  /// of both states.
  func scratchCount(group: Int) -> Int {
    input.length * (width + units) + 2 * (input.length + 1) * units + 2 * width + 3 * units
  }

  private struct Part {
    let kernel, recurrent, bias: Int
  }

  private func part(_ direction: Int) -> Part {
    let start = direction * parameterCount / layer.directions.count
    let kernel = input.channels * width
    return Part(kernel: start, recurrent: start + kernel, bias: start + kernel + units * width)
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    for s in 0..<count {
      let y = work.outputs[step] + s * output.count
      for (number, isBackward) in layer.directions.enumerated() {
        let states = run(work.outputs[step - 1] + s * input.count, number, isBackward, work.scratch.pointer)
        if layer.returnsSequences {
          for t in 0..<input.length {
            let position = isBackward ? input.length - 1 - t : t
            (y + position * output.stride + number * units).update(
              from: states + (t + 1) * units, count: units)
          }
        } else {
          (y + number * units).update(from: states + input.length * units, count: units)
        }
      }
    }
  }

  /// Fills the scratch memory; gives the states h.
  private func run(
    _ x: UnsafePointer<Float>, _ number: Int, _ isBackward: Bool, _ memory: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    let part = part(number)
    let (length, units, width) = (input.length, units, width)
    let h = memory + length * (width + units)
    let c = h + (length + 1) * units
    h.update(repeating: 0, count: units)
    c.update(repeating: 0, count: units)
    for t in 0..<length {
      let row = x + (isBackward ? length - 1 - t : t) * input.stride
      let a = memory + t * (width + units)
      let (before, after) = (h + t * units, h + (t + 1) * units)
      a.update(from: parameters + part.bias, count: width)
      add(row, input.channels, parameters + part.kernel, width, to: a)
      switch layer.cell {
      case .lstm:
        add(before, units, parameters + part.recurrent, width, to: a)
        for j in 0..<units {
          let (i, f) = (Self.sigmoid(a[j]), Self.sigmoid(a[units + j]))
          let (g, o) = (tanh(a[2 * units + j]), Self.sigmoid(a[3 * units + j]))
          let cell = f * c[t * units + j] + i * g
          c[(t + 1) * units + j] = cell
          after[j] = o * tanh(cell)
          (a[j], a[units + j], a[2 * units + j], a[3 * units + j]) = (i, f, g, o)
        }
      case .gru:
        // z and r take U's part at once, the candidate takes it times r.
        let own = c + (length + 1) * units
        own.update(from: parameters + part.bias + width, count: width)
        add(before, units, parameters + part.recurrent, width, to: own)
        for j in 0..<units {
          let (z, r) = (Self.sigmoid(a[j] + own[j]), Self.sigmoid(a[units + j] + own[units + j]))
          let g = tanh(a[2 * units + j] + r * own[2 * units + j])
          after[j] = z * before[j] + (1 - z) * g
          (a[j], a[units + j], a[2 * units + j], a[width + j]) = (z, r, g, own[2 * units + j])
        }
      }
    }
    return h
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let (length, units, width) = (input.length, units, width)
    let memory = work.scratch.pointer
    work.gradients[step - 1].update(repeating: 0, count: count * input.count)
    for s in 0..<count {
      let (x, dx) = (work.outputs[step - 1] + s * input.count, work.gradients[step - 1] + s * input.count)
      let dy = work.gradients[step] + s * output.count
      for (number, isBackward) in layer.directions.enumerated() {
        let h = run(x, number, isBackward, memory)
        let c = h + (length + 1) * units
        let part = part(number)
        let da = c + (length + 1) * units
        let own = da + width
        let (dh, dc) = (own + width, own + width + units)
        let dBefore = dc + units
        dh.update(repeating: 0, count: 2 * units)
        for t in (0..<length).reversed() {
          let position = isBackward ? length - 1 - t : t
          if layer.returnsSequences || t == length - 1 {
            let from = dy + (layer.returnsSequences ? position * output.stride : 0) + number * units
            for j in 0..<units { dh[j] += from[j] }
          }
          let (a, before) = (memory + t * (width + units), h + t * units)
          switch layer.cell {
          case .lstm:
            for j in 0..<units {
              let (i, f, g, o) = (a[j], a[units + j], a[2 * units + j], a[3 * units + j])
              let cell = tanh(c[(t + 1) * units + j])
              dc[j] += dh[j] * o * (1 - cell * cell)
              da[j] = dc[j] * g * i * (1 - i)
              da[units + j] = dc[j] * c[t * units + j] * f * (1 - f)
              da[2 * units + j] = dc[j] * i * (1 - g * g)
              da[3 * units + j] = dh[j] * cell * o * (1 - o)
              dc[j] *= f
              dBefore[j] = 0
            }
            own.update(from: da, count: width)
          case .gru:
            for j in 0..<units {
              let (z, r, g) = (a[j], a[units + j], a[2 * units + j])
              let candidate = dh[j] * (1 - z) * (1 - g * g)
              da[j] = dh[j] * (before[j] - g) * z * (1 - z)
              da[units + j] = candidate * a[width + j] * r * (1 - r)
              da[2 * units + j] = candidate
              (own[j], own[units + j], own[2 * units + j]) = (da[j], da[units + j], candidate * r)
              dBefore[j] = dh[j] * z
            }
            for i in 0..<width { gradients[part.bias + width + i] += own[i] }
          }
          for i in 0..<width { gradients[part.bias + i] += da[i] }
          sendBack(
            x + position * input.stride, input.channels, parameters + part.kernel, da,
            gradients + part.kernel, dx + position * input.stride)
          sendBack(before, units, parameters + part.recurrent, own, gradients + part.recurrent, dBefore)
          dh.update(from: dBefore, count: units)
        }
      }
    }
  }

  /// y += x · w, w (count, width).
  private func add(
    _ x: UnsafePointer<Float>, _ count: Int, _ w: UnsafePointer<Float>, _ width: Int,
    to y: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count where x[i] != 0 {
      let (value, row) = (x[i], w + i * width)
      for j in 0..<width { y[j] += value * row[j] }
    }
  }

  /// dw += xᵀ · dy; dx += dy · wᵀ.
  private func sendBack(
    _ x: UnsafePointer<Float>, _ count: Int, _ w: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ dw: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count {
      let (value, row, target) = (x[i], w + i * width, dw + i * width)
      var sum: Float = 0
      for j in 0..<width {
        sum += dy[j] * row[j]
        target[j] += value * dy[j]
      }
      dx[i] += sum
    }
  }

  private static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
}
