import Foundation

/// An answer of a worker; which fields there are depends on the request.
struct Reply: Decodable {
  var name: String?
  var version: String?
  var seconds: Double?
  var sequences: Int?
  var accuracy: Double?
  var hits: Int?
  var error: String?
}

/// A program that is measured, as a process that answers one line of JSON to each line of request, so that
/// contenders can be asked in turn and all meet the same moments of a busy machine.
final class Contender {
  let name: String
  let version: String
  private let process = Process()
  private let requests = Pipe()
  private let replies: FileHandle
  private var pending = Data()

  /// Starts `command`, pinned to `threads` processors where the system has `taskset`.
  init(_ command: [String], threads: Int) throws {
    let pinned = Pinning.command(command, threads: threads)
    process.executableURL = URL(fileURLWithPath: pinned[0])
    process.arguments = Array(pinned.dropFirst())
    let output = Pipe()
    process.standardInput = requests
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    replies = output.fileHandleForReading
    try process.run()
    let hello = try Self.decode(Self.line(replies, &pending), command)
    name = hello.name ?? command[0]
    version = hello.version ?? ""
  }

  func ask(_ request: String) throws -> Reply {
    try requests.fileHandleForWriting.write(contentsOf: Data((request + "\n").utf8))
    return try Self.decode(Self.line(replies, &pending), [name, request])
  }

  func quit() {
    try? requests.fileHandleForWriting.write(contentsOf: Data("quit\n".utf8))
    try? requests.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private static func decode(_ line: Data, _ what: [String]) throws -> Reply {
    guard let reply = try? JSONDecoder().decode(Reply.self, from: line) else {
      throw BenchmarkError("\(what.joined(separator: " ")): gave no answer (run it by hand to see why)")
    }
    return reply
  }

  private static func line(_ file: FileHandle, _ pending: inout Data) throws -> Data {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = pending[..<end]
        pending = Data(pending[(end + 1)...])
        return Data(line)
      }
      let more = file.availableData
      if more.isEmpty { return Data() }
      pending.append(more)
    }
  }
}

struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Runs on the first `threads` processors only, so that no contender has more than it is allowed.
enum Pinning {
  static let tool = ["/usr/bin/taskset", "/bin/taskset"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static func command(_ command: [String], threads: Int) -> [String] {
    guard let tool else { return command }
    return [tool, "-c", threads == 1 ? "0" : "0-\(threads - 1)"] + command
  }
}
