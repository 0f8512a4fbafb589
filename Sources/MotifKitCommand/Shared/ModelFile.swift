import Arrays
import Interchange
import MotifKit
import NeuralNetworks
import Runtime

/// Model files as commands take them: MotifKit's own, or another program's.
enum ModelFile {
  /// Throws `InputError` that names the file, also for what another program's network has and MotifKit has not.
  static func read(_ path: String) throws -> (network: Network, objective: Objective) {
    if try isOwn(path) {
      let (network, metadata) = try Network.read(path)
      return (network, try Objective(metadata: metadata, of: network, file: path))
    }
    let model = try ModelImport.read(path)
    return (model.network, model.objective)
  }

  static func write(_ model: ImportedModel, to path: String) throws {
    try model.network.write(to: path, metadata: model.objective.metadata)
  }

  /// Whether a file is safetensors, or none of the others either, so that MotifKit's reader says what is wrong.
  private static func isOwn(_ path: String) throws -> Bool { try !ModelImport.recognizes(path) }
}

extension ImportedModel.Link {
  /// What `motifkit predict` does to the outputs.
  init(_ objective: Objective) {
    switch objective.loss {
    case .binaryCrossEntropy: self = .sigmoid
    case .categoricalCrossEntropy: self = .softmax
    case .meanSquaredError, .poisson: self = .identity
    }
  }
}
