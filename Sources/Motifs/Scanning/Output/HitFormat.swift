import Foundation
import Sequences

/// How hits are written.
public enum HitFormat: String, CaseIterable, Sendable {
  /// FIMO's columns: positions from 1, the last included, the matched sequence as read on the hit's strand.
  case tsv
  /// BED6: positions from 0, the last excluded; the score is −10·log₁₀ p rounded, at most 1000.
  case bed
  /// One object: motifs, hits with the names and positions of the TSV, and what was scanned.
  case json

  /// Whether a record has a place for a q-value.
  var hasQValue: Bool { self != .bed }

  func header(_ scanner: MotifScanner) -> String {
    switch self {
    case .tsv:
      "motif_id\tmotif_alt_id\tsequence_name\tstart\tstop\tstrand\tscore\tp-value\tq-value\tmatched_sequence\n"
    case .bed: ""
    case .json:
      "{\"motifs\": ["
        + scanner.motifs.map { motif in
          "{\"motif_id\": \(quoted(motif.identifier)), \"motif_alt_id\": \(motif.name.map(quoted) ?? "null"), "
            + "\"width\": \(motif.width), \"score_cut\": \(motif.scoreCut.map(significant) ?? "null")}"
        }.joined(separator: ",\n  ") + "],\n\"hits\": ["
    }
  }

  func footer(_ scanner: MotifScanner, _ summary: ScanSummary) -> String {
    guard self == .json else { return "" }
    let windows = summary.windows.map(String.init).joined(separator: ", ")
    return
      "],\n\"sequences\": \(summary.sequences), \"bases\": \(summary.bases), \"windows\": [\(windows)]}\n"
  }

  /// What stands between two hits.
  var separator: String { self == .json ? ",\n  " : "" }

  /// A hit's text up to its q-value and behind it.
  func record(
    _ hit: MotifHit, of motif: ScanMotif, sequence: String, window: ArraySlice<UInt8>, pValue: String
  ) -> (before: [UInt8], behind: [UInt8]) {
    let stop = hit.start + window.count
    let strand = hit.strand.rawValue
    switch self {
    case .tsv:
      let before =
        "\(cell(motif.identifier))\t\(cell(motif.name ?? ""))\t\(cell(sequence))\t\(hit.start + 1)\t\(stop)\t"
        + "\(strand)\t\(significant(hit.score))\t\(pValue)\t"
      return (Array(before.utf8), [UInt8(ascii: "\t")] + matched(hit, window) + [UInt8(ascii: "\n")])
    case .bed:
      let score = hit.pValue > 0 ? min(1000, Int((-10 * log10(hit.pValue)).rounded())) : 1000
      return (
        Array(
          "\(cell(sequence))\t\(hit.start)\t\(stop)\t\(cell(motif.identifier))\t\(score)\t\(strand)\n".utf8),
        []
      )
    case .json:
      let before =
        "{\"motif_id\": \(quoted(motif.identifier)), \"sequence_name\": \(quoted(sequence)), \"start\": \(hit.start + 1), "
        + "\"stop\": \(stop), \"strand\": \"\(strand)\", \"score\": \(significant(hit.score)), "
        + "\"p-value\": \(pValue), \"q-value\": "
      return (
        Array(before.utf8),
        Array(", \"matched_sequence\": \"".utf8) + matched(hit, window) + Array("\"}".utf8)
      )
    }
  }

  private func matched(_ hit: MotifHit, _ window: ArraySlice<UInt8>) -> [UInt8] {
    let letters: [UInt8] = Array("ACGTN".utf8)
    return hit.strand == .forward
      ? window.map { letters[Int($0)] } : window.reversed().map { letters[Int(Nucleotide.complement($0))] }
  }

  /// A cell of a table: what would break the row becomes a blank.
  private func cell(_ text: String) -> String {
    text.utf8.contains { $0 < 32 } ? String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }) : text
  }
}

/// Six significant digits, as `%g` writes them; `inf` and `nan` do not occur in what is written.
func significant(_ value: Double) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
    withVaList([value]) { _ = vsnprintf(buffer.baseAddress!, 32, "%.6g", $0) }
    return String(cString: buffer.baseAddress!)
  }
}

/// A JSON string.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 32: result += String(format: "\\u%04x", scalar.value)
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
