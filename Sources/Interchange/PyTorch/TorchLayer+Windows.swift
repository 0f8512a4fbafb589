/// Convolutions and pooling.
extension TorchLayer {
  /// Sizes along the positions; the other axis must be idle.
  private func along(_ sizes: [Int], idle: Int, across: Int) throws -> Int {
    if sizes.count == 1 { return sizes[0] }
    guard sizes.count == 2 else { throw Missing(what: "its sizes") }
    if sizes[across] == idle { return sizes[1 - across] }
    throw Missing(what: "more than one axis")
  }

  func convolution() throws -> Operation {
    guard var weight = module.tensors["weight"], weight.shape.count >= 3 else {
      throw Missing(what: "no weights")
    }
    var across = 0
    if weight.shape.count == 4 {
      let (rows, columns) = (weight.shape[2], weight.shape[3])
      if isFirst, weight.shape[1] == 1, rows == 4 || columns == 4 {
        // A picture of 4 × length: the bases are its rows.
        across = rows == 4 ? 0 : 1
        weight = weight.transposed(across == 0 ? [0, 2, 3, 1] : [0, 3, 2, 1])
      } else if rows == 1 || columns == 1 {
        across = rows == 1 ? 0 : 1
      } else {
        throw Missing(what: "more than one axis")
      }
      weight = Weights(
        shape: [weight.shape[0], weight.shape[1], weight.values.count / (weight.shape[0] * weight.shape[1])],
        values: weight.values)
    }
    if let mode = module.text("padding_mode"), mode != "zeros" { throw Missing(what: "padding mode \(mode)") }
    let stride = try along(module.integers("stride") ?? [1], idle: 1, across: across)
    let dilation = try along(module.integers("dilation") ?? [1], idle: 1, across: across)
    var margins = Operation.Margins.valid
    switch module.text("padding") {
    case "same": margins = .same
    case "valid": break
    default:
      let padding = try along(module.integers("padding") ?? [0], idle: 0, across: across)
      guard (0...1 << 20).contains(padding) else { throw Missing(what: "its padding") }
      if padding > 0 { margins = .explicit(left: padding, right: padding) }
    }
    return .convolution(
      .init(
        kernel: weight.transposed([2, 1, 0]), bias: module.tensors["bias"]?.values, stride: stride,
        margins: margins,
        dilation: dilation, groups: module.integer("groups") ?? 1))
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

  func pooling(_ reduction: Operation.Reduction) throws -> Operation {
    guard let sizes = module.integers("kernel_size") else { throw Missing(what: "no size") }
    let across = sizes.count == 2 && sizes[1] == 1 ? 1 : 0
    let size = try along(sizes, idle: 1, across: across)
    let stride = try module.integers("stride").map { try along($0, idle: 1, across: across) } ?? size
    let padding = try along(module.integers("padding") ?? [0], idle: 0, across: across)
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
