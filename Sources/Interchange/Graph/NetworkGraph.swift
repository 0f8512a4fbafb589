/// A network in the field's terms, whatever program wrote it: operations on named tensors.
///
/// Tensors are positions × channels or plain features; kernels lie as Keras has them. What the file asks for and no
/// operation here says is in `problems`.
struct NetworkGraph {
  struct Input {
    var name: String
    /// `nil` for a network that takes sequences of any length.
    var length: Int?
    var channels: Int
  }

  /// An operation and the tensor it makes, which has its name.
  struct Node {
    var name: String
    var operation: Operation
    var inputs: [String]
  }

  var inputs: [Input] = []
  /// Each after those it takes from.
  var nodes: [Node] = []
  /// Names of tensors.
  var outputs: [String] = []
  /// Whether the other program lays an output out channel by channel; `nil` for all as its layers do.
  var outputsChannelsFirst: [Bool]?
  /// What the rows of an unknown base hold.
  var unknownBase: Float = 0
  /// What moving averages of batch normalization mean when training goes on.
  var normalization = NormalizationConvention.keras
  /// How the file was taken where it does not say it itself.
  var assumption: String?
  /// Every layer and option that cannot be represented, in the order of the file.
  var problems: [String] = []

  mutating func add(_ name: String, _ operation: Operation, _ inputs: [String]) {
    nodes.append(Node(name: name, operation: operation, inputs: inputs))
  }

  /// Notes what cannot be represented, once.
  mutating func refuse(_ problem: String) { if !problems.contains(problem) { problems.append(problem) } }
}

enum NormalizationConvention { case keras, pytorch }

/// An array of a network's numbers, row-major.
struct Weights: Hashable {
  var shape: [Int]
  var values: [Float]

  init(shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "as many values as the shape says")
    self.shape = shape
    self.values = values
  }

  /// A dense layer's kernel that puts at each place the channel of the given number.
  static func order(_ places: [Int]) -> Weights {
    var kernel = Weights(
      shape: [places.count, places.count], values: .init(repeating: 0, count: places.count * places.count))
    for (place, channel) in places.enumerated() { kernel.values[channel * places.count + place] = 1 }
    return kernel
  }

  /// The axes in another order: axis i of the result is axis `order[i]` of this.
  func transposed(_ order: [Int]) -> Weights {
    let result = order.map { shape[$0] }
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    let steps = order.map { strides[$0] }
    var values = [Float](repeating: 0, count: self.values.count)
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    for target in values.indices {
      values[target] = self.values[place]
      for axis in result.indices.reversed() {
        index[axis] += 1
        place += steps[axis]
        if index[axis] < result[axis] { break }
        place -= steps[axis] * result[axis]
        index[axis] = 0
      }
    }
    return Weights(shape: result, values: values)
  }

  /// The same numbers under another shape, `nil` if it needs another count.
  func reshaped(_ shape: [Int]) -> Weights? {
    shape.reduce(1, *) == values.count ? Weights(shape: shape, values: values) : nil
  }
}
