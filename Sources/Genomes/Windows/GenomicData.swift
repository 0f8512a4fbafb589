import Runtime
import Sequences

/// How labeled sequences come out of a genome and a file of peaks.
public struct GenomicDataOptions: Sendable {
  public var windows: WindowOptions
  /// Where sequences with the label 0 come from; `nil` for none, and then there are no labels.
  public var negatives: NegativeOptions?
  /// What gives targets.
  public var signals = GenomicSignals()

  public init(windows: WindowOptions) { self.windows = windows }
}

/// Sequences cut out of a genome, where they lie, and what is known of them.
public struct GenomicData: Sendable {
  /// Windows of the peaks in their order, then the negatives in the genome's.
  public var sequences: SequenceSet
  /// 1 for windows of peaks, 0 for negatives; empty where none are asked for.
  public var labels: [UInt8]
  /// Where each lies.
  public var locations: [GenomicLocation]
  /// The names of the targets.
  public var targetNames: [String]
  /// Sequences in order, for each the targets.
  public var targets: [Float]
  public var counts: WindowCounts
  /// How well the negatives match; `nil` where there are none.
  public var quality: MatchQuality?

  /// Cuts the windows around the intervals of a file, draws negatives and reads signals.
  ///
  /// - Throws: `InputError` if a file cannot be read, does not fit the genome, or leaves nothing.
  public static func read(_ peaks: IntervalFile, from genome: Genome, _ options: GenomicDataOptions) throws
    -> GenomicData
  {
    let windows = try genome.windows(around: peaks, options.windows)
    var data = GenomicData(
      sequences: windows.sequences, labels: [], locations: windows.locations,
      targetNames: options.signals.names(window: options.windows.length),
      targets: [], counts: windows.counts)
    if let negatives = options.negatives {
      try data.append(negatives, from: genome, peaks: peaks, windows: windows, options.windows)
    }
    data.targets = try options.signals.values(of: data.locations, genome: genome)
    return data
  }

  private mutating func append(
    _ options: NegativeOptions, from genome: Genome, peaks: IntervalFile, windows: Windows,
    _ windowOptions: WindowOptions
  ) throws {
    // Peaks that gave no window are none the less peaks.
    let positives = windows.locations.filter { $0.strand != .reverse }
    let drawn = try genome.negatives(
      matching: positives, avoiding: peaks.intervals.map(\.location) + positives, options)
    var negatives = SequenceSet()
    for location in drawn.locations {
      for strand in windowOptions.strands {
        var location = location
        location.strand = strand
        negatives.append(try genome.codes(of: location), name: location.name)
        locations.append(location)
      }
    }
    labels = [UInt8](repeating: 1, count: sequences.count) + [UInt8](repeating: 0, count: negatives.count)
    sequences = sequences.joined(with: negatives)
    quality = drawn.quality
  }

  /// Writes a tab-separated table: name, sequence, label where there are negatives, and a column for each target.
  ///
  /// - Throws: `InputError` if the file cannot be written.
  public func writeTable(to path: String) throws {
    try AtomicFile.write(path: path) { file in
      let titles = ["name", "sequence"] + (!labels.isEmpty ? ["label"] : []) + targetNames
      try file.write(titles.joined(separator: "\t") + "\n")
      for index in 0..<sequences.count {
        var row = "\(sequences.name(index))\t\(Nucleotide.string(sequences[index]))"
        if !labels.isEmpty { row += "\t\(labels[index])" }
        for target in targetNames.indices { row += "\t\(targets[index * targetNames.count + target])" }
        try file.write(row + "\n")
      }
    }
  }
}
