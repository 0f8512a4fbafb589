import Foundation
import MotifKit

/// The layers a user names: a preset, or a network in a JSON file.
struct NetworkArgument {
  let name: String

  init(_ name: String) { self.name = name }

  /// The preset, or the file's name without folder and extension.
  var displayName: String { ((name as NSString).lastPathComponent as NSString).deletingPathExtension }

  static let presets = Preset.allCases.map(\.rawValue).joined(separator: ", ")

  /// Throws `InputError` when there is neither such a preset nor such a file, or sequences of `length` do not fit.
  func architecture(length: Int, outputs: Int = 1) throws -> Architecture {
    if let preset = Preset(rawValue: name) {
      return try preset.architecture(length: length, outputs: outputs)
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw InputError(file: name, "is neither a file nor one of the networks \(Self.presets)")
    }
    let architecture = try Architecture(json: data, file: name, length: length)
    guard architecture.input.length == length else {
      throw InputError(
        file: name, "takes sequences of \(architecture.input.length) bases, but the data have \(length)")
    }
    return architecture
  }
}
