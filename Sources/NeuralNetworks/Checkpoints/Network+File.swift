import Foundation
import Runtime
import Sequences

extension Network {
  /// Reads a model that `write(to:metadata:)` wrote: safetensors with the architecture as JSON in its metadata.
  ///
  /// Throws `InputError` that names the file and what is wrong: cut short, a header that lies about sizes, tensors that do not
  /// fit the architecture, numbers that are none.
  public init(contentsOf path: String) throws { self = try Network.read(path).network }

  /// The network and the file's other metadata.
  public static func read(_ path: String) throws -> (network: Network, metadata: [String: String]) {
    func fail(_ reason: String) -> InputError { InputError(file: path, reason) }
    let file = try Safetensors(contentsOf: path)
    guard let json = file.metadata["architecture"] else {
      throw fail("has no architecture in its metadata, so it is no model of motifkit")
    }
    guard file.metadata["format"] != CheckpointFile.format else {
      throw fail("is the checkpoint of a training run, not a model")
    }
    let architecture = try Architecture(json: Data(json.utf8), file: path)
    let parameters = try file.values(of: architecture, prefix: "", file: path)
    if let other = file.tensors.first(where: { tensor in
      !architecture.tensors.contains { $0.name == tensor.name }
    }) {
      throw fail("tensor \(other.name) belongs to no layer")
    }
    let network = Network(architecture: architecture, parameters: parameters)
    return (network, file.metadata.filter { $0.key != "architecture" })
  }

  /// Writes the model as safetensors: each tensor as F32 in Keras's layout, the architecture as JSON in the metadata.
  public func write(to path: String, metadata: [String: String] = [:]) throws {
    var metadata = metadata
    metadata["architecture"] = architecture.json()
    metadata["format"] = "motifkit"
    let tensors = architecture.tensors.map {
      (name: $0.name, tensor: Safetensors.Tensor(shape: $0.shape, values: Array(values($0))))
    }
    try AtomicFile.write(try Safetensors(metadata: metadata, tensors: tensors).encoded(), to: path)
  }
}
