import Foundation
import Runtime
import Sequences

extension Safetensors {
  /// The most bytes a model file may have.
  private static let fileLimit = 4 << 30

  /// Throws `InputError` that names the file and what is wrong with it.
  init(contentsOf path: String) throws {
    func fail(_ reason: String) -> InputError { InputError(file: path, reason) }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw fail("no such file")
    }
    guard !isFolder.boolValue else { throw fail("is a folder, not a model") }
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size <= Self.fileLimit else { throw fail("larger than any model: \(size) bytes") }
    guard let data = FileManager.default.contents(atPath: path) else { throw fail("cannot be read") }
    try self.init(Array(data), file: path)
  }

  /// The numbers of all tensors of an architecture, whose names here begin with `prefix`.
  ///
  /// Throws `InputError` if one is missing, has another shape or holds what is no number.
  func values(of architecture: Architecture, prefix: String, file: String) throws -> [Float] {
    func fail(_ reason: String) -> InputError { InputError(file: file, reason) }
    let tensors = Dictionary(tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    var values: [Float] = []
    for expected in architecture.tensors {
      let name = prefix + expected.name
      guard let tensor = tensors[name] else { throw fail("tensor \(name) is missing") }
      guard tensor.shape == expected.shape else {
        throw fail("tensor \(name) has shape \(tensor.shape), but its layer needs \(expected.shape)")
      }
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw fail("tensor \(name) holds values that are not numbers")
      }
      guard expected.role != .variance || tensor.values.allSatisfy({ $0 >= 0 }) else {
        throw fail("tensor \(name) holds negative variances")
      }
      values += tensor.values
    }
    return values
  }
}
