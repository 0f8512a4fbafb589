import ArgumentParser
import MotifKit

/// A genome that a file of peaks is cut out of, and how.
struct GenomeArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Genome that intervals (BED, narrowPeak, broadPeak) are cut out of: FASTA, plain or packed by bgzip, or 2bit.",
      valueName: "file"))
  var genome: String?

  @Option(help: ArgumentHelp("Bases of a window, centered on each interval.", valueName: "bases"))
  var window: Int?

  @Flag(help: .hidden) var center = Center.automatic

  @Option(help: ArgumentHelp("Move each window by up to so many bases, at random.", valueName: "bases"))
  var jitter = 0

  @Option(help: ArgumentHelp("Leave out windows that touch these intervals.", valueName: "file"))
  var blacklist: String?

  @Option(
    help: ArgumentHelp("Leave out windows with at least this share of unknown bases.", valueName: "share"))
  var maxN = 0.1

  @Flag(help: "Of intervals with the same center keep the first.") var uniqueCenters = false

  enum Center: EnumerableFlag {
    case automatic, summits, middles

    static func help(for value: Center) -> ArgumentHelp? {
      switch value {
      case .automatic: .hidden
      case .summits: "Center windows on the summits of narrowPeak. (default where there are some)"
      case .middles: "Center windows on the middles of the intervals."
      }
    }

    var center: WindowOptions.Center {
      switch self {
      case .automatic: .automatic
      case .summits: .summits
      case .middles: .middles
      }
    }
  }

  func validate() throws {
    if let window, !(1...(1 << 24)).contains(window) {
      throw ValidationError("--window \(window): expected 1 to \(1 << 24) bases")
    }
    if !(0...(1 << 24)).contains(jitter) {
      throw ValidationError("--jitter \(jitter): expected 0 to \(1 << 24) bases")
    }
    if !(maxN >= 0 && maxN.isFinite) { throw ValidationError("--max-n \(maxN): expected a share, 0 or more") }
    if genome == nil {
      let needsGenome =
        window != nil || jitter != 0 || blacklist != nil || uniqueCenters
        || center != .automatic
      if needsGenome {
        throw ValidationError(
          "--window, --jitter, --blacklist, --unique-centers, --summits and --middles need --genome"
        )
      }
    }
  }

  /// What to cut, where the length of a window is known: as given, or else `length`, which a network has.
  ///
  /// Throws `InputError` if the blacklist cannot be read.
  func options(length: Int?, seed: UInt64) throws -> WindowOptions {
    guard let bases = window ?? length else { throw ValidationError("--genome needs --window") }
    if let length, bases != length {
      throw ValidationError("--window \(bases): the network reads \(length) bases")
    }
    var options = WindowOptions(length: bases)
    options.center = center.center
    options.jitter = jitter
    options.blacklist = try blacklist.map {
      IntervalIndex(try IntervalFile.read(path: $0).intervals.map(\.location))
    }
    options.maximumUnknown = maxN
    options.keepsOnlyFirstOfCenter = uniqueCenters
    options.seed = seed
    return options
  }
}

/// Where negatives and targets come from, for commands that learn from a genome.
struct GenomicTargetArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "bigWig files that give targets, comma-separated: an output each.", valueName: "files"))
  var signal: String?

  @Option(help: "What becomes of a window's values: one number.") var signalSummary = SignalSummary.sum

  @Option(
    help: ArgumentHelp(
      "Bases in the middle of a window that count for its targets. (default: all)", valueName: "bases"))
  var signalWindow: Int?

  func validate() throws {
    if signal == nil, signalSummary != .sum || signalWindow != nil {
      throw ValidationError("--signal-summary and --signal-window need --signal")
    }
    if let signalWindow, signalWindow < 1 {
      throw ValidationError("--signal-window \(signalWindow): expected 1 or more bases")
    }
  }

  var files: [String] { signal.map { $0.split(separator: ",").map(String.init) } ?? [] }
}

extension SignalSummary: ExpressibleByArgument {}
extension NegativeProcedure: ExpressibleByArgument {}
