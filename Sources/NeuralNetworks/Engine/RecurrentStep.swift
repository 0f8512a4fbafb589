internal import CKernels

/// An LSTM or GRU over the positions of sequences, in one direction or both.
///
/// x·W + b of all positions and sequences is one product, h·U of a position one for all sequences. Back through time, with dh and dc
/// the gradients of the state after a position, the gradients da of what enters the gates follow from these; dh of the position
/// before is da·Uᵀ, and in the end dW = xᵀ·da, dU = hᵀ·da and dx = da·Wᵀ for all positions.
final class RecurrentStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let layer: Recurrent
  private let input: PaddedShape
  private let tensors: [ParameterTensor]
  private let kernels: Kernels
  /// Of each direction, W and U as products want them.
  private let panels: [(input: FloatBuffer, state: FloatBuffer)]
  /// Units padded to whole blocks, and floats of a position's gates.
  private let units: Int
  private let width: Int
  /// The gates' slope; 0 for σ.
  private let slope: Float
  private var isLSTM: Bool { layer.cell == .lstm }
  /// Units of the gates that come of h·U: of a GRU that resets before its product all but the candidate.
  private var gateUnits: Int { layer.resetsBefore ? 2 * units : width }

  init(
    _ layer: Recurrent, layers: Range<Int>, input: PaddedShape, output: Shape, tensors: [ParameterTensor],
    kernels: Kernels
  ) {
    self.layer = layer
    self.layers = layers
    self.input = input
    self.output = PaddedShape(output)
    self.tensors = tensors
    self.kernels = kernels
    let units = padded(layer.units)
    let width = layer.cell.gates * units
    self.units = units
    self.width = width
    slope = Float(layer.recurrentActivation == .sigmoid ? 0 : layer.recurrentActivation.derivative(0))
    panels = layer.directions.map { _ in
      (FloatBuffer(count: width * input.stride), FloatBuffer(count: width * units))
    }
  }

  /// Where a direction's parameters begin: W (width, padded channels), U (width, units), b (width), and the GRU's b′.
  private struct Part { let kernel, recurrent, bias, ownBias: Int }

  private func part(_ direction: Int) -> Part {
    let start = direction * parameterCount / layer.directions.count
    let recurrent = start + width * input.stride
    let bias = recurrent + width * units
    return Part(kernel: start, recurrent: recurrent, bias: bias, ownBias: bias + width)
  }

  var parameterCount: Int {
    layer.directions.count * width * (input.stride + units + (layer.hasOwnBias ? 2 : 1))
  }

  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let (own, count, units, width) = (layer.units, layer.cell.gates * layer.units, units, width)
    let channels = input.stride
    return tensors.enumerated().map { index, tensor in
      let part = part(index / 3)
      /// A gate's unit among the padded ones.
      func column(_ place: Int) -> Int { place % count / own * units + place % own }
      switch index % 3 {
      case 0: return (tensor, { part.kernel + column($0) * channels + $0 / count })
      case 1: return (tensor, { part.recurrent + column($0) * units + $0 / count })
      default: return (tensor, { part.bias + $0 / count * width + column($0) })
      }
    }
  }

  /// The engine's parameters outlive it.
  private nonisolated(unsafe) var parameters: UnsafePointer<Float>!

  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) {
    self.parameters = parameters
    for (direction, panels) in panels.enumerated() {
      let part = part(direction)
      func pack(_ first: Int, depth: Int, outputs: Int, _ panel: UnsafeMutablePointer<Float>) {
        let weights = ck_weights(values: parameters + first, output: Int64(depth), tap: 0, channel: 1)
        kernels.functions.pack(0, Int32(outputs), 1, Int32(depth), Int32(outputs), weights, panel)
      }
      pack(part.kernel, depth: input.stride, outputs: width, panels.input.pointer)
      pack(part.recurrent, depth: units, outputs: gateUnits, panels.state.pointer)
      if layer.resetsBefore {
        // The candidate's part of U on its own, after that of the gates.
        let first = gateUnits * units
        pack(part.recurrent + first, depth: units, outputs: units, panels.state.pointer + first)
      }
    }
  }

  /// What a direction's pass over `count` sequences leaves, position by position, each (count, …): gates, U's part of them (of an
  /// LSTM that of one position only), and states with nothing before and after them.
  private struct Memory {
    let gates, own, h, c, dh, dc, unused: UnsafeMutablePointer<Float>
    /// Of a GRU that resets before its product: r·h and the candidates' gradients, (positions, count, units), and that of one r·h.
    let reset, candidate, dreset: UnsafeMutablePointer<Float>
  }

  private func memory(_ count: Int, _ start: UnsafeMutablePointer<Float>) -> Memory {
    let (gates, states) = (input.length * count * width, (input.length + 2) * count * units)
    let own = start + gates
    let h = own + (isLSTM ? count * width : gates)
    let c = h + states
    let dh = c + states
    let slab = count * units
    let unused = dh + 2 * slab
    let reset = unused + width
    return Memory(
      gates: start, own: own, h: h, c: c, dh: dh, dc: dh + slab, unused: unused, reset: reset,
      candidate: reset + input.length * slab, dreset: reset + 2 * input.length * slab)
  }

  func scratchCount(group: Int) -> Int {
    let start = UnsafeMutablePointer<Float>(bitPattern: 64)!
    let memory = memory(group, start)
    return layer.resetsBefore ? memory.dreset - start + group * units : memory.reset - start
  }

  private func product(depth: Int, stride: Int) -> ck_convolution {
    ck_convolution(depth: Int32(depth), taps: 1, tap_stride: 0, row_stride: Int32(stride))
  }

  /// Rows of all sequences and positions, of which `stride` floats part those of two sequences.
  private func rows(_ count: Int, stride: Int) -> ck_rows {
    ck_rows(
      sequences: Int32(count), count: Int32(input.length), outputs: Int32(count * width),
      x_stride: Int64(stride),
      z_stride: Int64(width))
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let memory = memory(count, work.scratch.pointer)
    for (number, isBackward) in layer.directions.enumerated() {
      run(work.outputs[step - 1], number, isBackward, count, memory)
      for s in 0..<count {
        let y = work.outputs[step] + s * output.count + number * layer.units
        func state(_ position: Int) -> UnsafePointer<Float> {
          UnsafePointer(memory.h + ((position + 1) * count + s) * units)
        }
        if layer.returnsSequences {
          for i in 0..<input.length {
            (y + i * output.stride).update(from: state(i), count: layer.units)
          }
        } else {
          y.update(from: state(isBackward ? 0 : input.length - 1), count: layer.units)
        }
      }
    }
  }

  /// Positions in the order in which a direction visits them, and the place of the states before each of them.
  private func visits(_ isBackward: Bool) -> [(position: Int, before: Int)] {
    isBackward
      ? (0..<input.length).reversed().map { ($0, $0 + 2) } : (0..<input.length).map { ($0, $0) }
  }

  private func run(
    _ x: UnsafePointer<Float>, _ number: Int, _ isBackward: Bool, _ count: Int, _ memory: Memory
  ) {
    let (part, slab) = (part(number), count * units)
    kernels.functions.product(
      rows(count, stride: input.count), Int32(width), product(depth: input.stride, stride: input.stride), x,
      panels[number].input.pointer, parameters + part.bias, memory.gates, nil)
    for end in [0, input.length + 1] {
      (memory.h + end * slab).update(repeating: 0, count: slab)
      (memory.c + end * slab).update(repeating: 0, count: slab)
    }
    let state = ck_rows(
      sequences: 1, count: Int32(count), outputs: Int32(width), x_stride: 0, z_stride: 0)
    for (position, before) in visits(isBackward) {
      let a = memory.gates + position * count * width
      let own = memory.own + (isLSTM ? 0 : position * count * width)
      let (h, after) = (memory.h + before * slab, memory.h + (position + 1) * slab)
      kernels.functions.product(
        state, Int32(gateUnits), product(depth: units, stride: units), h, panels[number].state.pointer,
        layer.hasOwnBias ? parameters + part.ownBias : nil, own, nil)
      if layer.resetsBefore {
        let reset = memory.reset + position * slab
        kernels.functions.gru_reset(Int32(count), Int32(units), slope, a, own, h, reset)
        kernels.functions.product(
          state, Int32(units), product(depth: units, stride: units), reset,
          panels[number].state.pointer + gateUnits * units, nil, own + gateUnits, nil)
        kernels.functions.gru_state(Int32(count), Int32(units), a, own, h, after)
      } else if isLSTM {
        kernels.functions.lstm(
          Int32(count), Int32(units), slope, a, own, memory.c + before * slab,
          memory.c + (position + 1) * slab, after)
      } else {
        kernels.functions.gru(Int32(count), Int32(units), slope, a, own, h, after)
      }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let memory = memory(count, work.scratch.pointer)
    let (x, dx) = (work.outputs[step - 1], work.gradients[step - 1])
    let (slab, functions) = (count * units, kernels.functions)
    dx.update(repeating: 0, count: count * input.count)
    for (number, isBackward) in layer.directions.enumerated() {
      run(x, number, isBackward, count, memory)
      let part = part(number)
      memory.dh.update(repeating: 0, count: slab)
      memory.dc.update(repeating: 0, count: slab)
      memory.unused.update(repeating: 0, count: width)
      let visits = visits(isBackward)
      for (position, before) in visits.reversed() {
        if layer.returnsSequences || position == visits.last?.position {
          add(work.gradients[step], position, number, count, to: memory.dh)
        }
        let (a, h) = (memory.gates + position * count * width, memory.h + before * slab)
        let own = isLSTM ? a : memory.own + position * count * width
        if isLSTM {
          functions.lstm_backward(
            Int32(count), Int32(units), slope, a, memory.c + before * slab,
            memory.c + (position + 1) * slab, memory.dh, memory.dc)
          memory.dh.update(repeating: 0, count: slab)
        } else if layer.resetsBefore {
          let candidate = memory.candidate + position * slab
          functions.gru_state_backward(Int32(count), Int32(units), slope, a, h, memory.dh, candidate)
          memory.dreset.update(repeating: 0, count: slab)
          functions.product_input(
            Int32(count), Int32(units), product(depth: units, stride: units), candidate,
            parameters + part.recurrent + gateUnits * units, memory.dreset)
          functions.gru_reset_backward(Int32(count), Int32(units), slope, a, own, h, memory.dreset, memory.dh)
        } else {
          functions.gru_backward(Int32(count), Int32(units), slope, a, own, h, memory.dh)
        }
        functions.product_input(
          Int32(count), Int32(width), product(depth: units, stride: units), own, parameters + part.recurrent,
          memory.dh)
        functions.product_input(
          Int32(count), Int32(width), product(depth: input.stride, stride: input.count), a,
          parameters + part.kernel, dx + position * input.stride)
      }
      guard let gradients else { continue }
      functions.product_weights(
        rows(count, stride: input.count), Int32(width), product(depth: input.stride, stride: input.stride),
        memory.gates, x, gradients + part.kernel, gradients + part.bias)
      functions.product_weights(
        rows(count, stride: units), Int32(width), product(depth: units, stride: slab),
        isLSTM ? memory.gates : memory.own, memory.h + (isBackward ? 2 * slab : 0),
        gradients + part.recurrent,
        layer.hasOwnBias ? gradients + part.ownBias : memory.unused)
      if layer.resetsBefore {
        functions.product_weights(
          ck_rows(
            sequences: Int32(count), count: Int32(input.length), outputs: Int32(count * units),
            x_stride: Int64(units),
            z_stride: Int64(units)), Int32(units), product(depth: units, stride: slab), memory.candidate,
          memory.reset,
          gradients + part.recurrent + gateUnits * units, memory.unused)
      }
    }
  }

  /// The gradients of a position's outputs, or of those after the last position.
  private func add(
    _ dy: UnsafePointer<Float>, _ position: Int, _ number: Int, _ count: Int,
    to dh: UnsafeMutablePointer<Float>
  ) {
    for s in 0..<count {
      let place = (layer.returnsSequences ? position * output.stride : 0) + number * layer.units
      let (from, to) = (dy + s * output.count + place, dh + s * units)
      for j in 0..<layer.units { to[j] += from[j] }
    }
  }
}
