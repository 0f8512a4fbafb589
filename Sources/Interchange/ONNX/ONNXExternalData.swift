import Arrays
import Foundation
import Runtime

/// Numbers that an ONNX file keeps in files beside it.
///
/// onnx.ai/onnx/repo-docs/ExternalData: a location relative to the file, an offset and a length in bytes.
struct ONNXExternalData {
  let file: String
  private var contents: [String: [UInt8]] = [:]

  init(file: String) { self.file = file }

  /// Puts the numbers of a tensor into it.
  ///
  /// Throws `InputError` when their file is none beside the model's, is not there, or is too short.
  mutating func load(_ tensor: inout Onnx_TensorProto) throws {
    guard tensor.dataLocation == 1 else { return }
    func fail(_ reason: String) -> InputError { InputError(file: file, "tensor \(tensor.name) \(reason)") }
    let entries = Dictionary(
      tensor.externalData.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    // A name alone: what a stranger's file points to elsewhere is not its business.
    guard let location = entries["location"], !location.isEmpty, ![".", ".."].contains(location),
      !location.contains("/"), !location.contains("\\"), !location.contains("\0")
    else { throw fail("has its numbers in a file that is not beside it") }
    if contents[location] == nil {
      let path = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(location).path
      guard FileManager.default.fileExists(atPath: path) else {
        throw fail("has its numbers in \(location), which is not beside it")
      }
      contents[location] = try WholeFile.bytes(path)
    }
    let bytes = contents[location] ?? []
    guard let offset = Int(entries["offset"] ?? "0"), (0...bytes.count).contains(offset),
      let length = entries["length"].map({ Int($0) }) ?? bytes.count - offset,
      (0...bytes.count - offset).contains(length)
    else { throw fail("lies outside \(location)") }
    tensor.rawData = Data(bytes[offset..<offset + length])
    tensor.dataLocation = 0
  }
}
