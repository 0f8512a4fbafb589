/// Convolutions and pooling.
extension TorchLayer {
  /// Sizes along the positions; that of the other axis must be `idle`, if this is given.
  private func along(_ sizes: [Int], idle: Int?) throws -> Int {
    let spatial = layout.axes.dropFirst()
    // One number is that of each axis.
    let sizes = sizes.count == 1 ? spatial.map { _ in sizes[0] } : sizes
    guard layout.axes.first == .channels, sizes.count == spatial.count else {
      throw Missing(what: "its axes")
    }
    guard zip(spatial, sizes).allSatisfy({ $0 == .positions || idle == nil || $1 == idle }) else {
      throw Missing(what: "more than one axis")
    }
    return zip(spatial, sizes).first { $0.0 == .positions }?.1 ?? 1
  }

  mutating func convolution() throws -> [Operation] {
    guard var weight = module.tensors["weight"],
      weight.shape.count == (module.className == "Conv1d" ? 3 : 4)
    else { throw Missing(what: "no weights") }
    if weight.shape.count == 3 {
      if layout.isInput { layout = .map }
    } else if layout.isInput {
      let (rows, columns) = (weight.shape[2], weight.shape[3])
      if weight.shape[1] == 1, rows == 4 || columns == 4 {
        // A picture of 4 × length: the bases are its rows, or its columns.
        guard module.text("padding") != "same" else { throw Missing(what: "zeros beside the bases") }
        guard rows != columns else { throw Missing(what: "4 × 4, of which either may be the bases") }
        layout.axes = rows == 4 ? [.channels, .idle, .positions] : [.channels, .positions, .idle]
        weight = weight.transposed(rows == 4 ? [0, 2, 1, 3] : [0, 3, 2, 1])
      } else {
        layout.axes =
          columns == 1 && rows > 1 ? [.channels, .positions, .idle] : [.channels, .idle, .positions]
      }
    }
    let size = try along(Array(weight.shape.dropFirst(2)), idle: 1)
    weight = Weights(shape: [weight.shape[0], weight.shape[1], size], values: weight.values)
    if let mode = module.text("padding_mode"), mode != "zeros" { throw Missing(what: "padding mode \(mode)") }
    let stride = try along(module.integers("stride") ?? [1], idle: nil)
    let dilation = try along(module.integers("dilation") ?? [1], idle: nil)
    var margins = Operation.Margins.valid
    switch module.text("padding") {
    case "same": margins = .same
    case "valid": break
    default:
      let padding = try along(module.integers("padding") ?? [0], idle: 0)
      guard (0...1 << 20).contains(padding) else { throw Missing(what: "its padding") }
      if padding > 0 { margins = .explicit(left: padding, right: padding) }
    }
    defer { layout.isPooled = false }
    return (layout.isPooled ? [.singlePosition] : []) + [
      .convolution(
        .init(
          kernel: weight.transposed([2, 1, 0]), bias: module.tensors["bias"]?.values, stride: stride,
          margins: margins,
          dilation: dilation, groups: module.integer("groups") ?? 1))
    ]
  }

  func transposed() throws -> Operation {
    guard let weight = module.tensors["weight"], weight.shape.count == 3 else {
      throw Missing(what: "no weights")
    }
    guard module.integer("groups") ?? 1 == 1, module.integers("dilation") ?? [1] == [1] else {
      throw Missing(what: "groups or dilation")
    }
    let padding = module.integers("padding")?.first ?? 0
    let added = module.integers("output_padding")?.first ?? 0
    guard (0...1 << 20).contains(padding), (0...1 << 20).contains(added) else {
      throw Missing(what: "its padding")
    }
    return .transposedConvolution(
      .init(
        kernel: weight.transposed([2, 1, 0]), bias: module.tensors["bias"]?.values,
        stride: module.integers("stride")?.first ?? 1,
        margins: .explicit(left: padding, right: padding - added)))
  }

  /// To a number of windows, of which one covers everything.
  mutating func adaptivePooling(_ reduction: Operation.Reduction) throws -> [Operation] {
    guard let sizes = module.integers("output_size") else { throw Missing(what: "its sizes") }
    let count = try along(sizes, idle: 1)
    guard count > 0 else { throw Missing(what: "its sizes") }
    if count > 1 { return [.adaptivePooling(reduction, count: count)] }
    layout.isPooled = true
    return [.globalPooling(reduction)]
  }

  func pooling(_ reduction: Operation.Reduction) throws -> Operation {
    guard let sizes = module.integers("kernel_size") else { throw Missing(what: "no size") }
    let size = try along(sizes, idle: 1)
    let stride = try module.integers("stride").map { try along($0, idle: 1) } ?? size
    let padding = try along(module.integers("padding") ?? [0], idle: 0)
    guard (0...1 << 20).contains(padding) else { throw Missing(what: "its padding") }
    let isCeiling = module.bool("ceil_mode") == true
    guard !isCeiling || reduction == .maximum else { throw Missing(what: "ceil mode with means") }
    guard module.integers("dilation")?.allSatisfy({ $0 == 1 }) ?? true else {
      throw Missing(what: "dilation")
    }
    return .pooling(
      reduction, size: size, stride: stride,
      margins: isCeiling
        ? .ceiling(padding: padding) : padding == 0 ? .valid : .explicit(left: padding, right: padding))
  }
}
