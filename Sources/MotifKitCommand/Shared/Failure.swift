import ArgumentParser
import Foundation
import MotifKit

/// Nobody reads standard output any more: the program ends quietly.
struct ClosedPipe: Error {}

/// Exit statuses other than 0 (done) and 1 (the answer is no).
private let badUsage: Int32 = 2

/// Lets writes to a closed pipe fail instead of ending the program, so that temporary files are removed.
func prepareForClosedPipes() { signal(SIGPIPE, SIG_IGN) }

/// Ends the program for `error`: help and version on standard output with status 0, everything else as one line on
/// standard error with status 2.
func leave(with error: any Error) -> Never {
  if error is ClosedPipe { exit(0) }
  if let code = error as? ExitCode { exit(code == .validationFailure ? badUsage : code.rawValue) }
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
  StandardError.write("motifkit: \(line(for: error))\n")
  exit(badUsage)
}

private func line(for error: any Error) -> String {
  switch error {
  case let error as InputError: return error.description
  case let error as FigureError: return error.description
  default:
    let message = MotifKitCommand.message(for: error)
    let hint = MotifKitCommand.fullMessage(for: error).split(separator: "\n").last { $0.contains("See '") }
    let command = hint?.split(separator: "'").dropFirst().first.map { " (see \($0))" } ?? ""
    return message.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: " ") + command
  }
}
