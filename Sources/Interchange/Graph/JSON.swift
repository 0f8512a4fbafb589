import Foundation
import Runtime

/// A JSON value whose members are asked for by name; what is not there or of another type is `nil`.
struct JSON {
  let value: Any?

  init(_ value: Any?) { self.value = value is NSNull ? nil : value }

  /// Throws `InputError` that names `file` when it is no JSON.
  init(_ bytes: [UInt8], file: String) throws {
    guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)) else {
      throw InputError(file: file, "is no JSON")
    }
    self.init(value)
  }

  subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key]) }
  subscript(index: Int) -> JSON {
    guard let array = value as? [Any], array.indices.contains(index) else { return JSON(nil) }
    return JSON(array[index])
  }

  /// The same object with a member of another value.
  func with(_ key: String, _ value: Any) -> JSON {
    var object = self.value as? [String: Any] ?? [:]
    object[key] = value
    return JSON(object)
  }

  var array: [JSON]? { (value as? [Any])?.map(JSON.init) }
  var object: [String: JSON]? { (value as? [String: Any])?.mapValues(JSON.init) }
  var text: String? { value as? String }
  var number: Double? { isBool ? nil : (value as? NSNumber)?.doubleValue }
  var bool: Bool? { isBool ? (value as? NSNumber)?.boolValue : nil }
  var exists: Bool { value != nil }

  var integer: Int? {
    guard let number, number.rounded() == number, abs(number) < 1e15 else { return nil }
    return Int(number)
  }

  /// Whole numbers, or one of them alone.
  var integers: [Int]? {
    if let integer { return [integer] }
    guard let array else { return nil }
    let numbers = array.compactMap(\.integer)
    return numbers.count == array.count ? numbers : nil
  }

  private var isBool: Bool {
    guard let number = value as? NSNumber else { return false }
    return String(cString: number.objCType) == "c"
  }
}
