import Runtime
import Sequences

/// The motif file formats that are read and written.
public enum MotifFormat: String, CaseIterable, Sendable {
  case meme
  /// Four rows with letters and brackets below each `>` line.
  case jaspar
  /// Four bare rows below each `>` line.
  case jasparRaw = "jaspar-raw"
  case transfac
  case homer
  /// Position counts, a row for each position below each `>` line.
  case hocomocoPCM = "hocomoco-pcm"
  /// Natural-log odds, a row for each position below each `>` line.
  case hocomocoPWM = "hocomoco-pwm"
  case uniprobe
  /// The consensus letter and four numbers for each position below each `>` line.
  case encode
  /// Lines of keys and values, then a table `Pos A C G T`.
  case cisbp = "cis-bp"
  /// Numbers alone.
  case plain

  /// Reads a file of the format that its content shows.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws -> MotifFile {
    if MEMEReader.recognizes(bytes) { return try MEMEReader.read(bytes, file: file) }
    guard let first = TextLines(bytes).first(where: { !$0.isBlank && !$0.isComment }) else {
      throw InputError(file: file, "is empty; a motif file is expected")
    }
    if first.starts(with: "<") { return try MEMEXMLReader.read(bytes, file: file, line: first.number) }
    if let line = MEMEReader.firstLineWithoutVersion(bytes) {
      throw InputError(
        file: file, line: line, "looks like a MEME motif file, but no line 'MEME version 4' comes before")
    }
    if TRANSFACFormat.recognizes(first) { return try TRANSFACFormat.read(bytes, file: file) }
    if CISBPFormat.recognizes(bytes) { return try CISBPFormat.read(bytes, file: file) }
    // What begins with '<' or '>' was told apart above, or its rows tell.
    if let kind = FileKind.name(of: bytes) {
      throw InputError(file: file, line: first.number, "looks like \(kind); a motif file is expected")
    }
    let blocks = try MatrixBlock.blocks(bytes, file: file)
    if first.starts(with: ">") { return try readHeaded(blocks, file: file) }
    guard blocks.contains(where: { !$0.rows.isEmpty || $0.columns != nil }) else {
      throw InputError(file: file, line: first.number, "no motif format is recognized")
    }
    return blocks.contains { $0.isLabelled && !$0.rows.isEmpty }
      ? try UniPROBEFormat.read(blocks, file: file) : try PlainFormat.read(blocks, file: file)
  }

  /// JASPAR, HOMER, HOCOMOCO and ENCODE's file all start with `>`: their rows and headers tell them apart.
  private static func readHeaded(_ blocks: [MatrixBlock], file: String?) throws -> MotifFile {
    if let stray = blocks.first(where: { $0.header?.hasPrefix(">") != true }) {
      throw InputError(
        file: file, line: stray.line,
        stray.header.map { "'\($0.prefix(40))' is no row of numbers" } ?? "rows without a '>' line above them"
      )
    }
    if blocks.contains(where: HOMERFormat.recognizes) { return try HOMERFormat.read(blocks, file: file) }
    if MatrixBlock.lettersAreConsensus(blocks) { return try ENCODEFormat.read(blocks, file: file) }
    let labelled = blocks.contains { $0.isLabelled && !$0.rows.isEmpty }
    return labelled || !MatrixBlock.rowsArePositions(blocks)
      ? try JASPARFormat.read(blocks, file: file) : try HOCOMOCOFormat.read(blocks, file: file)
  }

  func text(_ file: MotifFile) -> String {
    switch self {
    case .meme: MEMEWriter.text(file)
    case .jaspar: JASPARFormat.text(file, labelled: true)
    case .jasparRaw: JASPARFormat.text(file, labelled: false)
    case .transfac: TRANSFACFormat.text(file)
    case .homer: HOMERFormat.text(file)
    case .hocomocoPCM: HOCOMOCOFormat.countsText(file)
    case .hocomocoPWM: HOCOMOCOFormat.weightsText(file)
    case .uniprobe: UniPROBEFormat.text(file)
    case .encode: ENCODEFormat.text(file)
    case .cisbp: CISBPFormat.text(file)
    case .plain: PlainFormat.text(file)
    }
  }
}
