/// LSTM and GRU.
extension ReferenceNetwork {
  /// What one direction computes for one sequence: each position's gates after their functions, what U adds to the GRU's
  /// candidate, and the states h and c after it, in the order in which positions are visited.
  private struct Run {
    var gates: [[Double]] = []
    var own: [[Double]] = []
    var h: [[Double]]
    var c: [[Double]]
    let order: [Int]
  }

  /// Kernel, recurrent kernel and bias of a direction.
  private func tensors(_ layer: Int, _ direction: Int) -> [ParameterTensor] {
    Array(architecture.tensors.filter { $0.layer == layer }[(3 * direction)..<(3 * direction + 3)])
  }

  private func run(
    _ x: ReferenceActivations, _ s: Int, _ layer: Int, _ recurrent: Recurrent, _ direction: Int
  ) -> Run {
    let (units, width) = (recurrent.units, recurrent.cell.gates * recurrent.units)
    let tensors = tensors(layer, direction)
    let zeros = [Double](repeating: 0, count: units)
    let order = recurrent.directions[direction] ? (0..<x.length).reversed() : Array(0..<x.length)
    var run = Run(h: [zeros], c: [zeros], order: order)
    for i in order {
      let h = run.h.last!
      let fromInput = (0..<width).map { a in
        (0..<x.channels).reduce(value(tensors[2], a)) { $0 + x[s, i, $1] * value(tensors[0], $1 * width + a) }
      }
      let fromState = (0..<width).map { a in
        (0..<units).reduce(recurrent.hasOwnBias ? value(tensors[2], width + a) : 0) {
          $0 + h[$1] * value(tensors[1], $1 * width + a)
        }
      }
      func gate(_ number: Int, _ function: Activation, times factors: [Double]? = nil) -> [Double] {
        (0..<units).map {
          let place = number * units + $0
          return function.value(fromInput[place] + (factors?[$0] ?? 1) * fromState[place])
        }
      }
      switch recurrent.cell {
      case .lstm:
        let sigma = recurrent.recurrentActivation
        let gates = [gate(0, sigma), gate(1, sigma), gate(2, .tanh), gate(3, sigma)]
        let c = (0..<units).map { gates[1][$0] * run.c.last![$0] + gates[0][$0] * gates[2][$0] }
        run.h.append((0..<units).map { gates[3][$0] * Activation.tanh.value(c[$0]) })
        run.c.append(c)
        run.gates.append(gates.flatMap { $0 })
      case .gru:
        let (z, r) = (gate(0, recurrent.recurrentActivation), gate(1, recurrent.recurrentActivation))
        let g: [Double]
        if recurrent.resetsBefore {
          g = (0..<units).map { unit in
            let a = 2 * units + unit
            return Activation.tanh.value(
              (0..<units).reduce(fromInput[a]) { $0 + r[$1] * h[$1] * value(tensors[1], $1 * width + a) })
          }
        } else {
          g = gate(2, .tanh, times: r)
        }
        run.h.append((0..<units).map { z[$0] * h[$0] + (1 - z[$0]) * g[$0] })
        run.gates.append(z + r + g)
      }
      run.own.append(fromState)
    }
    return run
  }

  func recur(_ x: ReferenceActivations, _ layer: Int, _ recurrent: Recurrent) -> ReferenceActivations {
    let shape = architecture.shapes[layer]
    var y = ReferenceActivations(count: x.count, length: shape.length, channels: shape.channels)
    for s in 0..<x.count {
      for direction in recurrent.directions.indices {
        let run = run(x, s, layer, recurrent, direction)
        for j in 0..<recurrent.units {
          let c = direction * recurrent.units + j
          if recurrent.returnsSequences {
            for (t, i) in run.order.enumerated() { y[s, i, c] = run.h[t + 1][j] }
          } else {
            y[s, 0, c] = run.h.last![j]
          }
        }
      }
    }
    return y
  }

  func recurBackward(
    _ x: ReferenceActivations, _ layer: Int, _ recurrent: Recurrent, _ dy: ReferenceActivations,
    _ gradients: inout [Double]
  ) -> ReferenceActivations {
    let (units, width) = (recurrent.units, recurrent.cell.gates * recurrent.units)
    var dx = x.zeros
    /// A gate's derivative, from its value.
    func slope(_ gate: Double) -> Double {
      recurrent.recurrentActivation == .sigmoid
        ? gate * (1 - gate) : gate > 0 && gate < 1 ? recurrent.recurrentActivation.derivative(0) : 0
    }
    for s in 0..<x.count {
      for direction in recurrent.directions.indices {
        let run = run(x, s, layer, recurrent, direction)
        let tensors = tensors(layer, direction)
        var dh = [Double](repeating: 0, count: units)
        var dc = dh
        for (t, i) in run.order.enumerated().reversed() {
          for j in 0..<units where recurrent.returnsSequences || t == run.order.count - 1 {
            dh[j] += dy[s, recurrent.returnsSequences ? i : 0, direction * units + j]
          }
          let (a, before) = (run.gates[t], run.h[t])
          // Of x·W + b, of h·U (+ b′), and of the state before.
          var fromInput = [Double](repeating: 0, count: width)
          var fromState = fromInput
          var dBefore = [Double](repeating: 0, count: units)
          for j in 0..<units {
            switch recurrent.cell {
            case .lstm:
              let (input, forget, g, o) = (a[j], a[units + j], a[2 * units + j], a[3 * units + j])
              let state = Activation.tanh.value(run.c[t + 1][j])
              dc[j] += dh[j] * o * (1 - state * state)
              fromInput[j] = dc[j] * g * slope(input)
              fromInput[units + j] = dc[j] * run.c[t][j] * slope(forget)
              fromInput[2 * units + j] = dc[j] * input * (1 - g * g)
              fromInput[3 * units + j] = dh[j] * state * slope(o)
              for gate in 0..<4 { fromState[gate * units + j] = fromInput[gate * units + j] }
              dc[j] *= forget
            case .gru:
              let (z, r, g) = (a[j], a[units + j], a[2 * units + j])
              let candidate = dh[j] * (1 - z) * (1 - g * g)
              fromInput[j] = dh[j] * (before[j] - g) * slope(z)
              if recurrent.resetsBefore {
                fromInput[2 * units + j] = candidate
                fromState[j] = fromInput[j]
                dBefore[j] = dh[j] * z
                continue
              }
              fromInput[units + j] = candidate * run.own[t][2 * units + j] * slope(r)
              fromInput[2 * units + j] = candidate
              (fromState[j], fromState[units + j]) = (fromInput[j], fromInput[units + j])
              fromState[2 * units + j] = candidate * r
              dBefore[j] = dh[j] * z
            }
          }
          if recurrent.resetsBefore {
            // r · h, of which the candidates of all units are made.
            for j in 0..<units {
              let r = a[units + j]
              var reset = 0.0
              for place in 2 * units..<width {
                reset += fromInput[place] * value(tensors[1], j * width + place)
                gradients[tensors[1].offset + j * width + place] += fromInput[place] * r * before[j]
              }
              fromInput[units + j] = reset * before[j] * slope(r)
              fromState[units + j] = fromInput[units + j]
              dBefore[j] += reset * r
            }
          }
          for place in 0..<width {
            gradients[tensors[2].offset + place] += fromInput[place]
            if recurrent.hasOwnBias { gradients[tensors[2].offset + width + place] += fromState[place] }
            for c in 0..<x.channels {
              dx[s, i, c] += fromInput[place] * value(tensors[0], c * width + place)
              gradients[tensors[0].offset + c * width + place] += fromInput[place] * x[s, i, c]
            }
            for j in 0..<units {
              dBefore[j] += fromState[place] * value(tensors[1], j * width + place)
              gradients[tensors[1].offset + j * width + place] += fromState[place] * before[j]
            }
          }
          dh = dBefore
        }
      }
    }
    return dx
  }
}
