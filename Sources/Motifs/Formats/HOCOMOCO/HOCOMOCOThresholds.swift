import Runtime
import Sequences

extension MotifFile {
  /// Gives each motif the score thresholds that a HOCOMOCO threshold table publishes for it.
  ///
  /// The table has a line `P-values` with p-values between tabs, and a line for each motif: its name and the
  /// score that each p-value allows. Motifs that are not in it keep what they have.
  ///
  /// - Throws: `InputError` naming file, line and reason.
  public mutating func addThresholds(path: String) throws {
    try addThresholds(Self.bytes(path: path), file: path)
  }

  /// As `addThresholds(path:)`, from bytes.
  public mutating func addThresholds(_ bytes: [UInt8], file: String? = nil) throws {
    let table = try bytes.withUnsafeBufferPointer { try Self.thresholds($0, file: file) }
    for index in motifs.indices {
      if let thresholds = table[motifs[index].identifier] { motifs[index].thresholds = thresholds }
    }
  }

  private static func thresholds(
    _ bytes: UnsafeBufferPointer<UInt8>, file: String?
  ) throws -> [String: [ScoreThreshold]] {
    var pValues: [Double] = []
    var table: [String: [ScoreThreshold]] = [:]
    for line in TextLines(bytes) where !line.isBlank {
      let words = line.fields.map { $0 }
      let numbers = words.dropFirst().map { NumberParsing.double($0) }
      guard numbers.allSatisfy({ $0 != nil }), !numbers.isEmpty else {
        throw InputError(file: file, line: line.number, "a name and numbers are expected")
      }
      let values = numbers.compactMap { $0 }
      if pValues.isEmpty {
        guard values.allSatisfy({ $0 > 0 && $0 <= 1 }) else {
          throw InputError(file: file, line: line.number, "the first line holds the p-values of the columns")
        }
        pValues = values
      } else if values.count != pValues.count {
        throw InputError(
          file: file, line: line.number,
          "\(values.count) thresholds where there are \(pValues.count) p-values")
      } else {
        table[words[0].string] = zip(pValues, values).map { ScoreThreshold(score: $1, pValue: $0) }
      }
    }
    if table.isEmpty { throw InputError(file: file, "holds no thresholds") }
    return table
  }
}
