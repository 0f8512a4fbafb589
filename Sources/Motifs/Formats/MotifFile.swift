import Runtime
import Sequences

/// What a motif file holds: motifs, and what the file says about all of them.
public struct MotifFile: Equatable, Sendable {
  public var format: MotifFormat
  public var motifs: [Motif]
  /// The background that the file gives, if it does.
  public var background: Background?
  /// Whether the file says that sites were sought on both strands; true where it is silent.
  public var bothStrands: Bool
  /// What reading mended or passed over, a counted line for each kind: rows that did not sum to one, motifs without a
  /// matrix.
  public var warnings: [String]

  public init(
    format: MotifFormat = .meme, motifs: [Motif], background: Background? = nil, bothStrands: Bool = true,
    warnings: [String] = []
  ) {
    self.format = format
    self.motifs = motifs
    self.background = background
    self.bothStrands = bothStrands
    self.warnings = warnings
  }

  /// Reads a motif file of any supported format, told apart by its content, gzipped or not; `-` is standard input.
  ///
  /// Each of `warnings` goes to `InputWarning` as well.
  /// - Throws: `InputError` naming file, line and reason: unknown format, no motif, a malformed line; whatever the
  ///   handler of warnings throws.
  public static func read(path: String) throws -> MotifFile {
    let result = try parse(bytes(path: path), file: path)
    for warning in result.warnings { try InputWarning.emit(file: path, warning) }
    return result
  }

  /// Larger motif files are refused, so that a small gzip file cannot fill the memory.
  static let largestFile = 1 << 27
  /// Longer lines are refused, in bytes.
  static let longestLine = 1 << 20
  /// Wider motifs are refused, in positions.
  public static let widestMotif = 10_000

  /// The whole file, unpacked if gzipped; `-` is standard input. Each line ends in `\n`.
  static func bytes(path: String) throws -> [UInt8] {
    let reader = try LineReader(path: path)
    var bytes: [UInt8] = []
    var lineStart = 0
    while let piece = try reader.piece() {
      bytes.append(contentsOf: piece.bytes)
      if bytes.count - lineStart > longestLine {
        throw InputError(file: path, line: reader.line, "a line of more than 1 MB is no line of a motif file")
      }
      if piece.endsLine {
        bytes.append(UInt8(ascii: "\n"))
        lineStart = bytes.count
      }
      if bytes.count > largestFile {
        throw InputError(file: path, line: reader.line, "a motif file of more than 128 MB is not read")
      }
    }
    return bytes
  }

  /// Reads motifs from bytes; `file` is the name that errors give.
  public static func parse(_ bytes: [UInt8], file: String? = nil) throws -> MotifFile {
    try parse(bytes, file: file, mayBeEmpty: false)
  }

  static func parse(_ bytes: [UInt8], file: String?, mayBeEmpty: Bool) throws -> MotifFile {
    // Old programs end lines with `\r` alone.
    let returns = UInt8(ascii: "\r"), newline = UInt8(ascii: "\n")
    let bytes =
      bytes.contains(newline) || !bytes.contains(returns)
      ? bytes : bytes.map { $0 == returns ? newline : $0 }
    let result = try OfficeSigns.withPlainBlanks(bytes).withUnsafeBufferPointer { bytes in
      try OfficeSigns.refuseCommas(bytes, file: file)
      return try MotifFormat.read(bytes, file: file)
    }
    if result.motifs.isEmpty, !(mayBeEmpty && !result.warnings.isEmpty) {
      throw InputError(file: file, (["holds no motif"] + result.warnings).joined(separator: ": "))
    }
    return result
  }

  /// As `read(path:)`; the word `foxo1` gives the built-in motif.
  public static func named(_ path: String) throws -> MotifFile {
    path == "foxo1" ? MotifFile(motifs: [.foxo1]) : try read(path: path)
  }

  /// The file in its format.
  public var text: String { format.text(self) }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `InputError` naming the path if it cannot be written.
  public func write(to path: String) throws { try AtomicFile.write(text, to: path) }
}

extension Motif {
  /// The motifs of a file of any supported format, told apart by its content; the word `foxo1` gives the
  /// built-in motif.
  ///
  /// - Throws: `InputError` naming file, line and reason.
  public static func read(path: String) throws -> [Motif] {
    try MotifFile.named(path).motifs
  }
}
