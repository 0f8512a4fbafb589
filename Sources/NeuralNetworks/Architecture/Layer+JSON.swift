import Runtime

/// A layer in JSON is its own parameters beside `"type"`, and where needed its `"name"` and the names of its `"inputs"`.
extension Layer: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case type, name, inputs }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try container.decode(String.self, forKey: .type)
    guard let definition = try Self.definition(type, from: decoder) else {
      let known = Self.definitions.map { $0.names.json }.joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        forKey: .type, in: container, debugDescription: "there is no layer \(type); known are \(known)")
    }
    kind = definition.kind
    name = try container.decodeIfPresent(String.self, forKey: .name)
    inputs = try container.decodeIfPresent([String].self, forKey: .inputs)
  }

  /// The layer of this type; `nil` if there is none.
  private static func definition(_ type: String, from decoder: any Decoder) throws -> (any LayerDefinition)? {
    for definition in definitions where definition.names.json == type {
      try decoder.requireKeys(CodingKeys.allCases.map { $0.rawValue } + definition.keys, of: "a \(type)")
      return try definition.init(from: decoder)
    }
    return nil
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(names.json, forKey: .type)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encodeIfPresent(inputs, forKey: .inputs)
    try definition.encode(to: encoder)
  }
}

extension Decoder {
  /// Throws `InputError` at a key that is not among `known`: a default in its place would be a network that nobody meant.
  func requireKeys(_ known: [String], of what: String) throws {
    let keys = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    guard let unknown = keys.filter({ !known.contains($0) }).min() else { return }
    throw InputError(
      "network\(codingPath.place): \(what) has no \"\(unknown)\"; known are \(known.joined(separator: ", "))")
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
