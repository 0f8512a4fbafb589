import Runtime
import Sequences

/// The XML outputs of MEME, DREME and STREME: the matrices of their text outputs.
///
/// MEME has `<motif name alt sites e_value>` with `<probabilities>` of arrays of `<value letter_id>`; DREME and STREME
/// have `<motif id seq alt nsites evalue>` with a `<pos A C G T>` for each position.
struct MEMEXMLReader {
  private var tokens: XMLTokens
  private let file: String?
  private var collector: MotifCollector
  private var background: Background?
  private var bothStrands = true

  /// The base of each letter's identifier.
  private var letters: [String: Int] = [
    "A": 0, "C": 1, "G": 2, "T": 3, "U": 3, "letter_A": 0, "letter_C": 1, "letter_G": 2, "letter_T": 3,
    "letter_U": 3,
  ]
  private var motif: (attributes: [String: String], line: Int)?
  private var rows: [Double] = []
  private var lines: [Int] = []
  /// The four numbers that are being read, and the base of the value that is.
  private var row: [Double?] = []
  private var base: Int?
  /// Names of the elements that are open and matter.
  private var isInProbabilities = false
  private var isInBackground = false
  private var isInStrands = false

  private static let roots: Set<String> = ["MEME", "dreme", "DREME", "STREME", "streme"]

  /// - Parameter line: Where the XML starts.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, file: String?, line: Int) throws -> MotifFile {
    var reader = MEMEXMLReader(bytes, file: file)
    guard let root = try reader.root(), roots.contains(root) else {
      throw InputError(
        file: file, line: line,
        "is XML or HTML; of the MEME suite's outputs text and the XML of MEME, DREME and STREME are read")
    }
    while let token = try reader.tokens.next() { try reader.read(token) }
    if reader.motif != nil { throw reader.tokens.error("the XML is cut short") }
    return reader.collector.result(.meme, background: reader.background, bothStrands: reader.bothStrands)
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) {
    tokens = XMLTokens(bytes, file: file)
    self.file = file
    collector = MotifCollector(file: file)
  }

  private mutating func root() throws -> String? {
    while let token = try tokens.next() {
      if case .start(let name, _) = token { return name }
    }
    return nil
  }

  private mutating func read(_ token: XMLTokens.Token) throws {
    switch token {
    case .start(let name, let attributes): try start(name, attributes)
    case .text(let text):
      if let base { row[base] = try number(text) }
      if isInStrands { bothStrands = text.contains("both") }
    case .end(let name): try end(name)
    }
  }

  private mutating func start(_ name: String, _ attributes: [String: String]) throws {
    switch name {
    case "alphabet":
      let kind = attributes["like"] ?? attributes["name"] ?? attributes["id"] ?? "DNA"
      guard ["dna", "rna", "nucleotide"].contains(kind.lowercased()) else {
        throw tokens.error("the alphabet is \(kind); only DNA and RNA motifs are read")
      }
    case "letter":
      guard let id = attributes["id"], let symbol = attributes["symbol"]?.utf8.first else { break }
      let code = Nucleotide.code(ofASCII: symbol)
      if code < 4 {
        letters[id] = Int(code)
      } else if attributes["equals"] == nil, attributes["complement"] != nil {
        throw tokens.error("a custom alphabet is defined; only DNA and RNA motifs are read")
      }
    case "strands": isInStrands = true
    case "background", "background_frequencies":
      isInBackground = true
      if let values = try bases(attributes) {
        background = try collector.background(values, line: tokens.line)
      }
    case "motif":
      if motif != nil { throw tokens.error("a motif within a motif") }
      motif = (attributes, tokens.line)
      (rows, lines) = ([], [])
    case "probabilities": isInProbabilities = motif != nil
    case "alphabet_array": if isInProbabilities || isInBackground { row = [nil, nil, nil, nil] }
    case "value":
      guard !row.isEmpty, let id = attributes["letter_id"] else { break }
      guard let found = letters[id] else { throw tokens.error("the letter '\(id)' is no base") }
      base = found
    case "pos":
      guard motif != nil else { break }
      guard let values = try bases(attributes) else { throw tokens.error("a position without A, C, G and T") }
      try append(values)
    default: break
    }
  }

  private mutating func end(_ name: String) throws {
    switch name {
    case "value": base = nil
    case "strands": isInStrands = false
    case "alphabet_array":
      guard !row.isEmpty else { break }
      let values = row.compactMap { $0 }
      (row, base) = ([], nil)
      guard values.count == 4 else { throw tokens.error("not a number for each of A, C, G and T") }
      if isInProbabilities {
        try append(values)
      } else {
        background = try collector.background(values, line: tokens.line)
      }
    case "background", "background_frequencies": isInBackground = false
    case "probabilities": isInProbabilities = false
    case "motif": try finishMotif()
    default: break
    }
  }

  private mutating func append(_ values: [Double]) throws {
    rows += values
    lines.append(tokens.line)
    try collector.checkWidth(lines.count, line: tokens.line)
  }

  private mutating func finishMotif() throws {
    guard let (attributes, line) = motif else { return }
    motif = nil
    let positions = lines
    let sites = attributes["sites"] ?? attributes["nsites"] ?? attributes["total_sites"]
    let eValue = attributes["e_value"] ?? attributes["evalue"] ?? attributes["test_evalue"]
    try collector.add(
      attributes["name"] ?? attributes["seq"] ?? attributes["id"] ?? "", name: attributes["alt"],
      values: rows,
      as: .probabilities, line: { $0 < positions.count ? positions[$0] : line }
    ) { motif in
      motif.sites = sites.flatMap { Double($0) }.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
      motif.eValue = eValue.flatMap { Double($0) }.flatMap { $0.isNaN ? nil : $0 }
      if let url = attributes["url"], !url.isEmpty { motif.url = url }
    }
  }

  /// The attributes A, C, G and T (or U), if they are there.
  private func bases(_ attributes: [String: String]) throws -> [Double]? {
    let texts = ["A", "C", "G"].map { attributes[$0] } + [attributes["T"] ?? attributes["U"]]
    let found = texts.compactMap { $0 }
    return found.count == 4 ? try found.map { try number($0[...]) } : nil
  }

  private func number(_ text: Substring) throws -> Double {
    let word = text.filter { !$0.isWhitespace }
    guard let value = Array(word.utf8).withUnsafeBufferPointer({ NumberParsing.double($0) }) else {
      throw tokens.error("'\(text.prefix(20))' is no number")
    }
    return value
  }
}
