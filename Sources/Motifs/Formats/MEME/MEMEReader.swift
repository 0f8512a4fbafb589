import Foundation
import Runtime
import Sequences

/// MEME motif text: the minimal format, and the text output of MEME 4 and 5 and of its sister tools.
///
/// Read from the published description of the format (meme-suite.org, "MEME Motif Format"). DNA and RNA are read, U as
/// T; lines that say nothing about motifs are passed over, as in full output.
struct MEMEReader {
  private let file: String?
  private var lines: TextLines
  private var collector: MotifCollector
  private var background: Background?
  private var bothStrands = true
  /// Whether the motif that was read last had a matrix.
  private var lastIsKept = false
  private var pending: (identifier: String, name: String?, line: Int)?

  static func recognizes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    TextLines(bytes).prefix(100).contains { $0.starts(with: "MEME version") }
  }

  /// The first line that only MEME's format has, in a file that lacks the line `MEME version`.
  static func firstLineWithoutVersion(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    TextLines(bytes).prefix(100).first {
      $0.startsWithWord("MOTIF") || $0.starts(with: "letter-probability matrix")
        || $0.starts(with: "ALPHABET=")
    }?.number
  }

  static func read(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws -> MotifFile {
    var reader = MEMEReader(file: file, lines: TextLines(bytes))
    try reader.readVersion()
    while let line = reader.lines.next() { try reader.read(line) }
    reader.skipPending()
    return reader.collector.result(.meme, background: reader.background, bothStrands: reader.bothStrands)
  }

  private init(file: String?, lines: TextLines) {
    self.file = file
    self.lines = lines
    collector = MotifCollector(file: file)
  }

  private func error(_ line: Int, _ reason: String) -> InputError {
    InputError(file: file, line: line, reason)
  }

  private mutating func readVersion() throws {
    while let line = lines.next() {
      guard let end = line.end(of: "MEME version") else { continue }
      let version = line.text(from: end)
      guard let major = Int(version.prefix { $0.isASCII && $0.isNumber }) else {
        throw error(line.number, "'MEME version' is followed by no number")
      }
      guard major >= 3 else { throw error(line.number, "MEME version \(major) is older than 3") }
      return
    }
    throw InputError(file: file, "has no line 'MEME version 4'")
  }

  private mutating func read(_ line: TextLine) throws {
    guard let first = line.bytes.first, !isSpace(first) else { return }
    if line.startsWithWord("MOTIF") {
      try startMotif(line)
    } else if line.starts(with: "letter-probability matrix") {
      try readMatrix(line)
    } else if line.startsWithWord("URL") {
      if pending == nil, lastIsKept { collector.changeLast { $0.url = line.text(from: 3) } }
    } else if line.starts(with: "ALPHABET") {
      try readAlphabet(line)
    } else if line.starts(with: "Background letter frequencies") {
      try readBackground(line)
    } else if line.starts(with: "strands:") {
      bothStrands = line.bytes.contains(UInt8(ascii: "-"))
    }
  }

  // MARK: Alphabet and background

  private mutating func readAlphabet(_ line: TextLine) throws {
    if let end = line.end(of: "ALPHABET=") ?? line.end(of: "ALPHABET =") {
      let letters = line.text(from: end).uppercased()
      if letters == "ACGT" || letters == "ACGU" { return }
      if letters == "ACDEFGHIKLMNPQRSTVWY" {
        throw error(line.number, "the alphabet is protein; only DNA and RNA motifs are read")
      }
      throw error(line.number, "the alphabet is '\(letters)'; only DNA (ACGT) and RNA (ACGU) are read")
    }
    // A definition in full; some tools write DNA itself this way.
    var core = Set<UInt8>()
    while let entry = lines.next() {
      if entry.starts(with: "END ALPHABET") {
        if core == Set("ACGT".utf8) || core == Set("ACGU".utf8) { return }
        throw error(line.number, "a custom alphabet is defined; only DNA (ACGT) and RNA (ACGU) are read")
      }
      let words = Array(entry.fields)
      guard let symbol = words.first?.first, symbol != UInt8(ascii: "#") else { continue }
      if words.contains(where: { $0.count == 1 && $0[0] == UInt8(ascii: "=") }) { continue }
      core.insert(symbol)
      if let tilde = words.firstIndex(where: { $0.count == 1 && $0[0] == UInt8(ascii: "~") }),
        tilde + 1 < words.count, let partner = words[tilde + 1].first
      {
        core.insert(partner)
      }
    }
    throw error(line.number, "the alphabet definition has no END ALPHABET")
  }

  private mutating func readBackground(_ header: TextLine) throws {
    var frequencies = [Double?](repeating: nil, count: 4)
    while frequencies.contains(where: { $0 == nil }) {
      guard let line = lines.next(), !line.isBlank else {
        throw error(header.number, "no frequency of each of A C G T follows")
      }
      let words = Array(line.fields)
      for index in stride(from: 0, to: words.count, by: 2) {
        let letter = words[index].count == 1 ? Nucleotide.code(ofASCII: words[index][0]) : Nucleotide.invalid
        guard letter < 4 else {
          throw error(line.number, "'\(words[index].string)' stands where one of A C G T is expected")
        }
        guard index + 1 < words.count, let value = NumberParsing.double(words[index + 1]),
          value >= 0, value <= 1
        else { throw error(line.number, "no frequency follows '\(words[index].string)'") }
        frequencies[Int(letter)] = value
      }
    }
    let values = frequencies.compactMap { $0 }
    guard values.allSatisfy({ $0 > 0 }) else { throw error(lines.line, "a background frequency is zero") }
    background = try collector.background(values, line: lines.line)
  }

  // MARK: Motifs

  private mutating func startMotif(_ line: TextLine) throws {
    skipPending()
    let words = line.fields.dropFirst().map(\.string)
    guard let identifier = words.first else { throw error(line.number, "MOTIF has no name") }
    var name = words.dropFirst()
    // Full output says `MOTIF 1 width = 15 …` or `MOTIF ACGT MEME-1 width = 15 …`.
    if let width = name.indices.first(where: {
      name[$0] == "width" && $0 + 1 < name.endIndex && name[$0 + 1].hasPrefix("=")
    }) {
      name = name[..<width]
    }
    pending = (identifier, name.isEmpty ? nil : name.joined(separator: " "), line.number)
  }

  private mutating func skipPending() {
    guard let motif = pending else { return }
    collector.skip(motif.identifier)
    pending = nil
  }

  private struct Header {
    var width: Int?
    var sites: Double?
    var eValue: Double?
  }

  private mutating func readMatrix(_ line: TextLine) throws {
    guard let motif = pending else {
      throw error(line.number, "a letter-probability matrix without a MOTIF line before it")
    }
    let header = try readHeader(line)
    var values: [Double] = []
    var numbers: [Int] = []
    while let next = lines.peek() {
      if !next.line.isBlank, !next.line.isComment {
        guard try appendRow(next.line, to: &values, header) else { break }
        numbers.append(next.line.number)
        try collector.checkWidth(numbers.count, line: next.line.number)
      }
      lines.move(to: next.end)
    }
    if let width = header.width, width != numbers.count {
      throw error(
        numbers.last ?? line.number,
        "MOTIF \(motif.identifier) has \(numbers.count) rows where 'w= \(width)' promises \(width)")
    }
    let before = collector.motifs.count
    try collector.add(
      motif.identifier, name: motif.name, values: values, as: .probabilities,
      line: { $0 < numbers.count ? numbers[$0] : line.number }
    ) { motif in
      motif.sites = header.sites
      motif.eValue = header.eValue
    }
    lastIsKept = collector.motifs.count > before
    pending = nil
  }

  private func readHeader(_ line: TextLine) throws -> Header {
    var header = Header()
    for (key, value) in line.assignments {
      let isKnown = [("alength" as StaticString), "w", "nsites", "E"].contains { key.equals($0) }
      guard isKnown else { continue }
      guard let value else { throw error(line.number, "no value follows '\(key.string)='") }
      if key.equals("alength") {
        guard value.equals("4") else { throw error(line.number, "alength is \(value.string); DNA needs 4") }
      } else if key.equals("w") {
        guard let width = NumberParsing.integer(value) else {
          throw error(line.number, "w is '\(value.string)', no width")
        }
        header.width = width
      } else if key.equals("nsites") {
        guard let sites = NumberParsing.double(value), sites >= 0 else {
          throw error(line.number, "nsites is '\(value.string)', no number of sites")
        }
        header.sites = sites
      } else {
        guard let eValue = NumberParsing.double(value) ?? Double(value.string) else {
          throw error(line.number, "E is '\(value.string)', no number")
        }
        header.eValue = eValue.isNaN ? nil : eValue
      }
    }
    return header
  }

  /// Appends four numbers; false if the line is not a row of the matrix but what follows it.
  private func appendRow(_ line: TextLine, to values: inout [Double], _ header: Header) throws -> Bool {
    let start = values.count
    for field in line.fields {
      guard let value = NumberParsing.double(field) else {
        if values.count > start { throw error(line.number, "'\(field.string)' is no probability") }
        // Before the promised width, and without one, only what cannot be a row ends the matrix.
        if header.width.map({ start / 4 < $0 }) ?? true, !line.startsWithWord("MOTIF"),
          !line.startsWithWord("URL"),
          line.fields.reduce(0, { count, _ in count + 1 }) == 4
        {
          throw error(line.number, "'\(field.string)' is no probability")
        }
        return false
      }
      values.append(value)
    }
    let count = values.count - start
    if header.width == start / 4 { throw error(line.number, "more rows follow than 'w=' promises") }
    guard count == 4 else {
      throw error(line.number, "\(count) numbers where 4 probabilities (A C G T) are expected")
    }
    return true
  }
}
