import Runtime

/// One sequence as a file gives it.
public struct SequenceRecord: Equatable, Sendable {
  /// A C G T = 0…3, unknown = 4.
  public var codes: [UInt8]
  /// 1 = positive, 0 = negative, where the file says so.
  public var label: UInt8?
  /// The first word of a FASTA header, or the cell of a name column.
  public var name: String?

  public init(codes: [UInt8], label: UInt8? = nil, name: String? = nil) {
    self.codes = codes
    self.label = label
    self.name = name
  }
}

/// What becomes of a table's column of labels.
public enum LabelReading: Sendable {
  /// Labels are yes or no; anything else is an error.
  case yesOrNo
  /// Labels are kept where all are yes or no; a table of classes or numbers is read as one without labels, with a warning.
  case whereYesOrNo
  /// Nobody asks for labels.
  case ignored
}

/// Reads sequences one by one from a file or standard input (`-`), gzipped or not.
///
/// The format is told by content: FASTA, a CSV or TSV with a column `seq` or `sequence`, or a CSV or TSV with
/// the columns `0`, `1`, … that hold base codes 0–3. Tables may have a column `label` or `Bound` (0 or 1) and
/// one of `name`, `id`, `EventID`. Intervals are read where `GenomicInput` has a source for them. Memory is bounded by the longest record.
public final class SequenceReader {
  /// The most bases of a record that is kept whole: twice the longest human chromosome and some.
  static let longestRecord = 1 << 29

  /// The file as the user named it.
  public var file: String { lines.file }
  /// Whether every record has a label.
  public var hasLabels: Bool { parser.hasLabels }
  /// Whether records are windows around intervals.
  var hasIntervals: Bool { parser is IntervalParser }
  /// Whether every record has a name.
  public var hasNames: Bool { parser.hasNames }
  /// 1-based line where the last record starts.
  public private(set) var line = 0

  private let lines: LineReader
  private var parser: any RecordParser
  private var count = 0
  private let middle = SequenceReader.middle

  /// - Throws: `InputError` if the file cannot be read, is empty, or is in none of the formats.
  public convenience init(path: String, keepNames: Bool = true, labels: LabelReading = .yesOrNo) throws {
    try self.init(path: path, keepNames: keepNames, labels: labels, targets: nil)
  }

  /// - Parameter targets: the columns to read in place of the label column.
  init(path: String, keepNames: Bool, labels: LabelReading = .yesOrNo, targets: TargetColumns?) throws {
    lines = try LineReader(path: path)
    parser = try recordParser(for: lines, keepNames: keepNames, labels: labels, targets: targets)
    if middle != nil, hasIntervals {
      throw InputError(
        file: path, "holds intervals: --window says how long their windows are, --length is for sequences")
    }
  }

  /// The titles of a table's columns; none for other formats.
  public var titles: [String] { (parser as? TableParser)?.titles ?? [] }

  /// The titles of a table's columns that are passed over and may be meant as labels; none for other formats.
  var ignoredTitles: [String] { (parser as? TableParser)?.ignoredTitles ?? [] }

  /// The titles of the target columns.
  var targets: [String] { parser.targets }

  /// The next record, `nil` after the last.
  ///
  /// - Throws: `InputError` naming the line and what is wrong there.
  public func next() throws -> SequenceRecord? {
    var codes: [UInt8] = []
    guard let attributes = try next(into: &codes) else { return nil }
    return SequenceRecord(codes: codes, label: attributes.label, name: attributes.name)
  }

  /// Appends the next bases to `codes`, at most about `limit` of them where the format is FASTA (a whole record
  /// otherwise): so a chromosome passes through without being kept. `nil` at the end of the input.
  ///
  /// - Throws: `InputError` naming the line and what is wrong there.
  public func nextPart(upTo limit: Int, into codes: inout [UInt8]) throws -> SequencePart? {
    guard let (attributes, endsRecord) = try part(upTo: limit, into: &codes) else { return nil }
    return SequencePart(name: attributes.name, label: attributes.label, endsRecord: endsRecord)
  }

  /// Appends the bases of the next record to `codes` and returns what else is known of it.
  func next(into codes: inout [UInt8]) throws -> RecordAttributes? {
    try part(upTo: .max, into: &codes)?.attributes
  }

  private func part(upTo limit: Int, into codes: inout [UInt8]) throws
    -> (attributes: RecordAttributes, endsRecord: Bool)?
  {
    let base = codes.count
    // Which part is the middle is known at the end of a record.
    guard var part = try parser.nextPart(from: lines, upTo: middle == nil ? limit : .max, into: &codes) else {
      if count == 0 { throw InputError(file: file, "holds no sequence") }
      return nil
    }
    if let middle { try cut(&codes, from: base, to: middle, &part.attributes) }
    if part.endsRecord { count += 1 }
    line = part.attributes.line
    return part
  }
}

/// What is known of a record some of whose bases were read.
public struct SequencePart: Equatable, Sendable {
  public let name: String?
  public let label: UInt8?
  /// Whether these were the last bases of the record.
  public let endsRecord: Bool

  public init(name: String?, label: UInt8?, endsRecord: Bool) {
    self.name = name
    self.label = label
    self.endsRecord = endsRecord
  }
}

/// What a record holds besides its bases.
struct RecordAttributes {
  var label: UInt8?
  /// What stands in place of a yes or no, for `LabelReading.whereYesOrNo`.
  var otherLabel: String?
  var name: String?
  /// 1-based line where the record starts.
  var line: Int
  /// The cells of the target columns, as numbers or as text.
  var numbers: [Float] = []
  var words: [String] = []
}

/// One format of sequence records.
protocol RecordParser {
  var hasLabels: Bool { get }
  var hasNames: Bool { get }
  /// The titles of the target columns.
  var targets: [String] { get }
  /// Appends a record's next codes to `codes`, all of them or about `limit`; `nil` at the end of the input.
  mutating func nextPart(from lines: LineReader, upTo limit: Int, into codes: inout [UInt8]) throws
    -> (attributes: RecordAttributes, endsRecord: Bool)?
}
