import Foundation
import Runtime

/// Takes motifs as a reader finds them, cleans names and matrices, and counts what it mended or passed over.
struct MotifCollector {
  let file: String?
  private(set) var motifs: [Motif] = []
  /// Identifiers of motifs without a matrix, and of those with rows far from one.
  private var empty: [String] = []
  private var uneven: [String] = []
  private var notes: [String] = []

  init(file: String?) { self.file = file }

  /// Motifs so far, with or without a matrix.
  var count: Int { motifs.count + empty.count }

  /// The file's name without folder and extension: what to call a matrix that has no name.
  var stem: String {
    file.map { (($0 as NSString).lastPathComponent as NSString).deletingPathExtension } ?? "matrix"
  }

  /// Adds a motif from numbers that are counts or frequencies, position by position.
  ///
  /// - Parameters:
  ///   - values: (width, 4); without positions or all zero, the motif is passed over.
  ///   - line: The file's line that a position stands on.
  ///   - finish: Sets what else is known of the motif.
  /// - Throws: `InputError` as `MatrixValues` does, or for a motif wider than `MotifFile.widestMotif`.
  mutating func add(
    _ identifier: String, name: String? = nil, values: [Double], as kind: MatrixValues.Kind = .any,
    line: (_ position: Int) -> Int, finish: (inout Motif) -> Void = { _ in }
  ) throws {
    try checkWidth(values.count / 4, line: line(0))
    guard let matrix = try MatrixValues(values, as: kind, file: file, line: line) else {
      return skip(identifier)
    }
    add(
      Motif(
        identifier: identifier, name: name, frequencies: matrix.frequencies, counts: matrix.counts,
        sites: matrix.sites, given: matrix.given), finish)
    if matrix.isUneven { uneven.append(motifs[motifs.count - 1].identifier) }
  }

  /// Adds a motif that is ready but for its names.
  mutating func add(_ motif: Motif, _ finish: (inout Motif) -> Void = { _ in }) {
    var motif = motif
    finish(&motif)
    motif.identifier = Self.cleaned(motif.identifier)
    if motif.identifier.isEmpty { motif.identifier = "\(stem)\(count + 1)" }
    motif.name = motif.name.map(Self.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    motifs.append(motif)
  }

  /// Background frequencies as a file gives them; a word on those further from one than rounding explains.
  mutating func background(_ values: [Double], line: Int) throws -> Background {
    let sum = values.reduce(0, +)
    guard values.count == 4, values.allSatisfy({ $0 > 0 }) else {
      throw InputError(file: file, line: line, "a background frequency is zero or missing")
    }
    guard abs(sum - 1) <= MatrixValues.tolerance else {
      throw InputError(
        file: file, line: line,
        "background frequencies sum to \(Float(sum)), not to 1 (within \(MatrixValues.tolerance))")
    }
    if !MatrixValues.isQuiet(sum) {
      notes.append("the background frequencies sum to \(Float(sum)); they are normalized")
    }
    return Background(values)
  }

  /// Changes the motif that was added last.
  mutating func changeLast(_ change: (inout Motif) -> Void) {
    if !motifs.isEmpty { change(&motifs[motifs.count - 1]) }
  }

  /// Counts a motif that has no matrix.
  mutating func skip(_ identifier: String) { empty.append(Self.cleaned(identifier)) }

  func checkWidth(_ width: Int, line: Int) throws {
    guard width <= MotifFile.widestMotif else {
      throw InputError(
        file: file, line: line, "a motif of \(width) positions; up to \(MotifFile.widestMotif) are read")
    }
  }

  /// One line of words: white space and control characters become single blanks, none at the ends.
  static func cleaned(_ text: String) -> String {
    text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
      .joined(separator: " ")
  }

  /// The file, with a line for each kind of thing that was mended or passed over.
  func result(_ format: MotifFormat, background: Background? = nil, bothStrands: Bool = true) -> MotifFile {
    var warnings = notes
    if !empty.isEmpty {
      let (has, is_) = empty.count == 1 ? ("has", "is") : ("have", "are")
      warnings.append("\(share(empty)) \(has) no matrix and \(is_) passed over")
    }
    if !uneven.isEmpty {
      warnings.append(
        "\(share(uneven)) \(uneven.count == 1 ? "has" : "have") rows that do not sum to 1 within"
          + " \(MatrixValues.quiet); they are normalized")
    }
    return MotifFile(
      format: format, motifs: motifs, background: background, bothStrands: bothStrands, warnings: warnings)
  }

  private func share(_ names: [String]) -> String {
    "\(names.count) of \(count) motifs (\(names[0].prefix(60))\(names.count > 1 ? ", …" : ""))"
  }
}
