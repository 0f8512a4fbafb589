import ArgumentParser
import MotifKit

/// bigWig files that give windows of a genome their targets, in commands that learn or measure these.
///
/// Stands after `GenomeArguments`, whose windows it adds to.
struct SignalArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "bigWig files that give targets, comma-separated: an output each.", valueName: "files"))
  var signal: String?

  @Option(help: "What becomes of a window's values: one number.") var signalSummary = SignalSummary.sum

  @Option(
    help: ArgumentHelp(
      "Bases in the middle of a window that count for its targets. (default: all)", valueName: "bases"))
  var signalWindow: Int?

  @Flag(
    help: "Every base of a window is a target of its own: profiles, for --loss multinomial.")
  var signalProfile = false

  /// Called by the parser; sets what readers take from the windows.
  func validate() throws {
    if signal == nil, signalSummary != .sum || signalWindow != nil || signalProfile {
      throw ValidationError("--signal-summary, --signal-window and --signal-profile need --signal")
    }
    if signalProfile, signalSummary != .sum {
      throw ValidationError("--signal-profile keeps every base: leave out --signal-summary")
    }
    if let signalWindow, signalWindow < 1 {
      throw ValidationError("--signal-window \(signalWindow): expected 1 or more bases")
    }
    guard let signal else { return }
    guard let source = GenomicInput.source as? GenomeWindows else {
      throw ValidationError("--signal needs --genome")
    }
    guard signals.paths.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("--signal \(signal): a file has no name")
    }
    source.signals = signals
  }

  /// What gives windows their targets.
  var signals: GenomicSignals {
    GenomicSignals(
      paths: signal?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? [],
      summary: signalSummary, length: signalWindow, isProfile: signalProfile)
  }
}

extension SignalSummary: ExpressibleByArgument {}
