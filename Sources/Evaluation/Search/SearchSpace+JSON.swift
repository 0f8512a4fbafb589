import Foundation
import Runtime
import Sequences

extension SearchSpace {
  /// Reads a file such as `{"filters": [16, 32, 64], "learningRate": {"min": 0.0001, "max": 0.01, "scale": "log"}}`: a
  /// number is fixed, a list is a choice, an object with `min` and `max` is a range, on the scale `linear` (default) or `log`.
  /// Its schema is `docs/search-space.schema.json`.
  ///
  /// - Throws: `InputError` naming file, line and reason.
  public static func read(path: String) throws -> SearchSpace {
    try SearchSpace(json: SmallFile.data(path: path), file: path)
  }

  /// - Throws: `InputError` naming `file`, line and reason.
  public init(json: Data, file: String? = nil) throws {
    let text = String(decoding: json, as: UTF8.self)
    do {
      values = try JSONDecoder().decode(Description.self, from: json).values
    } catch let problem as Problem {
      throw InputError(file: file, line: problem.key.flatMap { Self.line(of: $0, in: text) }, problem.reason)
    } catch let error as DecodingError {
      guard case .dataCorrupted = error else {
        throw InputError(file: file, "a search space is an object with a key for each parameter")
      }
      throw InputError(file: file, line: Self.brokenLine(of: json), "not a search space in JSON")
    }
  }

  /// 1-based line in which a key stands.
  private static func line(of key: String, in text: String) -> Int? {
    guard let place = text.range(of: "\"\(key)\"") else { return nil }
    return text[..<place.lowerBound].count { $0.isNewline } + 1
  }

  /// 1-based line where a text stops being JSON, which the parser tells as `… around character 17.`; `nil` if it does not.
  private static func brokenLine(of json: Data) -> Int? {
    do {
      _ = try JSONSerialization.jsonObject(with: json)
      return nil
    } catch {
      let words = (error as NSError).userInfo["NSDebugDescription"] as? String ?? ""
      guard let place = words.range(of: "character ") else { return nil }
      let digits = words[place.upperBound...].prefix { $0.isNumber }
      return Int(digits).map { json.prefix($0).count { $0 == UInt8(ascii: "\n") } + 1 }
    }
  }

  private struct Problem: Error {
    /// The key to blame, whose line is looked up.
    var key: String?
    var reason: String
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Description: Decodable {
    var values: [Parameter: Values] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      // The order of an object's keys is left to chance; which problem is named is not.
      for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
        let name = key.stringValue
        guard let parameter = Parameter(rawValue: name) else {
          let known = Parameter.allCases.map(\.rawValue).joined(separator: ", ")
          throw Problem(key: name, reason: "there is no parameter \"\(name)\"; expected \(known)")
        }
        values[parameter] = try Self.values(of: parameter, in: container, key)
      }
      if values.isEmpty { throw Problem(reason: "the search space names no parameter") }
    }

    private static func values(
      of parameter: Parameter, in container: KeyedDecodingContainer<Key>, _ key: Key
    ) throws -> Values {
      let name = key.stringValue
      func fail(_ reason: String) -> Problem { Problem(key: name, reason: "\"\(name)\" \(reason)") }
      func checked(_ value: Double) throws -> Double {
        if let expected = parameter.problem(value) { throw fail("has \(value); expected \(expected)") }
        return value
      }
      if let value = try? container.decode(Double.self, forKey: key) {
        return .choice([try checked(value)])
      }
      if let list = try? container.decode([Double].self, forKey: key) {
        guard !list.isEmpty else { throw fail("has an empty list") }
        return .choice(try list.map(checked))
      }
      guard let range = try? container.nestedContainer(keyedBy: Key.self, forKey: key) else {
        throw fail("must be a number, a list of numbers, or an object with min and max")
      }
      let keys = ["min", "max", "scale"]
      if let other = range.allKeys.map(\.stringValue).sorted().first(where: { !keys.contains($0) }) {
        throw fail("has an unknown key \"\(other)\"; expected min, max, scale")
      }
      func end(_ name: String) throws -> Double {
        guard let value = try? range.decode(Double.self, forKey: Key(stringValue: name)) else {
          throw fail("needs a number \(name)")
        }
        return try checked(value)
      }
      let (low, high) = (try end("min"), try end("max"))
      guard low <= high else { throw fail("has a min of \(low), above its max of \(high)") }
      var scale = "linear"
      if range.contains(Key(stringValue: "scale")) {
        scale = (try? range.decode(String.self, forKey: Key(stringValue: "scale"))) ?? ""
      }
      guard ["linear", "log"].contains(scale) else { throw fail("needs a scale of \"linear\" or \"log\"") }
      guard scale == "linear" || low > 0 else { throw fail("needs a min above 0 for the scale log") }
      return .range(low...high, isLogarithmic: scale == "log")
    }
  }
}
