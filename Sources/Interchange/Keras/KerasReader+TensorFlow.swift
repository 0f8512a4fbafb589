/// Calls of TensorFlow's functions in models of Keras 2, as the operations that Keras 3 has for them.
extension KerasReader {
  mutating func tensorFlow(_ layer: Layer) throws -> String? {
    let given = layer.arguments
    let name = layer.config["function"].text ?? "?"
    let function = name.split(separator: ".").last.map(String.init) ?? name
    var options: [String: Any] = [:]
    func option(_ key: String, as ours: String) { if let value = given[key].value { options[ours] = value } }
    option("axis", as: "axis")
    option("keepdims", as: "keepdims")
    switch function {
    case "reverse":
      guard let axes = given["axis"].integers else { return refuse(layer, name) }
      return turn(layer, axes)
    case "transpose": option("perm", as: "axes")
    case "clip_by_value":
      option("clip_value_min", as: "x_min")
      option("clip_value_max", as: "x_max")
    case "leaky_relu": option("alpha", as: "negative_slope")
    // TensorFlow's default is the exact one.
    case "gelu": options["approximate"] = given["approximate"].bool ?? false
    case "reshape": option("shape", as: "newshape")
    case "pad":
      option("paddings", as: "pad_width")
      option("constant_values", as: "constant_values")
      option("mode", as: "mode")
    case "concat": options["axis"] = given["axis"].integer ?? -1
    default: break
    }
    guard let className = Self.classes[function] else { return refuse(layer, name) }
    var operation = layer.as(className, options)
    if given["y"].exists, given["y"].number == nil, layer.inputs.count < 2 {
      return refuse(layer, "\(name) of a constant array")
    }
    // A number where another tensor could stand.
    operation.arguments = given["y"].number.map { JSON(["args": [String(), $0] as [Any]]) } ?? JSON(nil)
    return try add(operation)
  }

  private static let classes = [
    "reduce_mean": "Mean", "reduce_max": "Max", "reduce_sum": "Sum", "reduce_min": "Min",
    "reduce_logsumexp": "Logsumexp",
    "exp": "Exp", "expm1": "Expm1", "relu": "Relu", "relu6": "Relu6", "selu": "Selu", "elu": "Elu",
    "leaky_relu": "LeakyRelu",
    "sigmoid": "Sigmoid", "log_sigmoid": "LogSigmoid", "tanh": "Tanh", "gelu": "Gelu", "silu": "Silu",
    "swish": "Silu", "softplus": "Softplus", "softsign": "Softsign", "erf": "Erf", "abs": "Absolute",
    "square": "Square", "negative": "Negative", "softmax": "Softmax", "log_softmax": "LogSoftmax",
    "clip_by_value": "Clip", "transpose": "Transpose", "reshape": "Reshape", "expand_dims": "ExpandDims",
    "squeeze": "Squeeze", "pad": "Pad", "concat": "Concatenate", "add": "Add", "subtract": "Subtract",
    "multiply": "Multiply", "maximum": "Maximum", "minimum": "Minimum", "truediv": "TrueDivide",
    "divide": "TrueDivide", "pow": "Power",
  ]
}
