import ArgumentParser
import Foundation
import MotifKit
import Runtime

/// A genome that files of intervals are cut out of, and how: with it, every reader of sequences takes BED and narrowPeak.
struct GenomeArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Genome that intervals (BED, narrowPeak, broadPeak) are cut out of: FASTA, plain or packed by bgzip, or 2bit.",
      valueName: "file"))
  var genome: String?

  @Option(
    help: ArgumentHelp(
      "Bases of a window, centered on each interval. (default: what the model takes, otherwise 200)",
      valueName: "bases"))
  var window: Int?

  @Flag(help: .hidden) var center = Center.automatic

  @Option(help: ArgumentHelp("Leave out windows that touch these intervals.", valueName: "file"))
  var blacklist: String?

  @Option(
    help: ArgumentHelp(
      "Leave out windows with at least this share of unknown bases. (default: 0.1)", valueName: "share"))
  var maxN: Double?

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

  /// Called by the parser; sets what readers do with intervals.
  func validate() throws {
    if let window, !(1...(1 << 24)).contains(window) {
      throw ValidationError("--window \(window): expected 1 to \(1 << 24) bases")
    }
    if let maxN, !(0...1).contains(maxN) {
      throw ValidationError("--max-n \(maxN): expected a share, 0 to 1")
    }
    guard let genome else {
      if window != nil || blacklist != nil || maxN != nil || uniqueCenters || center != .automatic {
        throw ValidationError(
          "--window, --blacklist, --max-n, --unique-centers, --summits and --middles need --genome")
      }
      return
    }
    guard access(genome, R_OK) == 0 else {
      throw InputError(file: genome, "cannot be read: \(systemMessage())")
    }
    GenomicInput.source = GenomeWindows(
      path: genome, try options(), isLengthGiven: window != nil, blacklist: blacklist)
  }

  /// A genome that nothing was cut out of was perhaps meant for another file.
  static func remarkIfUnused(by command: any ParsableCommand) throws {
    // extract opens it itself.
    guard let windows = GenomicInput.source as? GenomeWindows, !windows.isUsed, !(command is Extract) else {
      return
    }
    try InputWarning.emit(
      file: windows.path, "the genome was not needed: no file holds intervals", isRemark: true)
  }

  /// The least share of unknown bases with which a window is left out.
  var maximumUnknown: Double { maxN ?? 0.1 }

  /// What to cut.
  ///
  /// Throws `InputError` if the blacklist cannot be read.
  func options() throws -> WindowOptions {
    var options = WindowOptions(length: window ?? 200)
    options.center = center.center
    options.blacklist = try blacklist.map {
      IntervalIndex(try IntervalFile.read(path: $0).intervals.map(\.location), file: $0)
    }
    options.maximumUnknown = maximumUnknown
    options.keepsOnlyFirstOfCenter = uniqueCenters
    return options
  }
}

extension NegativeProcedure: ExpressibleByArgument {
  /// `gc` is the one to take where nobody asks for another tool's.
  public init?(argument: String) {
    self.init(rawValue: argument == "gc" ? Self.chrombpnet.rawValue : argument)
  }
}
