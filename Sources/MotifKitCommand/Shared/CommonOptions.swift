import ArgumentParser
import MotifKit
import Runtime

/// What every command understands.
struct CommonOptions: ParsableArguments {
  @Option(help: "Seed of all random numbers: the same seed gives the same bytes.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "How many threads may work. Results do not depend on it. (default: all processors)", valueName: "count")
  )
  var threads: Int?

  @Flag(name: .shortAndLong, help: "No progress and no messages on standard error.")
  var quiet = false

  @Flag(help: "Refuse input that would otherwise be mended or passed over with a warning.")
  var strict = false

  /// Called by the parser; says for all that follows how many threads may work and what becomes of warnings.
  func validate() throws {
    let (strict, quiet) = (strict, quiet)
    InputWarning.handle { warning in
      if strict, !warning.isRemark { throw InputError(file: warning.file, warning.reason) }
      if !quiet { StandardError.write((warning.isRemark ? "" : "motifkit: warning: ") + "\(warning)\n") }
    }
    guard let threads else { return }
    guard threads > 0 else { throw ValidationError("--threads \(threads): expected 1 or more") }
    Parallel.threads = threads
  }

  /// The command, for who wants to run it again.
  var reproduction: Reproduction {
    Reproduction(
      arguments: Array(CommandLine.arguments.dropFirst()), seed: seed, files: GenomicInput.source?.files ?? []
    )
  }

  /// What figures say about where they came from. Threads do not matter, so the same picture has the same bytes.
  var provenance: Provenance {
    Provenance(
      software: "motifkit", version: Release.version, command: reproduction.commandLine, seed: seed)
  }

  /// Those of some arguments that name a file to read, and not one of the words that stand in for one.
  func inputs(_ arguments: String?...) -> [String] { inputs(arguments) }

  func inputs(_ arguments: [String?]) -> [String] {
    arguments.compactMap { $0 }.filter { !["foxo1", "none", "dinucleotide"].contains($0) }
  }

  /// A line for people on standard error.
  func note(_ message: String) { if !quiet { StandardError.write(message + "\n") } }
}

/// How results are printed.
struct FormatOption: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "How to print the result.")
  var format = Format.text

  var isJSON: Bool { format == .json }
}
