import Runtime

/// The parameters of a network in DeepBind's own text format.
///
/// Format: the reader in DeepBind's distribution (Alipanahi, Delong, Weirauch & Frey 2015; tools.genes.toronto.edu/deepbind).
struct DeepBindFile {
  let scoresBothStrands: Bool
  /// Positions of a detector.
  let width: Int
  let detectorCount: Int
  let hasAverages: Bool
  let hiddenUnits: Int
  /// (positions, 4, detectors)
  let detectors: Weights
  let thresholds: [Float]
  /// (detectors or, with averages, twice as many, maximum and average alternating; hidden units or 1)
  let weights1: Weights
  let biases1: [Float]
  /// (hidden units)
  let weights2: [Float]
  let biases2: [Float]

  private static let keys: Set<Substring> = [
    "reverse_complement", "num_detectors", "detector_len", "has_avg_pooling", "num_hidden", "detectors",
    "thresholds",
    "weights1", "biases1", "weights2", "biases2",
  ]

  /// Whether a text begins as DeepBind's: with its name in a comment, or with one of its parameters.
  static func recognizes(_ start: some Collection<UInt8>) -> Bool {
    let text = String(decoding: start.prefix(64), as: UTF8.self)
    guard
      let first = text.drop(while: { $0.isWhitespace || $0 == "\u{FEFF}" }).split(whereSeparator: \.isNewline)
        .first
    else { return false }
    if first.hasPrefix("# deepbind") { return true }
    guard let sign = first.firstIndex(of: "=") else { return false }
    return keys.contains(first[..<sign].prefix { $0 != " " })
  }

  /// Throws `InputError` that names file and line.
  init(_ bytes: [UInt8], file: String) throws {
    var values: [String: (text: Substring, line: Int)] = [:]
    let text = String(decoding: bytes, as: UTF8.self).drop { $0 == "\u{FEFF}" }
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      guard !line.hasPrefix("#"), let sign = line.firstIndex(of: "=") else { continue }
      let key = line[..<sign].filter { $0 != " " }
      guard values[key] == nil else {
        throw InputError(file: file, line: index + 1, "\(key) for a second time")
      }
      values[key] = (Substring(line[line.index(after: sign)...]), index + 1)
    }
    func integer(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
      guard let (text, line) = values[key] else { throw InputError(file: file, "has no \(key)") }
      guard let number = Int(text.filter { $0 != " " }), range.contains(number) else {
        throw InputError(
          file: file, line: line, "\(key) is no number between \(range.lowerBound) and \(range.upperBound)")
      }
      return number
    }
    func floats(_ key: String, _ count: Int) throws -> [Float] {
      guard let (text, line) = values[key] else { throw InputError(file: file, "has no \(key)") }
      let parts = text.split(separator: ",", omittingEmptySubsequences: true).map { $0.filter { $0 != " " } }
        .filter { !$0.isEmpty }
      let numbers = parts.compactMap { Float($0) }
      guard numbers.count == parts.count, numbers.allSatisfy(\.isFinite) else {
        throw InputError(file: file, line: line, "\(key) holds what is no number")
      }
      guard numbers.count == count else {
        throw InputError(
          file: file, line: line, "\(key) has \(numbers.count) numbers, but should have \(count)")
      }
      return numbers
    }
    scoresBothStrands = try integer("reverse_complement", 0...1) == 1
    detectorCount = try integer("num_detectors", 1...4096)
    width = try integer("detector_len", 1...1024)
    hasAverages = try integer("has_avg_pooling", 0...1) == 1
    hiddenUnits = try integer("num_hidden", 0...4096)
    detectors = Weights(
      shape: [width, 4, detectorCount], values: try floats("detectors", width * 4 * detectorCount))
    thresholds = try floats("thresholds", detectorCount)
    let features = hasAverages ? 2 * detectorCount : detectorCount
    let columns = max(1, hiddenUnits)
    weights1 = Weights(shape: [features, columns], values: try floats("weights1", features * columns))
    biases1 = try floats("biases1", columns)
    weights2 = try floats("weights2", hiddenUnits)
    biases2 = try floats("biases2", hiddenUnits > 0 ? 1 : 0)
  }
}
