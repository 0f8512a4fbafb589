/// A layer in JSON is its own parameters and `"type"`, the name of its Swift type with a small first letter.
extension Layer: Codable {
  private enum Kind: String, Codable {
    case convolution1D, maxPooling1D, averagePooling1D, globalMaxPooling1D, globalAveragePooling1D, dropout
    case flatten, dense, activation, softmax, batchNormalization, addition
  }

  private enum CodingKeys: String, CodingKey { case type }

  public init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .type) {
    case .convolution1D: self = .convolution1D(try Convolution1D(from: decoder))
    case .maxPooling1D: self = .maxPooling1D(try MaxPooling1D(from: decoder))
    case .averagePooling1D: self = .averagePooling1D(try AveragePooling1D(from: decoder))
    case .globalMaxPooling1D: self = .globalMaxPooling1D
    case .globalAveragePooling1D: self = .globalAveragePooling1D
    case .dropout: self = .dropout(try Dropout(from: decoder))
    case .flatten: self = .flatten
    case .dense: self = .dense(try Dense(from: decoder))
    case .activation: self = .activation(try ActivationLayer(from: decoder))
    case .softmax: self = .softmax
    case .batchNormalization: self = .batchNormalization(try BatchNormalization(from: decoder))
    case .addition: self = .addition(try Addition(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func write(_ kind: Kind, _ body: (any Encodable)? = nil) throws {
      try container.encode(kind, forKey: .type)
      try body?.encode(to: encoder)
    }
    switch self {
    case .convolution1D(let layer): try write(.convolution1D, layer)
    case .maxPooling1D(let layer): try write(.maxPooling1D, layer)
    case .averagePooling1D(let layer): try write(.averagePooling1D, layer)
    case .globalMaxPooling1D: try write(.globalMaxPooling1D)
    case .globalAveragePooling1D: try write(.globalAveragePooling1D)
    case .dropout(let layer): try write(.dropout, layer)
    case .flatten: try write(.flatten)
    case .dense(let layer): try write(.dense, layer)
    case .activation(let layer): try write(.activation, layer)
    case .softmax: try write(.softmax)
    case .batchNormalization(let layer): try write(.batchNormalization, layer)
    case .addition(let layer): try write(.addition, layer)
    }
  }
}

// Parameters that a file leaves out have the values that the initialisers give them.

extension Convolution1D {
  enum CodingKeys: String, CodingKey {
    case filters, kernelSize, stride, padding, dilation, groups, reverseComplement, useBias, activation
  }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      filters: try c.decode(Int.self, forKey: .filters),
      kernelSize: try c.decode(Int.self, forKey: .kernelSize),
      stride: try c.decodeIfPresent(Int.self, forKey: .stride) ?? 1,
      padding: try c.decodeIfPresent(Padding.self, forKey: .padding) ?? .valid,
      dilation: try c.decodeIfPresent(Int.self, forKey: .dilation) ?? 1,
      groups: try c.decodeIfPresent(Int.self, forKey: .groups) ?? 1,
      reverseComplement: try c.decodeIfPresent(StrandMerge.self, forKey: .reverseComplement),
      useBias: try c.decodeIfPresent(Bool.self, forKey: .useBias) ?? true,
      activation: try c.decodeIfPresent(Activation.self, forKey: .activation) ?? .linear)
  }
}

extension MaxPooling1D {
  enum CodingKeys: String, CodingKey { case size, stride }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decode(Int.self, forKey: .size), stride: try c.decodeIfPresent(Int.self, forKey: .stride))
  }
}

extension AveragePooling1D {
  enum CodingKeys: String, CodingKey { case size, stride }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decode(Int.self, forKey: .size), stride: try c.decodeIfPresent(Int.self, forKey: .stride))
  }
}

extension Dense {
  enum CodingKeys: String, CodingKey { case units, useBias, activation }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decode(Int.self, forKey: .units),
      useBias: try c.decodeIfPresent(Bool.self, forKey: .useBias) ?? true,
      activation: try c.decodeIfPresent(Activation.self, forKey: .activation) ?? .linear)
  }
}

extension BatchNormalization {
  enum CodingKeys: String, CodingKey { case convention, momentum, epsilon }

  public init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try c.decodeIfPresent(Convention.self, forKey: .convention) ?? .keras,
      momentum: try c.decodeIfPresent(Double.self, forKey: .momentum),
      epsilon: try c.decodeIfPresent(Double.self, forKey: .epsilon))
  }
}
