import Arrays
import HDF5

/// Whose file it is, told by its first bytes.
enum ModelFormat: String {
  case keras = "Keras"
  case pytorch = "PyTorch"
  case onnx = "ONNX"
  case deepbind = "DeepBind"
  case safetensors = "safetensors"

  /// `nil` for what is none of them; `file` is its name in messages.
  init?(_ bytes: [UInt8], file: String) throws {
    if bytes.starts(with: HDF5File.signature) {
      self = .keras
    } else if bytes.starts(with: ZipArchive.signature) {
      // Both are zip archives; what is in them tells.
      let names = try ZipArchive(bytes, file: file).entries.map(\.name)
      self = names.contains("model.weights.h5") || names.contains("config.json") ? .keras : .pytorch
    } else if bytes.starts(with: TorchFile.legacySignature) {
      self = .pytorch
    } else if DeepBindFile.recognizes(bytes) {
      self = .deepbind
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
      self = .safetensors
    } else if ONNXReader.recognizes(bytes) {
      self = .onnx
    } else {
      return nil
    }
  }
}
