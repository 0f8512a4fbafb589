import Foundation
import Runtime
import Sequences

/// `{"input": {"length": 100}, "layers": [{"type": "convolution1D", "filters": 64, …}, …]}`, and `"outputs"` where these are
/// not the last layer alone.
extension Architecture: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case input, layers, outputs }

  public init(from decoder: any Decoder) throws {
    self = try Description(from: decoder).architecture(length: nil)
  }

  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: CodingKeys.self)
    try c.encode(input, forKey: .input)
    try c.encode(layers, forKey: .layers)
    try c.encodeIfPresent(outputNames, forKey: .outputs)
  }

  private struct Description: Decodable {
    var input: NetworkInput?
    var layers: [Layer]
    var outputs: [String]?

    init(from decoder: any Decoder) throws {
      let c = try decoder.container(keyedBy: CodingKeys.self)
      layers = try c.decode([Layer].self, forKey: .layers)
      input = try c.decodeIfPresent(NetworkInput.self, forKey: .input)
      outputs = try c.decodeIfPresent([String].self, forKey: .outputs)
      try decoder.requireKeys(CodingKeys.allCases.map(\.rawValue), of: "a network")
    }

    func architecture(length: Int?) throws -> Architecture {
      guard let input = input ?? length.map(NetworkInput.dna) else {
        throw InputError("the network has no input length")
      }
      return try Architecture(input: input, layers: layers, outputs: outputs)
    }
  }

  /// Keys in alphabetical order, so that the same architecture is the same text.
  public func json(pretty: Bool = false) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = pretty ? [.sortedKeys, .prettyPrinted] : [.sortedKeys]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch { preconditionFailure("an architecture is plain numbers and names: \(error)") }
  }

  /// Throws `InputError` that names `file` and what is wrong. A network file may leave the input's length to the
  /// data: then `length` is used.
  public init(json: Data, file: String, length: Int? = nil) throws {
    do {
      self = try JSONDecoder().decode(Description.self, from: json).architecture(length: length)
    } catch let error as InputError {
      throw InputError(file: file, error.reason)
    } catch let error as DecodingError {
      throw InputError(file: file, error.reason)
    }
  }
}

extension [any CodingKey] {
  /// `.layers[3].units`
  var place: String { map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined() }
}

extension DecodingError {
  /// What is wrong and where, in one line.
  var reason: String {
    func place(_ context: Context, _ last: (any CodingKey)? = nil) -> String {
      (context.codingPath + (last.map { [$0] } ?? [])).place
    }
    switch self {
    case .keyNotFound(let key, let context): return "network\(place(context, key)) is missing"
    case .typeMismatch(let type, let context): return "network\(place(context)) is not of type \(type)"
    case .valueNotFound(let type, let context): return "network\(place(context)) is null, not of type \(type)"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "not a network in JSON" : "network\(place(context)): \(context.debugDescription)"
    @unknown default: return "not a network in JSON"
    }
  }
}
