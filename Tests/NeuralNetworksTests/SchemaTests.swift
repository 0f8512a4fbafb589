import Foundation
import NeuralNetworks
import Testing

/// `docs/network.schema.json` knows every layer and every key that the program writes, and no others.
@Suite struct SchemaTests {
  private typealias Object = [String: Any]

  /// Keys a layer of each type may have, and those it must have.
  private static func definitions() throws -> [String: (keys: Set<String>, required: Set<String>)] {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let data = try Data(contentsOf: folder.appendingPathComponent("docs/network.schema.json"))
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? Object)
    let definitions = try #require(schema["$defs"] as? Object)
    let layers = try #require((definitions["layer"] as? Object)?["oneOf"] as? [Object])
    var result: [String: (Set<String>, Set<String>)] = [:]
    for layer in layers {
      let name = try #require((layer["$ref"] as? String)?.split(separator: "/").last)
      let definition = try #require(definitions[String(name)] as? Object)
      let properties = try #require(definition["properties"] as? Object)
      let type = try #require(properties["type"] as? Object)
      let types = try #require((type["const"] as? String).map { [$0] } ?? type["enum"] as? [String])
      for type in types {
        result[type] = (Set(properties.keys), Set(definition["required"] as? [String] ?? []))
      }
    }
    return result
  }

  @Test func knowsEveryLayerAndKey() throws {
    let definitions = try Self.definitions()
    var seen: [String: Set<String>] = [:]
    for test in layerCases + normalizationCases {
      let object = try JSONSerialization.jsonObject(with: Data(test.architecture.json().utf8)) as? Object
      for layer in try #require(object?["layers"] as? [Object]) {
        let type = try #require(layer["type"] as? String)
        let definition = try #require(definitions[type], "no \(type) in the schema")
        #expect(definition.keys.isSuperset(of: layer.keys), "\(type): \(layer.keys)")
        #expect(definition.required.isSubset(of: layer.keys), "\(type): \(layer.keys)")
        seen[type, default: []].formUnion(layer.keys)
      }
    }
    // Every layer may have a name and name its inputs; not each does so in the cases.
    let place: Set = ["name", "inputs"]
    #expect(definitions.values.allSatisfy { $0.keys.isSuperset(of: place) })
    #expect(seen.mapValues { $0.subtracting(place) } == definitions.mapValues { $0.keys.subtracting(place) })
  }
}
