import NeuralNetworks
import Runtime
import Sequences

/// Networks and sequences to exchange.
enum Networks {
  /// With running statistics and weights that are none of the first ones, so that every tensor matters.
  static func network(_ layers: [Layer], length: Int, seed: UInt64 = 1) throws -> Network {
    let architecture = try Architecture(input: .dna(length: length), layers: layers)
    var random = CounterRandom(seed: seed, purpose: .simulation)
    var network = Network(architecture: architecture, seed: seed)
    for tensor in architecture.tensors {
      for i in tensor.range {
        network.parameters[i] =
          tensor.role == .variance ? Float(0.5 + random.uniform()) : Float(0.6 * random.uniform() - 0.3)
      }
    }
    return network
  }

  static func sequences(_ count: Int, length: Int, seed: UInt64 = 2) -> SequenceSet {
    var random = CounterRandom(seed: seed, purpose: .simulation)
    var set = SequenceSet()
    for index in 0..<count {
      set.append((0..<length).map { _ in UInt8(random.below(5)) }, name: "seq\(index)")
    }
    return set
  }

  /// A name and layers for sequences of 60; every kind of layer occurs.
  static let cases: [(name: String, layers: [Layer])] = [
    (
      "exercise",
      [
        .convolution1D(Convolution1D(filters: 8, kernelSize: 6, activation: .relu)),
        .maxPooling1D(MaxPooling1D(2)),
        .dropout(Dropout(0.2)), .convolution1D(Convolution1D(filters: 5, kernelSize: 3, activation: .relu)),
        .globalMaxPooling1D, .dense(Dense(1)),
      ]
    ),
    (
      "normalized",
      [
        .convolution1D(Convolution1D(filters: 6, kernelSize: 8, stride: 2, padding: .same, useBias: false)),
        .batchNormalization(BatchNormalization(.keras)), .activation(ActivationLayer(.gelu)),
        .averagePooling1D(AveragePooling1D(3, stride: 2)), .flatten, .dense(Dense(7)),
        .batchNormalization(BatchNormalization(.keras)), .activation(ActivationLayer(.leakyRelu)),
        .dense(Dense(3)),
      ]
    ),
    (
      "strands",
      [
        .convolution1D(
          Convolution1D(
            filters: 4, kernelSize: 7, padding: .same, reverseComplement: .maximum, activation: .relu)),
        .maxPooling1D(MaxPooling1D(4)), .flatten, .dense(Dense(2, activation: .tanh)), .dense(Dense(1)),
      ]
    ),
    (
      "both strands",
      [
        .convolution1D(Convolution1D(filters: 3, kernelSize: 5, reverseComplement: .concatenation)),
        .activation(ActivationLayer(.elu)), .globalAveragePooling1D, .dense(Dense(2)),
      ]
    ),
    (
      "residual",
      [
        .convolution1D(Convolution1D(filters: 6, kernelSize: 5, activation: .softplus)),
        .convolution1D(
          Convolution1D(filters: 6, kernelSize: 3, padding: .same, dilation: 2, activation: .relu)),
        .convolution1D(Convolution1D(filters: 6, kernelSize: 3, padding: .same, groups: 3)),
        .addition(Addition(layers: 2)),
        .activation(ActivationLayer(.exponential)), .globalAveragePooling1D, .dense(Dense(1)),
      ]
    ),
    (
      "states",
      [
        Layer(Convolution1D(filters: 6, kernelSize: 5, activation: .silu)),
        Layer(AveragePooling1D(4, stride: 3, padding: .same)), Layer(LayerNormalization()),
        Layer(Recurrent(.lstm, units: 5, direction: .both, returnsSequences: true)),
        Layer(Recurrent(.gru, units: 4, direction: .both)), Layer(LayerNormalization()), Layer(Dense(2)),
      ]
    ),
    (
      "one way",
      [
        Layer(Convolution1D(filters: 6, kernelSize: 5)), Layer(MaxPooling1D(4, stride: 3, padding: .same)),
        Layer(Recurrent(.gru, units: 5, returnsSequences: true)),
        Layer(Recurrent(.lstm, units: 4, direction: .backward)), Layer(Dense(2)),
      ]
    ),
    (
      "the better of two strands",
      [
        Layer(
          Convolution1D(
            filters: 4, kernelSize: 7, padding: .full, reverseComplement: .concatenation, activation: .relu)),
        Layer(GlobalMaxPooling1D()), Layer(Reshape(length: 2)),
        Layer(Convolution1D(filters: 5, kernelSize: 1, activation: .relu)),
        Layer(Convolution1D(filters: 2, kernelSize: 1)), Layer(GlobalMaxPooling1D()),
      ]
    ),
    (
      "more functions",
      [
        Layer(Convolution1D(filters: 4, kernelSize: 5, activation: .leakyReluKeras)),
        Layer(Convolution1D(filters: 4, kernelSize: 5, padding: .full, activation: .leakyReluTorch)),
        Layer(Convolution1D(filters: 4, kernelSize: 3, activation: .selu)),
        Layer(GlobalAveragePooling1D()), Layer(Dense(3, activation: .hardSigmoid)),
        Layer(Dense(2, activation: .softsign)),
      ]
    ),
    (
      "gates",
      [
        Layer(Convolution1D(filters: 6, kernelSize: 5, activation: .relu)).named("map"),
        Layer(GlobalAveragePooling1D()), Layer(Dense(3, activation: .relu)),
        Layer(Dense(6, activation: .sigmoid)).named("gate"), Layer(Multiplication()).taking("map", "gate"),
        Layer(TransposedConvolution1D(filters: 4, kernelSize: 5, stride: 2)),
        Layer(TransposedConvolution1D(filters: 3, kernelSize: 2, stride: 3, padding: .same)),
        Layer(Softmax()), Layer(TransposedConvolution1D(filters: 3, kernelSize: 6, padding: .same)),
        Layer(Flatten()), Layer(Dense(2)),
      ]
    ),
  ]
}
