import MotifKit
import Runtime

/// The networks that are timed; Benchmarks/peers/networks.py builds the same for the peers.
enum BenchmarkNetwork: String, CaseIterable {
  case v1, v2, v3, v4, v5
  /// The shape of DeepSTARR (de Almeida et al. 2022).
  case deepstarr
  /// The shape of Basset (Kelley et al. 2016).
  case basset
  /// DeeperBind (Hassanzadeh & Wang 2016): two LSTM layers.
  case deeperbind
  /// BPNet (Avsec et al. 2021) for 2,114 bases: nine dilated residual convolutions, a profile and counts.
  case bpnet

  init(_ name: String) throws {
    guard let network = Self(rawValue: name) else { throw BenchmarkError("no network \(name)") }
    self = network
  }

  var isExercise: Bool { batches == 0 }

  private var preset: Preset? {
    switch self {
    case .v1: .v1
    case .v2: .v2
    case .v3: .v3
    case .v4: .v4
    case .v5: .v5
    case .deeperbind: .deeperbind
    case .bpnet: .bpnet
    case .deepstarr, .basset: nil
    }
  }

  /// Bases of a sequence.
  var length: Int {
    switch self {
    case .deepstarr: 249
    case .basset: 600
    case .deeperbind: 35
    case .bpnet: 2114
    case .v1, .v2, .v3, .v4, .v5: 100
    }
  }

  var batchSize: Int {
    switch self {
    case .deepstarr: 128
    case .basset: 64
    case .deeperbind: 100
    case .bpnet: 32
    case .v1, .v2, .v3, .v4, .v5: 256
    }
  }

  /// Minibatches of one measurement on random data; 0 for networks that learn the exercise's files.
  var batches: Int {
    switch self {
    case .deepstarr, .basset: 4
    case .deeperbind: 20
    case .bpnet: 2
    case .v1, .v2, .v3, .v4, .v5: 0
    }
  }

  func network() throws -> Network {
    if let preset { return Network(architecture: try preset.architecture(length: length)) }
    return self == .deepstarr
      ? published([(256, 7, 2), (60, 3, 2), (60, 5, 2), (120, 3, 2)], hidden: [256, 256], outputs: 2)
      : published([(300, 19, 3), (200, 11, 4), (200, 7, 4)], hidden: [1000, 1000], outputs: 164)
  }

  private func published(
    _ convolutions: [(filters: Int, kernelSize: Int, pool: Int)], hidden: [Int], outputs: Int
  ) -> Network {
    Network(input: .dna(length: length)) {
      for convolution in convolutions {
        Convolution1D(
          filters: convolution.filters, kernelSize: convolution.kernelSize, padding: .same)
        BatchNormalization(.pytorch)
        ActivationLayer(.relu)
        MaxPooling1D(convolution.pool)
      }
      Flatten()
      for units in hidden { Dense(units, activation: .relu) }
      Dense(outputs)
    }
  }

  /// Targets that mean nothing: only speed is measured on them.
  func randomTargets(count: Int) throws -> Targets {
    let outputs = try network().architecture.outputCount
    var random = CounterRandom(seed: 1, purpose: .simulation)
    return Targets(outputs: outputs, values: (0..<count * outputs).map { _ in Float(random.uniform()) })
  }

  /// Sequences of random bases, labelled at random.
  static func randomData(count: Int, length: Int) throws -> DataSet {
    var random = CounterRandom(seed: 0, purpose: .simulation)
    var codes = [UInt8](repeating: 0, count: count * length)
    for index in codes.indices { codes[index] = UInt8(random.below(4)) }
    let labels = (0..<count).map { _ in UInt8(random.below(2)) }
    return try DataSet(
      SequenceSet(codes: codes, starts: (0...count).map { $0 * length }), labels: labels)
  }
}
