internal import CKernels
import Sequences

/// The first convolution, on base codes: sums of table rows, one row for each group of three taps.
class DNAConvolutionStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let epilogue: Epilogue
  let layout: FirstLayerLayout
  let kernels: Kernels
  let kernelSize: Int
  private let scoresBothStrands: Bool
  private let kernel: ParameterTensor
  private let bias: ParameterTensor?
  let tables: FloatBuffer

  init(
    _ layer: Convolution1D, layers: Range<Int>, length: Int, epilogue: Epilogue, kernel: ParameterTensor,
    bias: ParameterTensor?, kernels: Kernels
  ) {
    self.layers = layers
    self.epilogue = epilogue
    self.kernels = kernels
    self.kernel = kernel
    self.bias = bias
    kernelSize = layer.kernelSize
    scoresBothStrands = layer.reverseComplement != nil
    let (left, right) = layer.margins(length: length)
    let groups = (layer.kernelSize + 2) / 3
    tables = FloatBuffer(count: epilogue.shape.stride * groups * Int(CK_TRIMERS))
    layout = FirstLayerLayout(
      length: length, left: left, right: right, groups: groups, tableCount: tables.count)
  }

  var scope: StepScope { .sequences }
  var firstLayer: FirstLayerLayout? { layout }
  var output: PaddedShape { epilogue.output }
  var hasWinners: Bool { epilogue.pool > 1 }

  var stride: Int { epilogue.shape.stride }
  var weightCount: Int { kernelSize * 4 * stride }
  /// Weights (kernelSize, 4, padded filters), then biases.
  var parameterCount: Int { weightCount + stride }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let (stride, weightCount) = (stride, weightCount)
    return convolutionPlaces(
      kernel: kernel, bias: bias, channels: 4, scoresBothStrands: scoresBothStrands,
      weight: { tap, base, filter in (4 * tap + base) * stride + filter },
      biasPlace: { weightCount + $0 })
  }

  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) {
    tabulate(parameters, parameters + weightCount, in: tables)
  }

  func tabulate(_ weights: UnsafePointer<Float>, _ biases: UnsafePointer<Float>, in tables: FloatBuffer) {
    kernels.functions.trimer_tables(Int32(kernelSize), Int32(stride), weights, biases, tables.pointer)
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    forward(work, step: step, count: count, training: training, tables: tables)
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool, tables: FloatBuffer) {
    kernels.functions.dna_forward(
      Int32(count), Int32(layout.groups), epilogue.c(training: training), tables.pointer, work.trimers,
      Int64(layout.trimerStride), work.keys + epilogue.dropout * work.capacity, work.outputs[step],
      work.winners[step])
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    addTableGradients(work, step: step, count: count)
  }

  /// Adds to the workspace's gradients of the tables; `finishShard` turns them into gradients of the weights.
  func addTableGradients(_ work: Workspace, step: Int, count: Int) {
    kernels.functions.dna_backward(
      Int32(count), Int32(layout.groups), epilogue.c(training: true), work.trimers,
      Int64(layout.trimerStride),
      work.outputs[step], work.gradients[step], work.winners[step],
      work.tableGradients.pointer)
  }

  /// Adds the table gradients to `gradients` and zeroes them.
  func finishShard(_ work: Workspace, hasUnknown: Bool, gradients: UnsafeMutablePointer<Float>) {
    let rows = hasUnknown || layout.hasMargins ? CK_TRIMERS : 64
    kernels.functions.trimer_fold(
      Int32(kernelSize), Int32(stride), Int32(rows), work.tableGradients.pointer, gradients,
      gradients + weightCount)
    work.tableGradients.clear()
  }
}
