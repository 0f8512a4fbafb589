/// One layer of a network: what it does, and where it stands among the others.
public struct Layer: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    case convolution1D(Convolution1D)
    case maxPooling1D(MaxPooling1D)
    case averagePooling1D(AveragePooling1D)
    case globalMaxPooling1D
    case globalAveragePooling1D
    case dropout(Dropout)
    case flatten
    case dense(Dense)
    case activation(ActivationLayer)
    case softmax
    case batchNormalization(BatchNormalization)
    case addition(Addition)
    case concatenate
    case cropping1D(Cropping1D)
    case zeroPadding1D(ZeroPadding1D)
    case multiplication
    case layerNormalization(LayerNormalization)
    case transposedConvolution1D(TransposedConvolution1D)
    case recurrent(Recurrent)
    case reshape(Reshape)
    case globalLogSumExpPooling1D
  }

  public var kind: Kind
  /// What other layers and the outputs call it; by default a name of Keras's kind (`conv1d_1`).
  public var name: String?
  /// The names of the earlier layers whose outputs it takes, or `input`; by default that of the layer before it.
  public var inputs: [String]?

  public init(_ definition: some LayerDefinition, name: String? = nil, inputs: [String]? = nil) {
    kind = definition.kind
    self.name = name
    self.inputs = inputs
  }

  /// All types of layers.
  static let definitions: [any LayerDefinition.Type] = [
    Convolution1D.self, MaxPooling1D.self, AveragePooling1D.self, GlobalMaxPooling1D.self,
    GlobalAveragePooling1D.self, Dropout.self, Flatten.self, Dense.self, ActivationLayer.self, Softmax.self,
    BatchNormalization.self, Addition.self, Concatenate.self, Cropping1D.self, ZeroPadding1D.self,
    Multiplication.self, LayerNormalization.self, TransposedConvolution1D.self,
    Recurrent.self, Reshape.self, GlobalLogSumExpPooling1D.self,
  ]

  public var definition: any LayerDefinition {
    switch kind {
    case .convolution1D(let layer): layer
    case .maxPooling1D(let layer): layer
    case .averagePooling1D(let layer): layer
    case .globalMaxPooling1D: GlobalMaxPooling1D()
    case .globalAveragePooling1D: GlobalAveragePooling1D()
    case .dropout(let layer): layer
    case .flatten: Flatten()
    case .dense(let layer): layer
    case .activation(let layer): layer
    case .softmax: Softmax()
    case .batchNormalization(let layer): layer
    case .addition(let layer): layer
    case .concatenate: Concatenate()
    case .cropping1D(let layer): layer
    case .zeroPadding1D(let layer): layer
    case .multiplication: Multiplication()
    case .layerNormalization(let layer): layer
    case .transposedConvolution1D(let layer): layer
    case .recurrent(let layer): layer
    case .reshape(let layer): layer
    case .globalLogSumExpPooling1D: GlobalLogSumExpPooling1D()
    }
  }

  public var names: LayerNames { Swift.type(of: definition).names }

  /// The same layer with another definition, in the same place.
  public func replaced(by definition: some LayerDefinition) -> Layer {
    Layer(definition, name: name, inputs: inputs)
  }
}

extension Layer {
  public func named(_ name: String) -> Layer {
    var layer = self
    layer.name = name
    return layer
  }

  /// The same layer with the outputs of the layers of these names as its inputs; `input` is the sequence.
  public func taking(_ inputs: String...) -> Layer {
    var layer = self
    layer.inputs = inputs
    return layer
  }
}

extension LayerDefinition {
  /// Gives the layer a name, by which later layers and the network's outputs refer to it.
  public func named(_ name: String) -> Layer { Layer(self, name: name) }

  /// Takes the outputs of the layers of these names, in place of that of the layer before it; `input` is the sequence.
  public func taking(_ inputs: String...) -> Layer { Layer(self, inputs: inputs) }
}

/// Layers as elements of a list: `[.convolution1D(Convolution1D(…)), .flatten, .dense(Dense(1))]`.
extension Layer {
  public static func convolution1D(_ layer: Convolution1D) -> Layer { Layer(layer) }
  public static func maxPooling1D(_ layer: MaxPooling1D) -> Layer { Layer(layer) }
  public static func averagePooling1D(_ layer: AveragePooling1D) -> Layer { Layer(layer) }
  public static var globalMaxPooling1D: Layer { Layer(GlobalMaxPooling1D()) }
  public static var globalAveragePooling1D: Layer { Layer(GlobalAveragePooling1D()) }
  public static func dropout(_ layer: Dropout) -> Layer { Layer(layer) }
  public static var flatten: Layer { Layer(Flatten()) }
  public static func dense(_ layer: Dense) -> Layer { Layer(layer) }
  public static func activation(_ layer: ActivationLayer) -> Layer { Layer(layer) }
  public static var softmax: Layer { Layer(Softmax()) }
  public static func batchNormalization(_ layer: BatchNormalization) -> Layer { Layer(layer) }
  public static func addition(_ layer: Addition) -> Layer { Layer(layer) }
}
