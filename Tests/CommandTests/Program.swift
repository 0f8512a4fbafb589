import Foundation
import TestSupport
import Testing

/// The built program, run as a user runs it.
struct Program {
  struct Result: Equatable {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The binary beside the test bundle, in debug and in release builds.
  static let path: String? = {
    let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
    let places = bundles + [URL(fileURLWithPath: CommandLine.arguments[0]), Bundle.main.bundleURL]
    for place in places {
      var folder = place.deletingLastPathComponent()
      for _ in 0..<4 {
        let candidate = folder.appendingPathComponent("motifkit").path
        if FileManager.default.isExecutableFile(atPath: candidate),
          !folder.pathExtension.hasPrefix("xctest")
        {
          return candidate
        }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }()

  /// Where relative paths of the arguments start.
  let folder: String

  enum Output {
    /// Kept, for `Result.output`.
    case captured
    case file(String)
    /// A pipe that nobody reads.
    case closedPipe
  }

  func callAsFunction(_ arguments: String..., input: String? = nil, output: Output = .captured) throws
    -> Result
  {
    try run(arguments, input: input, output: output)
  }

  func run(_ arguments: [String], input: String? = nil, output: Output = .captured) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.path, "motifkit is not built"))
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    return try withTemporaryDirectory { scratch in
      func file(_ name: String, _ content: String = "") throws -> String {
        let path = "\(scratch)/\(name)"
        try content.write(toFile: path, atomically: false, encoding: .utf8)
        return path
      }
      let captured = try file("output")
      let errors = try file("errors")
      process.standardInput = FileHandle(forReadingAtPath: try file("input", input ?? ""))
      process.standardError = FileHandle(forWritingAtPath: errors)
      switch output {
      case .captured: process.standardOutput = FileHandle(forWritingAtPath: captured)
      case .file(let path): process.standardOutput = FileHandle(forWritingAtPath: path)
      case .closedPipe:
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        process.standardOutput = pipe
      }
      try process.run()
      process.waitUntilExit()
      return Result(
        status: process.terminationStatus, output: try String(contentsOfFile: captured, encoding: .utf8),
        errors: try String(contentsOfFile: errors, encoding: .utf8))
    }
  }

  /// All files below the folder, by their relative names.
  func files() throws -> [String] {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  func write(_ content: String, to name: String) throws {
    try content.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }
}

func withProgram(_ body: (Program) throws -> Void) throws {
  try withTemporaryDirectory { try body(Program(folder: $0)) }
}
