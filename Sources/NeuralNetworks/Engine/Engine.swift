internal import CKernels
import Runtime
import Sequences

/// A network made ready to run: its layers as steps, its parameters as the kernels want them.
final class Engine: @unchecked Sendable {
  /// What the steps are for.
  enum Mode {
    /// As few steps as possible: convolution, ReLU, pooling and dropout in one.
    case fused
    /// A step for each layer and the input as one-hot rows, so that every activation and its gradient can be read.
    case layerwise
  }

  let architecture: Architecture
  let kernels: Kernels
  let steps: [any Step]
  /// The step whose output is each activation, layer by layer: 0 is the input, i + 1 the output of layer i.
  let stepOfActivation: [Int]
  let first: FirstLayerLayout
  /// The most threads that bring parameters into the engine's order and back.
  let threads: Int
  /// Number of dropout layers.
  let dropouts: Int
  /// Each step's parameters, one after the other.
  let parameters: FloatBuffer
  /// Where each step's parameters begin.
  let offsets: [Int]
  /// Places that hold no parameter of the network (padding, biases it does not have): their gradient is dropped.
  private lazy var unusedPlaces = findUnusedPlaces()
  /// Pairs of places that hold the same parameter.
  private lazy var tiedPlaces = zip(steps, offsets).flatMap { Self.tiedPlaces($0.parameterMap, offset: $1) }
  /// Places of running means and variances.
  private(set) lazy var untrainedPlaces = zip(steps, offsets).flatMap { step, offset in
    step.parameterMap.filter { !$0.tensor.isTrainable }.flatMap { entry in
      (0..<entry.tensor.count).map { offset + entry.place($0) }
    }
  }
  /// Neighboring parameters, and whether each shard of a minibatch has a part of their gradient or the first has it whole.
  let gradientParts: [(range: Range<Int>, isSharded: Bool)]

  init(_ architecture: Architecture, mode: Mode = .fused, kernels: Kernels = .best, threads: Int) {
    self.architecture = architecture
    self.kernels = kernels
    self.threads = threads
    var planner = Planner(architecture: architecture, mode: mode, kernels: kernels)
    steps = planner.plan()
    stepOfActivation = planner.stepOfActivation
    dropouts = planner.dropouts
    first = steps[0].firstLayer!
    var offsets: [Int] = []
    var count = 0
    for step in steps {
      offsets.append(count)
      count += padded(step.parameterCount)
    }
    self.offsets = offsets
    parameters = FloatBuffer(count: count)
    var parts: [(range: Range<Int>, isSharded: Bool)] = []
    for (step, offset) in zip(steps, offsets) where step.parameterCount > 0 {
      var range = offset..<offset + padded(step.parameterCount)
      if let last = parts.last, last.isSharded != step.takesWholeBatch {
        range = last.range.lowerBound..<range.upperBound
        parts.removeLast()
      }
      parts.append((range, !step.takesWholeBatch))
    }
    gradientParts = parts
  }

  private func findUnusedPlaces() -> [Int] {
    let used = FloatBuffer(count: parameters.count)
    forEachParameter { used.pointer[$1] = 1 }
    return (0..<used.count).filter { used.pointer[$0] == 0 }
  }

  /// A tensor that is in a map twice holds each number in two places.
  private static func tiedPlaces(_ map: [(tensor: ParameterTensor, place: (Int) -> Int)], offset: Int) -> [(
    Int, Int
  )] {
    map.enumerated().flatMap { index, entry -> [(Int, Int)] in
      guard let first = map[..<index].first(where: { $0.tensor == entry.tensor }) else { return [] }
      return (0..<entry.tensor.count).map { (offset + first.place($0), offset + entry.place($0)) }
    }
  }

  convenience init(_ network: Network, mode: Mode = .fused, kernels: Kernels = .best, threads: Int) {
    self.init(network.architecture, mode: mode, kernels: kernels, threads: threads)
    scatter(network.parameters, into: parameters)
    prepare()
  }

  /// Brings what is derived from the parameters up to date.
  func prepare(threads: Int = 1) {
    for (step, offset) in zip(steps, offsets) { step.prepare(parameters.pointer + offset, threads: threads) }
  }

  /// Numbers in the order of the architecture's tensors → the engine's order (parameters, or an optimizer's moments).
  func scatter(_ values: [Float], into buffer: FloatBuffer) {
    values.withUnsafeBufferPointer { values in
      nonisolated(unsafe) let values = values
      forEachParameter { buffer.pointer[$1] = values[$0] }
    }
  }

  /// The engine's order → the order of the architecture's tensors.
  func gather(_ buffer: FloatBuffer) -> [Float] {
    [Float](unsafeUninitializedCapacity: architecture.parameterCount) { values, count in
      nonisolated(unsafe) let target = values
      forEachParameter { target[$0] = buffer.pointer[$1] }
      count = architecture.parameterCount
    }
  }

  /// Zeroes gradients of places that hold no parameter, and gives places that hold the same one the sum of theirs.
  func settle(_ gradients: FloatBuffer) {
    for i in unusedPlaces { gradients.pointer[i] = 0 }
    for (a, b) in tiedPlaces {
      let sum = gradients.pointer[a] + gradients.pointer[b]
      gradients.pointer[a] = sum
      gradients.pointer[b] = sum
    }
  }

  /// Σ g² over places that hold a parameter again, which a norm counts once.
  func repeatedSquares(_ gradients: FloatBuffer) -> Double {
    tiedPlaces.reduce(0) { $0 + Double(gradients.pointer[$1.1]) * Double(gradients.pointer[$1.1]) }
  }

  private func forEachParameter(_ body: @Sendable (_ canonical: Int, _ place: Int) -> Void) {
    let part = 1 << 16
    for (step, offset) in zip(steps, offsets) {
      for entry in step.parameterMap {
        let tensor = entry.tensor
        nonisolated(unsafe) let place = entry.place
        Parallel.forEach((tensor.count + part - 1) / part, threads: threads) { number in
          for i in number * part..<min(tensor.count, (number + 1) * part) {
            body(tensor.offset + i, offset + place(i))
          }
        }
      }
    }
  }

  /// Floats of one sequence in a workspace.
  var floatsPerSequence: Int { steps.reduce(first.trimerStride / 4) { $0 + 5 * $1.output.count / 2 } }

  /// Sequences that a worker runs together so that what it writes stays in its cache: `count` in groups as even as can be.
  func groupSize(_ count: Int) -> Int {
    let most = max(1, (384 << 10) / 4 / floatsPerSequence)
    let groups = (count + most - 1) / most
    return (count + groups - 1) / groups
  }

  func forward(_ work: Workspace, count: Int, training: Bool) {
    for (index, step) in steps.enumerated() {
      step.forward(work, step: index, count: count, training: training)
    }
  }

  /// Gradients of all steps, given that of the last one's output; without `gradients` those of inputs alone.
  func backward(_ work: Workspace, count: Int, gradients: UnsafeMutablePointer<Float>?) {
    for index in steps.indices.reversed() {
      steps[index].backward(
        work, step: index, count: count, parameters: parameters.pointer + offsets[index],
        gradients: gradients.map { $0 + offsets[index] })
    }
  }
}
