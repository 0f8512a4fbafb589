import Foundation
import MotifKit
import Runtime

// Damages files of every kind and hands them to their readers:
//
//     swift run -c release Fuzz [--count N | --seconds S] [--seed N] [--list] [SUBJECT …]
//
// Each subject runs in a process of its own with 1 GB to ask for. An input that ends it, that takes over 10 seconds, or that is
// refused without naming the file is kept in fuzz-SUBJECT.input, and the status is 1.

struct Options {
  var count = 100_000
  var seconds: Double?
  var seed: UInt64 = 0
  var worker: String?
  var names: [String] = []

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--count": count = rest.popFirst().flatMap { Int($0) } ?? count
      case "--seconds": seconds = rest.popFirst().flatMap { Double($0) }
      case "--seed": seed = rest.popFirst().flatMap { UInt64($0) } ?? seed
      case "--list":
        Subject.all.forEach { print($0.name) }
        exit(0)
      case "--worker": worker = rest.popFirst()
      default: names.append(word)
      }
    }
  }
}

func leave(_ message: String) -> Never {
  FileHandle.standardError.write(Data((message + "\n").utf8))
  exit(2)
}

let options = Options(Array(CommandLine.arguments.dropFirst()))

/// Runs one subject in this process.
func work(_ subject: Subject) throws -> Never {
  let last = LastInput(path: "fuzz-\(subject.name).input", capacity: 1 << 22)
  let path = NSTemporaryDirectory() + "fuzz-\(subject.name)-\(getpid())"
  defer { unlink(path) }
  var mutator = ByteMutator(seeds: try subject.seeds(), seed: options.seed)
  limitMemory()
  var (done, accepted) = (0, 0)
  let start = Date()
  while options.seconds.map({ -start.timeIntervalSinceNow < $0 }) ?? (done < options.count) {
    let bytes = mutator.next()
    last.remember(bytes)
    FileManager.default.createFile(atPath: path, contents: Data(bytes))
    alarm(10)
    do {
      try subject.take(path)
      accepted += 1
    } catch let error as InputError {
      let isPlaced =
        error.file?.hasPrefix(path) == true && (error.line != nil || subject.isOfWholeFile(error.reason))
      guard isPlaced, !error.reason.isEmpty, !error.description.contains("\n") else {
        leave("\(subject.name): refused without a place: \(error)")
      }
    }
    alarm(0)
    done += 1
  }
  unlink(path)
  last.forget()
  print("\(subject.name): \(done) files, \(accepted) accepted, \(done - accepted) refused")
  exit(0)
}

/// A reader that believes a header asks for more than this, and ends.
func limitMemory() {
  var limit = rlimit(rlim_cur: 1 << 30, rlim_max: 1 << 30)
  #if canImport(Glibc)
    setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
  #else
    setrlimit(RLIMIT_DATA, &limit)
  #endif
}

if let name = options.worker {
  guard let subject = Subject.all.first(where: { $0.name == name }) else {
    leave("there is no subject \(name)")
  }
  do { try work(subject) } catch { leave("\(name): \(error)") }
}
for name in options.names where !Subject.all.contains(where: { $0.name == name }) {
  leave("there is no subject \(name); there are \(Subject.all.map(\.name).joined(separator: ", "))")
}
var failed = false
for subject in Subject.all where options.names.isEmpty || options.names.contains(subject.name) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
  process.arguments =
    ["--worker", subject.name, "--seed", String(options.seed), "--count", String(options.count)]
    + (options.seconds.map { ["--seconds", String($0)] } ?? [])
  try process.run()
  process.waitUntilExit()
  if process.terminationReason == .uncaughtSignal || process.terminationStatus != 0 {
    let how = process.terminationReason == .uncaughtSignal ? "signal" : "status"
    print("\(subject.name): \(how) \(process.terminationStatus); see fuzz-\(subject.name).input")
    failed = true
  }
}
exit(failed ? 1 : 0)
