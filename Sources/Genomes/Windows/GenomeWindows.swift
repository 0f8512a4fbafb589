import Runtime
import Sequences

/// A genome and how windows are cut out of it, for readers of sequences that meet intervals.
public final class GenomeWindows: IntervalSource {
  /// Of the genome.
  public let path: String
  private let options: Locked<WindowOptions>
  /// Whether the user gave windows their length.
  private let isLengthGiven: Bool
  private let blacklist: String?
  private let signal = Locked(GenomicSignals())
  private let opened = Locked<Genome?>(nil)
  /// All intervals read and negatives drawn so far, which negatives stay away from.
  private let intervals = Locked<[GenomicLocation]>([])

  /// - Parameters:
  ///   - path: of the genome, which is opened when it is needed.
  ///   - isLengthGiven: whether windows keep the length of `options` when `fit(length:)` tells another.
  ///   - blacklist: the file that the blacklist of `options` comes from.
  public init(
    path: String, _ options: WindowOptions, isLengthGiven: Bool = true, blacklist: String? = nil
  ) {
    self.path = path
    self.options = Locked(options)
    self.isLengthGiven = isLengthGiven
    self.blacklist = blacklist
  }

  /// What gives windows their targets; none at first.
  public var signals: GenomicSignals {
    get { signal.withLock { $0 } }
    set { signal.withLock { $0 = newValue } }
  }

  public var files: [String] { [path] + (blacklist.map { [$0] } ?? []) + signals.paths }

  public func fit(length: Int) {
    if !isLengthGiven { options.withLock { $0.length = length } }
  }

  public var targetNames: [String] { signals.names(window: options.withLock { $0.length }) }

  public func targets(of windows: SequenceSet) throws -> [Float] {
    let signals = signals
    return try signals.values(of: windows.locations(), genome: signals.paths.isEmpty ? nil : genome())
  }

  /// Whether intervals have been read, or the genome opened.
  public var isUsed: Bool { opened.withLock { $0 != nil } || intervals.withLock { !$0.isEmpty } }

  private func genome() throws -> Genome {
    try opened.withLock { opened in
      if let opened { return opened }
      let genome = try Genome(path: path)
      opened = genome
      return genome
    }
  }

  /// What was left out is said as a warning.
  public func windows(of lines: LineReader) throws -> SequenceSet {
    let file = try IntervalFile.read(lines)
    let windows = try genome().windows(around: file, options.withLock { $0 })
    intervals.withLock { $0 += file.intervals.map(\.location) }
    if windows.counts.kept < windows.counts.intervals {
      try InputWarning.emit(file: lines.file, windows.counts.summary)
    }
    return windows.sequences
  }

  public func avoid(_ path: String) throws {
    let file = try IntervalFile.read(path: path)
    intervals.withLock { $0 += file.intervals.map(\.location) }
  }

  /// How well they match is said as a remark, as a warning where there are too few.
  public func negatives(matching positives: SequenceSet, procedure: String, seed: UInt64) throws
    -> SequenceSet
  {
    let genome = try genome()
    // The composition is that of both strands.
    var locations = try positives.locations()
    for index in locations.indices { locations[index].strand = .unstranded }
    var drawn = NegativeOptions()
    drawn.procedure = NegativeProcedure(rawValue: procedure) ?? .chrombpnet
    (drawn.blacklist, drawn.maximumUnknown) = options.withLock { ($0.blacklist, $0.maximumUnknown) }
    drawn.seed = seed
    let length = try positives.requireUniformLength(file: path)
    guard let bad = locations.first(where: { genome.number(of: $0.chromosome) == nil || $0.count != length })
    else {
      let negatives = try genome.negatives(
        matching: locations, avoiding: intervals.withLock { $0 } + locations, drawn)
      // Later ones, for a test, are none of these.
      intervals.withLock { $0 += negatives.locations }
      try InputWarning.emit(
        file: path, negatives.quality.summary, isRemark: negatives.quality.missing == 0)
      let codes = try genome.codes(of: negatives.locations, length: length)
      return SequenceSet(
        codes: codes, starts: Array(stride(from: 0, through: codes.count, by: length)),
        names: negatives.locations.map(\.name))
    }
    guard genome.number(of: bad.chromosome) != nil else { throw genome.unknownChromosome(bad.chromosome) }
    throw InputError("\(bad.name) has \(length) bases, not what its name says")
  }
}
