import Foundation
import Runtime
import Sequences

/// MEME motif text: the minimal format, and the text output of MEME 4 and 5 and of its sister tools.
///
/// Read from the published description of the format (meme-suite.org, "MEME Motif Format"). Only the DNA
/// alphabet is accepted; lines that say nothing about motifs are passed over, as in full output.
struct MEMEReader {
  /// How far a row of probabilities may be from one. Files carry two to six digits; the tools that read them
  /// allow about as much.
  static let tolerance = 0.01

  private let file: String?
  private var lines: TextLines
  private var result = MotifFile(format: .meme, motifs: [])
  private var pending: (identifier: String, name: String?, line: Int)?

  static func recognises(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    TextLines(bytes).prefix(100).contains { $0.starts(with: "MEME version") }
  }

  static func read(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) throws -> MotifFile {
    var reader = MEMEReader(file: file, lines: TextLines(bytes))
    try reader.readVersion()
    while let line = reader.lines.next() { try reader.read(line) }
    try reader.finishMotif()
    return reader.result
  }

  private init(file: String?, lines: TextLines) {
    self.file = file
    self.lines = lines
  }

  private func error(_ line: Int, _ reason: String) -> InputError {
    InputError(file: file, line: line, reason)
  }

  private mutating func readVersion() throws {
    while let line = lines.next() {
      guard line.starts(with: "MEME version") else { continue }
      let version = line.text(from: 12)
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
      if pending == nil, !result.motifs.isEmpty {
        result.motifs[result.motifs.count - 1].url = line.text(from: 3)
      }
    } else if line.starts(with: "ALPHABET") {
      try readAlphabet(line)
    } else if line.starts(with: "Background letter frequencies") {
      try readBackground(line)
    } else if line.starts(with: "strands:") {
      result.bothStrands = line.bytes.contains(UInt8(ascii: "-"))
    }
  }

  // MARK: Alphabet and background

  private mutating func readAlphabet(_ line: TextLine) throws {
    if line.starts(with: "ALPHABET=") {
      let letters = line.text(from: 9).uppercased()
      if letters == "ACGT" { return }
      if letters == "ACGU" {
        throw error(line.number, "the alphabet is RNA (ACGU); only DNA motifs are read")
      }
      if letters == "ACDEFGHIKLMNPQRSTVWY" {
        throw error(line.number, "the alphabet is protein; only DNA motifs are read")
      }
      throw error(line.number, "the alphabet is '\(letters)'; only DNA (ACGT) is read")
    }
    // A definition in full; some tools write DNA itself this way.
    var core = Set<UInt8>()
    while let entry = lines.next() {
      if entry.starts(with: "END ALPHABET") {
        if core == Set("ACGT".utf8) { return }
        throw error(line.number, "a custom alphabet is defined; only DNA (ACGT) is read")
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
    let sum = values.reduce(0, +)
    guard abs(sum - 1) <= Self.tolerance else {
      throw error(lines.line, "background frequencies sum to \(sum), not to 1 (within \(Self.tolerance))")
    }
    result.background = Background(values)
  }

  // MARK: Motifs

  private mutating func startMotif(_ line: TextLine) throws {
    try finishMotif()
    var words = line.fields.dropFirst().makeIterator()
    guard let identifier = words.next() else { throw error(line.number, "MOTIF has no name") }
    var name = words.next()?.string
    // Full output says `MOTIF 1 width = 15 …` or `MOTIF ACGT MEME-1 width = 15 …`.
    if name == "width", words.next()?.first == UInt8(ascii: "=") { name = nil }
    pending = (identifier.string, name, line.number)
  }

  private mutating func finishMotif() throws {
    guard let motif = pending else { return }
    throw error(motif.line, "MOTIF \(motif.identifier) has no letter-probability matrix")
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
    values.reserveCapacity(4 * min(header.width ?? 0, 64))
    while let next = lines.peek() {
      if next.line.isBlank, values.isEmpty {
        lines.move(to: next.end)
        continue
      }
      guard try appendRow(next.line, to: &values, widthReached: header.width == values.count / 4) else {
        break
      }
      lines.move(to: next.end)
    }
    if let width = header.width, width != values.count / 4 {
      throw error(
        lines.line,
        "MOTIF \(motif.identifier) has \(values.count / 4) rows where 'w= \(width)' promises \(width)")
    }
    if values.isEmpty { throw error(line.number, "MOTIF \(motif.identifier) has no rows") }
    result.motifs.append(
      Motif(
        identifier: motif.identifier, name: motif.name, frequencies: FrequencyMatrix(unchecked: values),
        sites: header.sites, eValue: header.eValue))
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
        guard let width = NumberParsing.integer(value), width > 0 else {
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

  /// Appends four probabilities; false if the line is not a row of numbers.
  private func appendRow(_ line: TextLine, to values: inout [Double], widthReached: Bool) throws -> Bool {
    let start = values.count
    for field in line.fields {
      guard let value = NumberParsing.double(field) else {
        if values.count == start { return false }
        throw error(line.number, "'\(field.string)' is no probability")
      }
      values.append(value)
    }
    let count = values.count - start
    if count == 0 { return false }
    if widthReached { throw error(line.number, "more rows follow than 'w=' promises") }
    guard count == 4 else {
      throw error(line.number, "\(count) numbers where 4 probabilities (A C G T) are expected")
    }
    var sum = 0.0
    for index in start..<start + 4 {
      guard values[index] >= 0, values[index] <= 1 + Self.tolerance else {
        throw error(line.number, "\(values[index]) is no probability")
      }
      sum += values[index]
    }
    guard abs(sum - 1) <= Self.tolerance else {
      throw error(
        line.number,
        "probabilities sum to \(String(format: "%.6g", sum)), not to 1 (within \(Self.tolerance))")
    }
    return true
  }
}
