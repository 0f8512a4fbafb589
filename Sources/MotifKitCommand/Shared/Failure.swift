import ArgumentParser
import Dispatch
import Foundation
import MotifKit
import Runtime

/// Throws `InputError` where the system allows too few open files for threads, input and output.
func requireFileDescriptors() throws {
  var limit = rlimit()
  let few: rlim_t = 16
  #if canImport(Glibc)
    let status = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  #else
    let status = getrlimit(RLIMIT_NOFILE, &limit)
  #endif
  if status == 0, limit.rlim_cur < few {
    throw InputError("only \(limit.rlim_cur) files may be open at once; \(few) are needed (ulimit -n)")
  }
}

/// Throws `InputError` where there is no memory for threads: libdispatch would wait for some without end.
func requireThreads() throws {
  #if canImport(Glibc)
    guard canNest(threads: 4) else {
      throw InputError("there is too little memory to start threads (ulimit -v)")
    }
  #endif
}

#if canImport(Glibc)
  /// Whether so many threads can stand beside each other: each starts the next and waits for it.
  private func canNest(threads: Int) -> Bool {
    guard threads > 0 else { return true }
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { more in
        // Any pointer says yes.
        canNest(threads: Int(bitPattern: more) - 1) ? UnsafeMutableRawPointer(bitPattern: 1) : nil
      }, UnsafeMutableRawPointer(bitPattern: threads))
    guard status == 0 else { return false }
    var answer: UnsafeMutableRawPointer?
    pthread_join(thread, &answer)
    return answer != nil
  }
#endif

/// Nobody reads standard output any more: the program ends quietly.
struct ClosedPipe: Error {}

/// Exit statuses other than 0 (done) and 1 (the answer is no).
private let badUsage: Int32 = 2

/// Leaves nothing half-written behind, whatever ends the program: writes to a closed pipe fail instead of killing it, and
/// an interrupt deletes temporary files first.
func prepareForSignals() {
  signal(SIGPIPE, SIG_IGN)
  // A file over the size that is allowed (ulimit -f) is a write that fails.
  signal(SIGXFSZ, SIG_IGN)
  // Swift has said in one line which memory it did not get.
  signal(SIGABRT) { _ in _exit(2) }
  let numbers = [SIGINT, SIGTERM, SIGHUP]
  // A parent that starts programs from a thread of its own may have blocked them there.
  var blocked = sigset_t()
  sigemptyset(&blocked)
  for number in numbers { sigaddset(&blocked, number) }
  sigprocmask(SIG_UNBLOCK, &blocked, nil)
  interrupts = numbers.compactMap { number in
    let before = signal(number, SIG_IGN)
    // Who started the program may want it to ignore the signal, as nohup does.
    if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { return nil }
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
    source.setEventHandler {
      TemporaryPaths.deleteAll()
      if let path = resumable.withLock({ $0 }), FileManager.default.fileExists(atPath: path) {
        StandardError.write("motifkit: interrupted; the same command with --resume goes on from \(path)\n")
      }
      signal(number, SIG_DFL)
      kill(getpid(), number)
    }
    // Until it is registered, the signal would be lost.
    let registered = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { registered.signal() }
    source.resume()
    registered.wait()
    return source
  }
}

/// The file from which `--resume` goes on after an interrupt, for commands that have one.
let resumable = Locked<String?>(nil)

nonisolated(unsafe) private var interrupts: [any DispatchSourceSignal] = []

/// Ends the program for `error`: help and version on standard output with status 0, everything else as one line on
/// standard error with status 2.
func leave(with error: any Error) -> Never {
  if error is ClosedPipe { exit(0) }
  if let code = error as? ExitCode {
    // What a command has printed is its answer.
    do { try StandardOutput.flush() } catch { leave(with: error) }
    exit(code == .validationFailure ? badUsage : code.rawValue)
  }
  if !(error is InputError || error is FigureError),
    MotifKitCommand.exitCode(for: error) == .success
  {
    do {
      try StandardOutput.write(MotifKitCommand.fullMessage(for: error) + "\n")
      try StandardOutput.flush()
    } catch {
      leave(with: error)
    }
    exit(0)
  }
  let isParserError = !(error is InputError || error is FigureError)
  let mistyped = isParserError ? MistypedName.message(Array(CommandLine.arguments.dropFirst())) : nil
  StandardError.write("motifkit: \(mistyped ?? line(for: error))\n")
  exit(badUsage)
}

private func line(for error: any Error) -> String {
  switch error {
  case let error as InputError: return error.description
  case let error as FigureError: return error.description
  default:
    let message = MotifKitCommand.message(for: error)
    let hint = MotifKitCommand.fullMessage(for: error).split(separator: "\n").last { $0.contains("See '") }
    // What a command finds when it runs does not say whose help is meant.
    let help = hint?.split(separator: "'").dropFirst().first.map(String.init)
    let command = help.map { " (see \($0 == "motifkit --help" ? MistypedName.help : $0))" } ?? ""
    return message.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: " ") + command
  }
}
