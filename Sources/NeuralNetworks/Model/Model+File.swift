import Foundation
import Runtime

extension Model {
  /// Version of the file format that is written.
  ///
  /// 1: metadata `architecture`, `format`, and where they are known `name`, `seed`, `epochs`, `loss`, `columns`, `outputs`.
  /// 2: `version`, `objective` (JSON), `training` (JSON) and `provenance` (JSON) in the place of the last three; `threshold`
  /// where one was chosen.
  public static let fileVersion = 2
  static let format = "motifkit"

  /// Reads a model: safetensors with the architecture as JSON in its metadata, of this version of the format or an older one.
  ///
  /// Throws `InputError` that names the file and what is wrong: no model, cut short, a header that lies about sizes, tensors
  /// that do not fit the architecture, numbers that are none.
  public init(contentsOf path: String) throws {
    func fail(_ reason: String) -> InputError { InputError(file: path, reason) }
    let file = try Safetensors(contentsOf: path)
    guard let json = file.metadata["architecture"] else {
      throw fail("is not a model of motifkit: it has no architecture in its metadata")
    }
    guard file.metadata["format"] != CheckpointFile.format else {
      throw fail("is the checkpoint of a training run, not a model")
    }
    let version = file.metadata["version"].map { Int($0) ?? .max } ?? 1
    guard (1...Self.fileVersion).contains(version) else {
      throw fail("is a model of a later version of motifkit (format \(file.metadata["version"] ?? ""))")
    }
    let architecture = try Architecture(json: Data(json.utf8), file: path)
    let parameters = try file.values(of: architecture, prefix: "", file: path)
    if let other = file.tensors.first(where: { tensor in
      !architecture.tensors.contains { $0.name == tensor.name }
    }) {
      throw fail("tensor \(other.name) belongs to no layer")
    }
    network = Network(architecture: architecture, parameters: parameters)
    let text = MetadataText(values: file.metadata, file: path)
    objective = try text.objective(version: version, outputs: architecture.outputCount)
    metadata = Metadata(
      name: text.values["name"], seed: try text.number("seed"),
      epochs: try text.number("epochs") ?? text.number("epoch"), training: try text.json("training"),
      provenance: try text.json("provenance"), threshold: try text.threshold())
  }

  /// Writes the model as safetensors: each tensor as F32 in Keras's layout, everything else in the metadata.
  public func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: (some Encodable)?) throws -> String? {
      try value.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    }
    if let bad = network.parameters.firstIndex(where: { !$0.isFinite }),
      let tensor = network.architecture.tensors.first(where: { $0.range.contains(bad) })
    {
      throw InputError(file: path, "is not written: tensor \(tensor.name) holds values that are not numbers")
    }
    let texts: [String: String?] = [
      "architecture": network.architecture.json(), "format": Self.format, "version": "\(Self.fileVersion)",
      "name": metadata.name, "seed": metadata.seed.map { "\($0)" },
      "epochs": metadata.epochs.map { "\($0)" }, "objective": try json(objective),
      "threshold": metadata.threshold.map { "\($0)" }, "training": try json(metadata.training),
      "provenance": try json(metadata.provenance),
    ]
    let tensors = network.architecture.tensors.map {
      (name: $0.name, tensor: Safetensors.Tensor(shape: $0.shape, values: Array(network.values($0))))
    }
    let file = Safetensors(metadata: texts.compactMapValues { $0 }, tensors: tensors)
    try AtomicFile.write(try file.encoded(), to: path)
  }
}

/// The texts of a model file's metadata.
private struct MetadataText {
  let values: [String: String]
  let file: String

  func fail(_ reason: String) -> InputError { InputError(file: file, reason) }

  func number<Number: FixedWidthInteger>(_ key: String) throws -> Number? {
    guard let text = values[key] else { return nil }
    guard let number = Number(text) else { throw fail("its \(key) is no number") }
    return number
  }

  /// The logit of decisions.
  func threshold() throws -> Float? {
    guard let text = values["threshold"] else { return nil }
    guard let number = Float(text), number.isFinite else { throw fail("its threshold is no number") }
    return number
  }

  func json<Value: Decodable>(_ key: String) throws -> Value? {
    guard let text = values[key] else { return nil }
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
      throw fail("its \(key) cannot be read")
    }
    return value
  }

  /// What the outputs are; `nil` where the file does not say.
  func objective(version: Int, outputs count: Int) throws -> Objective? {
    let objective = try version == 1 ? firstObjective(outputs: count) : json("objective")
    try objective?.require(outputs: count, file: file)
    return objective
  }

  /// As the first version of the format has it: nothing for one output that says yes or no.
  private func firstObjective(outputs count: Int) throws -> Objective? {
    guard let name = values["loss"] else { return count == 1 ? .binary : nil }
    func list(_ key: String) throws -> [String] {
      guard let names: [String] = try? json(key) else { throw fail("its \(key) are no list of names") }
      return names
    }
    guard let loss = Loss(rawValue: name) else { throw fail("has an unknown loss '\(name)'") }
    return Objective(loss: loss, columns: try list("columns"), outputs: try list("outputs"))
  }
}
