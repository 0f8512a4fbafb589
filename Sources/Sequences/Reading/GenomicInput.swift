import Runtime

/// Makes sequences of intervals: whoever knows a genome.
public protocol IntervalSource: Sendable {
  /// Windows read from now on have this length, which a network takes, unless the user gave them one.
  func fit(length: Int)
  /// The windows around the intervals of a file that was opened, with names that carry their coordinates.
  ///
  /// - Throws: `InputError` if a file cannot be read, does not fit the genome, or leaves no window.
  func windows(of lines: LineReader) throws -> SequenceSet
  /// Windows that resemble `positives`, whose names carry coordinates, away from all intervals read so far.
  ///
  /// - Parameter procedure: `gc`, or a procedure by name.
  /// - Throws: `InputError` if a name carries none, or the genome has no room.
  func negatives(matching positives: SequenceSet, procedure: String, seed: UInt64) throws -> SequenceSet
  /// What signals give for each window, by name; none where there are no signals.
  var targetNames: [String] { get }
  /// (windows, targets): numbers of signals.
  ///
  /// - Throws: `InputError` if a name carries no coordinates, or a signal cannot be read.
  func targets(of windows: SequenceSet) throws -> [Float]
  /// Negatives drawn from now on stay away from the intervals of this file too.
  ///
  /// - Throws: `InputError` if it cannot be read.
  func avoid(_ path: String) throws
  /// What it reads besides files of intervals: the genome, a blacklist, signals.
  var files: [String] { get }
}

/// What readers of sequences do with files of intervals.
///
/// By default nothing: a reader says that intervals need a genome. The program sets a source where the user gives one, and
/// from then on every reader takes BED and narrowPeak.
public enum GenomicInput {
  private static let current = Locked<(any IntervalSource)?>(nil)

  public static var source: (any IntervalSource)? {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }

  /// Keeps negatives that are drawn from now on away from the intervals of a file to test on; a file of sequences has none.
  ///
  /// - Throws: `InputError` if the file cannot be read.
  public static func avoid(_ path: String?) throws {
    guard let source, let path, path != "-" else { return }
    let reader = try LineReader(path: path)
    // The bytes are the reader's.
    if withExtendedLifetime(reader, { recognizes(reader.opening) }) { try source.avoid(path) }
  }

  /// What a user calls negatives that are drawn from the genome.
  public static let procedures = ["gc", "chrombpnet", "tangermeme", "gkmsvm"]

  /// Whether text begins as a file of intervals: a remark of genome browsers, or a line with a chromosome and two positions.
  static func recognizes(_ opening: UnsafeRawBufferPointer) -> Bool {
    for line in opening.split(separator: 10) {
      if line.first == UInt8(ascii: "#") || line.first == 13 { continue }
      if ["track ", "browser "].contains(where: { line.starts(with: $0.utf8) }) { return true }
      // Blanks set columns apart in lines without tabs.
      let cells =
        line.contains(9)
        ? line.split(separator: 9, maxSplits: 3, omittingEmptySubsequences: false)
        : line.split(separator: 32, maxSplits: 3)
      guard cells.count >= 3 else { return false }
      // A table's header may have columns 0, 1, …; a table without one begins with a sequence.
      let first = String(decoding: cells[0], as: UTF8.self).lowercased()
      let isSequence = first.utf8.count > 7 && first.utf8.allSatisfy { Nucleotide.code(ofASCII: $0) < 5 }
      if isSequence || ["", "name", "id", "eventid", "index"].contains(first) { return false }
      return cells[1...2].allSatisfy { cell in
        cell.allSatisfy { (48...57).contains($0) || $0 == 13 } && cell.first != 13
      }
    }
    return false
  }
}

/// Windows around the intervals of a file.
struct IntervalParser: RecordParser {
  let keepNames: Bool
  var hasLabels: Bool { false }
  var hasNames: Bool { keepNames }
  /// The titles of the targets asked for.
  let targets: [String]
  private let windows: SequenceSet
  /// (windows, all targets), and which of them are asked for.
  private var numbers: [Float] = []
  private var places: [Int] = []
  private var width = 0
  private var next = 0

  /// - Throws: `InputError` if no source is set, or as that throws.
  init(lines: LineReader, keepNames: Bool, targets: TargetColumns?) throws {
    let file = lines.file
    guard let source = GenomicInput.source else {
      throw InputError(
        file: file,
        "holds intervals, not sequences; --genome GENOME --window BASES cuts these out of a genome")
    }
    self.keepNames = keepNames
    windows = try source.windows(of: lines)
    guard let columns = targets else {
      self.targets = []
      return
    }
    let names = source.targetNames
    guard !names.isEmpty, columns.content == .numbers else {
      throw InputError(
        file: file, "holds intervals, which have no \(columns.description); --signal gives numbers to learn")
    }
    places = try columns.places(amongSignals: names) { InputError(file: file, $0) }
    self.targets = places.map { names[$0] }
    numbers = try source.targets(of: windows)
    width = names.count
  }

  mutating func nextPart(from lines: LineReader, upTo limit: Int, into codes: inout [UInt8]) throws
    -> (attributes: RecordAttributes, endsRecord: Bool)?
  {
    guard next < windows.count else { return nil }
    codes.append(contentsOf: windows[next])
    next += 1
    var attributes = RecordAttributes(name: keepNames ? windows.name(next - 1) : nil, line: next)
    attributes.numbers = places.map { numbers[(next - 1) * width + $0] }
    return (attributes, true)
  }
}
