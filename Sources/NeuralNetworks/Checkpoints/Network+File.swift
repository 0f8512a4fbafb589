import Foundation
import Sequences

extension Network {
  /// The most bytes a model file may have.
  private static let fileLimit = 4 << 30

  /// Reads a model that `write(to:metadata:)` wrote: safetensors with the architecture as JSON in its metadata.
  ///
  /// Throws `InputError` that names the file and what is wrong: cut short, a header that lies about sizes, tensors that do not
  /// fit the architecture, numbers that are none.
  public init(contentsOf path: String) throws { self = try Network.read(path).network }

  /// The network and the file's other metadata.
  public static func read(_ path: String) throws -> (network: Network, metadata: [String: String]) {
    func fail(_ reason: String) -> InputError { InputError(file: path, reason) }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw fail("no such file")
    }
    guard !isFolder.boolValue else { throw fail("is a folder, not a model") }
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size <= fileLimit else { throw fail("larger than any model: \(size) bytes") }
    guard let data = FileManager.default.contents(atPath: path) else { throw fail("cannot be read") }
    let file = try Safetensors(Array(data), file: path)
    guard let json = file.metadata["architecture"] else {
      throw fail("has no architecture in its metadata, so it is no model of motifkit")
    }
    let architecture = try Architecture(json: Data(json.utf8), file: path)
    let tensors = Dictionary(
      file.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    var parameters: [Float] = []
    for expected in architecture.tensors {
      guard let tensor = tensors[expected.name] else { throw fail("tensor \(expected.name) is missing") }
      guard tensor.shape == expected.shape else {
        throw fail("tensor \(expected.name) has shape \(tensor.shape), but its layer needs \(expected.shape)")
      }
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw fail("tensor \(expected.name) holds values that are no numbers")
      }
      guard !expected.name.hasSuffix(".moving_variance") || tensor.values.allSatisfy({ $0 >= 0 }) else {
        throw fail("tensor \(expected.name) holds negative variances")
      }
      parameters += tensor.values
    }
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
