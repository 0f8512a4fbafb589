import Foundation
import MotifKit

/// Where and when the benchmark ran.
struct Machine: Codable {
  var processor: String
  var processors: Int
  var memoryGB: Double
  var system: String
  var swift: String
  var program: String
  var kernels: String
  /// One-minute load before the benchmark and after it: a machine that is busy with other things shows here.
  var loadBefore: Double
  var loadAfter: Double
  var date: String

  init(program: String) throws {
    let info = ProcessInfo.processInfo
    processor = Self.processorName()
    processors = info.activeProcessorCount
    memoryGB = (Double(info.physicalMemory) / 1e8).rounded() / 10
    system = info.operatingSystemVersionString
    swift = Command.firstLine(["swift", "--version"]) ?? "unknown"
    guard let version = Command.firstLine([program, "--version"]) else {
      throw BenchmarkError("\(program): does not run")
    }
    self.program = version
    kernels = Kernels.best.name
    loadBefore = Self.load()
    loadAfter = loadBefore
    date = ISO8601DateFormatter().string(from: Date())
  }

  static func load() -> Double {
    var loads = [0.0, 0, 0]
    return getloadavg(&loads, 3) > 0 ? (loads[0] * 100).rounded() / 100 : .nan
  }

  private static func processorName() -> String {
    if let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
      let name = line.split(separator: ":").last
    {
      return name.trimmingCharacters(in: .whitespaces)
    }
    return Command.firstLine(["sysctl", "-n", "machdep.cpu.brand_string"]) ?? "unknown"
  }
}

/// Other programs run to their end.
enum Command {
  /// Runs a command found on the PATH; throws if it cannot be started or fails.
  @discardableResult
  static func run(_ command: [String], capture: Bool = false) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = capture ? pipe : FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = capture ? pipe.fileHandleForReading.readDataToEndOfFile() : Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchmarkError(
        "\(command.joined(separator: " ")): exit status \(process.terminationStatus)")
    }
    return String(decoding: data, as: UTF8.self)
  }

  static func firstLine(_ command: [String]) -> String? {
    guard let output = try? run(command, capture: true) else { return nil }
    return output.split(separator: "\n").first.map(String.init)
  }
}
