internal import CKernels

/// A shape as it lies in memory: channels padded to whole blocks.
struct PaddedShape {
  let length: Int
  let channels: Int

  init(_ shape: Shape) {
    length = shape.length
    channels = shape.channels
  }

  var stride: Int { padded(channels) }
  /// Floats of one sequence.
  var count: Int { length * stride }
}

/// One unit of work of the engine: a layer, or several that are computed together.
///
/// A step reads the output of the step before it, or those its links name, and writes its own; `backward` turns the gradient of its output into
/// that of its input and adds to the gradients of its parameters.
protocol Step: AnyObject, Sendable {
  var output: PaddedShape { get }
  /// Layers this step computes.
  var layers: Range<Int> { get }
  /// The earlier steps whose outputs it reads, where that is not just the step before it.
  var links: [Link] { get }
  /// Whether its output is that of the step it links to, in the same place.
  var isView: Bool { get }
  /// Floats of scratch memory for `group` sequences at once.
  func scratchCount(group: Int) -> Int
  /// Floats of parameters, as the kernels want them.
  var parameterCount: Int { get }
  var hasWinners: Bool { get }
  /// What it takes at a time in training.
  var scope: StepScope { get }
  /// How the input lies in memory, of the step that takes it.
  var firstLayer: FirstLayerLayout? { get }
  /// Where each number of the layer's tensors lies in the step's parameters: (tensor, its index → step's index).
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] { get }

  /// Makes what is derived from the parameters (tables, panels).
  func prepare(_ parameters: UnsafePointer<Float>, threads: Int)
  func forward(_ work: Workspace, step: Int, count: Int, training: Bool)
  /// `parameters`, `gradients`: this step's own part; without `gradients` that of the input alone is wanted. The input's gradient
  /// is wanted unless the step is the first.
  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?)
  /// After the last sequences of a shard: adds to `gradients` what was kept in the workspace.
  func finishShard(_ work: Workspace, hasUnknown: Bool, gradients: UnsafeMutablePointer<Float>)
}

/// What a step takes at a time in training.
enum StepScope {
  /// As many sequences as it is given.
  case sequences
  /// The same, once it knows what the whole minibatch tells of its input.
  case statistics(any BatchStep)
  /// The whole minibatch.
  case minibatch(any WholeStep)
}

extension Step {
  var scope: StepScope { .sequences }
  var firstLayer: FirstLayerLayout? { nil }
  var takesWholeBatch: Bool {
    if case .minibatch = scope { true } else { false }
  }
  func finishShard(_ work: Workspace, hasUnknown: Bool, gradients: UnsafeMutablePointer<Float>) {}
  var links: [Link] { [] }
  var isView: Bool { false }
  func scratchCount(group: Int) -> Int { 0 }
  var parameterCount: Int { 0 }
  var hasWinners: Bool { false }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] { [] }
  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) {}
}

/// ReLU, maximum and dropout as one pass over a layer's outputs.
struct Epilogue {
  var shape: PaddedShape
  var pool = 1
  var relu = false
  var rate = 0.0
  /// Number of the dropout layer, part of its key.
  var dropout = 0

  var pooled: Int { shape.length / pool }
  var output: PaddedShape { PaddedShape(.map(length: pooled, channels: shape.channels)) }

  func c(training: Bool) -> ck_epilogue {
    let drops = training && rate > 0
    return ck_epilogue(
      positions: Int32(shape.length), channels: Int32(shape.stride), pool: Int32(pool), pooled: Int32(pooled),
      relu: relu ? 1 : 0, drop: drops ? UInt32(min((rate * 0x1p32).rounded(), 0x1p32 - 1)) : 0,
      scale: drops ? Float(1 / (1 - rate)) : 1)
  }
}
