import Foundation
import MotifKit
import Runtime

extension Subject {
  static let networkFiles = [
    Subject(
      "model",
      seeds: { try networks.map { model in try bytes { try Model(model, objective: nil).write(to: $0) } } }
    ) { path in
      try use(try Model(contentsOf: path).network)
    },
    Subject(
      "architecture", seeds: { networks.map { Array($0.architecture.json(pretty: true).utf8) } }
    ) { path in
      let json = FileManager.default.contents(atPath: path) ?? Data()
      let architecture = try Architecture(json: json, file: path)
      guard architecture.parameterCount < 1 << 20 else { return }
      try use(Network(architecture: architecture))
    },
    Subject("checkpoint", seeds: { [try bytes { try train(checkpoint: $0, resumes: false) }] }) { path in
      do { try train(checkpoint: path, resumes: true) } catch let error as InputError where error.file == nil
      {
        throw InputError(file: path, error.reason)
      }
    },
    Subject(
      "search-space",
      seeds: {
        [
          Array(
            """
            {"filters": [16, 32], "dropout": 0.25, "kernelSize": {"min": 6, "max": 12},
             "learningRate": {"min": 1e-4, "max": 0.01, "scale": "log"}}
            """.utf8)
        ]
      }
    ) { path in _ = try SearchSpace.read(path: path) },
    Subject("search-journal", seeds: { [try bytes { try search(journal: $0, resumes: false) }] }) { path in
      do { try search(journal: path, resumes: true) } catch let error as InputError where error.file == nil {
        throw InputError(file: path, error.reason)
      }
    },
  ]

  /// What commands do with a model that was read.
  private static func use(_ network: Network) throws {
    let length = network.architecture.input.length
    guard length < 2000 else { return }
    var random = CounterRandom(seed: 1, purpose: .simulation)
    let set = SequenceSet(
      codes: (0..<4 * length).map { _ in UInt8(random.below(5)) }, starts: (0...4).map { $0 * length })
    _ = try network.logits(of: set)
    _ = network.architecture.summary()
    _ = try network.removing(filters: network.removableFilters())
  }

  static let networks: [Network] = [
    Network(input: .dna(length: 40)) {
      Convolution1D(filters: 8, kernelSize: 6, activation: .relu)
      MaxPooling1D(2)
      Dropout(0.2)
      Convolution1D(filters: 4, kernelSize: 3, padding: .same, dilation: 2)
      BatchNormalization()
      ActivationLayer(.relu)
      GlobalMaxPooling1D()
      Dense(1)
    },
    Network(input: .dna(length: 30)) {
      Convolution1D(filters: 6, kernelSize: 5, padding: .same, reverseComplement: .maximum, activation: .relu)
      Residual {
        Convolution1D(filters: 6, kernelSize: 3, padding: .same, groups: 2, activation: .gelu)
      }
      AveragePooling1D(3)
      Flatten()
      Dense(3)
      Softmax()
    },
    Network(input: .dna(length: 24)) {
      Convolution1D(
        filters: 4, kernelSize: 5, padding: .full, reverseComplement: .concatenation, activation: .silu)
      TransposedConvolution1D(filters: 3, kernelSize: 4, stride: 2)
      Recurrent(.lstm, units: 3, direction: .both, returnsSequences: true)
      LayerNormalization()
      Recurrent(.gru, units: 4)
      Reshape(length: 2)
      GlobalAveragePooling1D()
      Dense(1)
    },
  ]

  /// Two trials on two folds.
  private static func search(journal path: String, resumes: Bool) throws {
    let set = SequenceSet(codes: (0..<64).map { UInt8($0 % 4) }, starts: (0...8).map { $0 * 8 })
    let data = try DataSet(set, labels: (0..<8).map { UInt8($0 % 2) })
    let network = Network(input: .dna(length: 8)) {
      Flatten()
      Dense(1)
    }
    var (plan, options) = (HyperparameterSearch.Plan(), TrainingOptions())
    (plan.trials, options.epochs) = (2, 1)
    _ = try HyperparameterSearch(
      of: [CrossValidation.Contender("dense", network.architecture)],
      space: SearchSpace([.learningRate: .choice([0.01])]), on: data,
      folds: Folds(of: data, count: 2, seed: 0), plan: plan, options: options,
      journal: SearchJournal(path, resumes: resumes), threads: 1)
  }

  private static func train(checkpoint path: String, resumes: Bool) throws {
    var random = CounterRandom(seed: 2, purpose: .simulation)
    let set = SequenceSet(
      codes: (0..<40 * 40).map { _ in UInt8(random.below(4)) }, starts: (0...40).map { $0 * 40 })
    var options = TrainingOptions()
    options.epochs = 2
    _ = try networks[0].trained(
      on: DataSet(set, labels: (0..<40).map { UInt8($0 % 2) }), options: options,
      checkpoint: TrainingCheckpoint(path, resumes: resumes), threads: 1)
  }
}
