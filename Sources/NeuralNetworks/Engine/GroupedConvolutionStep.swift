internal import CKernels

/// A convolution after the first whose groups are computed apart: no zeros are multiplied for what groups do not see of each other.
final class GroupedConvolutionStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  private let input: PaddedShape
  private let shape: ck_grouped
  private let kernel: ParameterTensor
  private let bias: ParameterTensor?
  private let kernels: Kernels
  /// The engine's parameters outlive it: the kernel as its tensor has it, then biases, zero where there are none.
  private nonisolated(unsafe) var parameters: UnsafePointer<Float>!

  init(
    _ layer: Convolution1D, layers: Range<Int>, input: PaddedShape, output: PaddedShape,
    kernel: ParameterTensor,
    bias: ParameterTensor?, kernels: Kernels
  ) {
    (self.layers, self.input, self.output) = (layers, input, output)
    (self.kernel, self.bias, self.kernels) = (kernel, bias, kernels)
    shape = ck_grouped(
      groups: Int32(layer.groups), taps: Int32(layer.kernelSize),
      channels: Int32(input.channels / layer.groups), filters: Int32(layer.filters / layer.groups),
      stride: Int64(layer.stride), dilation: Int64(layer.dilation),
      left: Int64(layer.margins(length: input.length).left), length: Int32(input.length),
      positions: Int32(output.length), x_stride: Int32(input.stride), z_stride: Int32(output.stride))
  }

  var parameterCount: Int { kernel.count + output.channels }
  var parameterMap: [(tensor: ParameterTensor, place: (Int) -> Int)] {
    let count = kernel.count
    return [(kernel, { $0 })] + (bias.map { [($0, { count + $0 })] } ?? [])
  }

  func prepare(_ parameters: UnsafePointer<Float>, threads: Int) { self.parameters = parameters }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    for s in 0..<count {
      let z = work.outputs[step] + s * output.count
      z.update(repeating: 0, count: output.count)
      for position in 0..<output.length {
        (z + position * output.stride).update(from: parameters + kernel.count, count: output.channels)
      }
      kernels.functions.grouped_product(shape, work.outputs[step - 1] + s * input.count, parameters, z)
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    for s in 0..<count {
      let dz = work.gradients[step] + s * output.count
      let dx = work.gradients[step - 1] + s * input.count
      dx.update(repeating: 0, count: input.count)
      kernels.functions.grouped_gradients(
        shape, work.outputs[step - 1] + s * input.count, dz, parameters, dx, gradients)
      guard let biases = gradients.map({ $0 + kernel.count }) else { continue }
      for position in 0..<output.length {
        for filter in 0..<output.channels { biases[filter] += dz[position * output.stride + filter] }
      }
    }
  }
}
