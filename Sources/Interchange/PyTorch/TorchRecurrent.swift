/// The tensors of a direction of `nn.LSTM` or `nn.GRU`: `weight_ih` (gates · units, inputs), `weight_hh` (gates · units, units), and
/// two biases. Gates stand in the order i f g o, as Keras has them, and r z n, which Keras has as z r h.
struct TorchRecurrent {
  /// Without `_l0` and `_reverse`.
  static let parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]

  let tensors: [(part: String, array: Weights)]

  init(_ parameters: Operation.Recurrent.Parameters, cell: Operation.Recurrent.Cell, units: Int) {
    let order = Self.order(cell)
    let width = order.count * units
    let bias = parameters.bias?.values ?? [Float](repeating: 0, count: cell == .lstm ? width : 2 * width)
    // An LSTM's second bias is added to the same sum.
    let second = cell == .lstm ? [Float](repeating: 0, count: width) : Array(bias[width...])
    let arrays = [
      parameters.kernel.transposed([1, 0]), parameters.recurrent.transposed([1, 0]),
      Weights(shape: [width], values: Array(bias[..<width])), Weights(shape: [width], values: second),
    ]
    tensors = zip(Self.parts, arrays).map { ($0, $1.blocks(order, size: units)) }
  }

  /// From one program's order of gates to the other's, the same either way.
  private static func order(_ cell: Operation.Recurrent.Cell) -> [Int] {
    cell == .lstm ? [0, 1, 2, 3] : [1, 0, 2]
  }

  /// The parameters of tensors by their parts; `nil` when one is missing or of another shape.
  static func parameters(_ tensors: [String: Weights], cell: Operation.Recurrent.Cell, channels: Int, units: Int)
    -> Operation.Recurrent.Parameters?
  {
    let order = order(cell)
    let width = order.count * units
    guard let kernel = tensors["weight_ih"], kernel.shape == [width, channels],
      let recurrent = tensors["weight_hh"], recurrent.shape == [width, units]
    else { return nil }
    let biases = ["bias_ih", "bias_hh"].compactMap { tensors[$0] }.filter { $0.shape == [width] }.map {
      $0.blocks(order, size: units).values
    }
    guard biases.count == 2 || (tensors["bias_ih"] == nil && tensors["bias_hh"] == nil) else { return nil }
    let bias: Weights? =
      if biases.isEmpty {
        nil
      } else if cell == .lstm {
        Weights(shape: [width], values: zip(biases[0], biases[1]).map(+))
      } else { Weights(shape: [2, width], values: biases[0] + biases[1]) }
    return .init(
      kernel: kernel.blocks(order, size: units).transposed([1, 0]),
      recurrent: recurrent.blocks(order, size: units).transposed([1, 0]), bias: bias)
  }
}
