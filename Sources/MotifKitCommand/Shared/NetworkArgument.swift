import ArgumentParser
import Foundation
import MotifKit
import Runtime

/// The layers a user names: a preset, or a network in a JSON file.
struct NetworkArgument {
  let name: String

  init(_ name: String) { self.name = name }

  /// The preset, or the file's name without folder and extension.
  var displayName: String { ((name as NSString).lastPathComponent as NSString).deletingPathExtension }

  /// Whether it gives a profile and its sum, as the names of its outputs say.
  var hasCounts: Bool {
    struct File: Decodable { var outputs: [String]? }
    let names =
      if let preset = Preset(rawValue: name) { preset.outputNames } else {
        (try? SmallFile.data(path: name)).flatMap { try? JSONDecoder().decode(File.self, from: $0) }?.outputs
      }
    return names == ["profile", "counts"]
  }

  static let presets = Preset.allCases.map(\.rawValue).joined(separator: ", ")

  /// Several names with commas between them.
  ///
  /// Throws `ValidationError` if there is none or two would be called the same.
  static func list(_ names: String) throws -> [NetworkArgument] {
    let list = names.split(separator: ",").map {
      NetworkArgument($0.trimmingCharacters(in: .whitespaces))
    }
    if list.isEmpty { throw ValidationError("--network: expected a name") }
    for (index, argument) in list.enumerated()
    where list[..<index].contains(where: { $0.displayName == argument.displayName }) {
      throw ValidationError("--network \(names): \(argument.displayName) is there twice")
    }
    return list
  }

  /// Those of several names with commas between them that are files.
  static func files(_ names: String) -> [String] {
    names.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { Preset(rawValue: $0) == nil && FileManager.default.fileExists(atPath: $0) }
  }

  /// The networks of `list`, for sequences of `length` and a number of outputs.
  ///
  /// Throws as `list` and `architecture` do, naming the network.
  static func contenders(_ names: String, length: Int, outputs: Int) throws -> [CrossValidation.Contender] {
    try list(names).map { argument in
      guard !argument.hasCounts else {
        throw InputError(
          "network \(argument.displayName): learns a profile and its sum, while networks are compared by one loss; train it with --validation-chromosomes and --test-chromosomes"
        )
      }
      return CrossValidation.Contender(
        argument.displayName, try argument.namedArchitecture(length: length, outputs: outputs))
    }
  }

  /// As `architecture`, whose errors name the network here.
  func namedArchitecture(length: Int, outputs: Int) throws -> Architecture {
    do {
      return try architecture(length: length, outputs: outputs)
    } catch let error as InputError where error.file == nil {
      throw InputError("network \(displayName): \(error.reason)")
    }
  }

  /// Throws `InputError` when there is neither such a preset nor such a file, or sequences of `length` do not fit.
  func architecture(length: Int, outputs: Int = 1) throws -> Architecture {
    if let preset = Preset(rawValue: name) {
      return try preset.architecture(length: length, outputs: outputs)
    }
    guard FileManager.default.fileExists(atPath: name) else {
      throw InputError(file: name, "is neither a file nor one of the networks \(Self.presets)")
    }
    let architecture = try Architecture(json: SmallFile.data(path: name), file: name, length: length)
    guard architecture.input.length == length else {
      throw InputError(
        file: name, "takes sequences of \(architecture.input.length) bases, but the data have \(length)")
    }
    return architecture
  }
}
