import Foundation
import Sequences

/// How hits are written.
public enum HitFormat: String, CaseIterable, Sendable {
  /// FIMO's columns: positions from 1, the last included, the matched sequence as read on the hit's strand.
  case tsv
  /// BED6: positions from 0, the last excluded; the score is −10·log₁₀ p rounded, at most 1000. Where a sequence's name
  /// carries coordinates (`chr1:100-200`), positions are those of its chromosome.
  case bed
  /// One object: motifs, hits with the names and positions of the TSV, and what was scanned.
  case json

  /// Whether a record has a place for a q-value.
  var hasQValue: Bool { self != .bed }

  /// What stands in place of a q-value that is not wanted.
  var noQValue: String { self == .json ? "null" : "" }

  /// What stands between two hits.
  var separator: String { self == .json ? ",\n  " : "" }

  func header(_ scanner: MotifScanner) -> [UInt8] {
    var text: [UInt8] = []
    switch self {
    case .tsv:
      text.append(
        "motif_id\tmotif_alt_id\tsequence_name\tstart\tstop\tstrand\tscore\tp-value\tq-value\tmatched_sequence\n"
      )
    case .bed: break
    case .json:
      text.append("{\"motifs\": [")
      for (index, motif) in scanner.motifs.enumerated() {
        text.append(index > 0 ? ",\n  {\"motif_id\": " : "{\"motif_id\": ")
        text.append(quoted: motif.identifier)
        text.append(", \"motif_alt_id\": ")
        if let name = motif.name { text.append(quoted: name) } else { text.append("null") }
        text.append(", \"width\": \(motif.width), \"score_cut\": ")
        if let cut = motif.scoreCut { text.append(significant: cut) } else { text.append("null") }
        text.append("}")
      }
      text.append("],\n\"hits\": [")
    }
    return text
  }

  func footer(_ summary: ScanSummary) -> String {
    guard self == .json else { return "" }
    let windows = summary.windows.map(String.init).joined(separator: ", ")
    return
      "],\n\"sequences\": \(summary.sequences), \"bases\": \(summary.bases), \"windows\": [\(windows)]}\n"
  }

  /// Appends a hit's text without its q-value.
  ///
  /// - Parameter location: What the sequence's name says of where it lies.
  /// - Returns: Where the q-value belongs, counted from the start of `text`.
  func append(
    _ hit: MotifHit, of motif: ScanMotif, sequence: String, location: GenomicLocation?,
    window: ArraySlice<UInt8>,
    to text: inout [UInt8]
  ) -> Int {
    let split: Int
    switch self {
    case .tsv:
      text.append(cell: motif.identifier)
      text.append("\t")
      text.append(cell: motif.name ?? "")
      text.append("\t")
      text.append(cell: sequence)
      text.append("\t")
      text.append(hit.start + 1)
      text.append("\t")
      text.append(hit.start + window.count)
      text.append(hit.strand == .forward ? "\t+\t" : "\t-\t")
      text.append(significant: hit.score)
      text.append("\t")
      text.append(significant: hit.pValue)
      text.append("\t")
      split = text.count
      text.append("\t")
      appendMatch(hit, window, to: &text)
      text.append("\n")
    case .bed:
      let place = location?.part(hit.start..<hit.start + window.count, strand: hit.strand)
      text.append(cell: place?.chromosome ?? sequence)
      text.append("\t")
      text.append(place?.start ?? hit.start)
      text.append("\t")
      text.append(place?.end ?? hit.start + window.count)
      text.append("\t")
      text.append(cell: motif.identifier)
      text.append("\t")
      text.append(hit.pValue > 0 ? min(1000, Int((-10 * log10(hit.pValue)).rounded())) : 1000)
      text.append((place?.strand ?? hit.strand) == .forward ? "\t+\n" : "\t-\n")
      split = text.count
    case .json:
      text.append("{\"motif_id\": ")
      text.append(quoted: motif.identifier)
      text.append(", \"sequence_name\": ")
      text.append(quoted: sequence)
      text.append(", \"start\": ")
      text.append(hit.start + 1)
      text.append(", \"stop\": ")
      text.append(hit.start + window.count)
      text.append(
        hit.strand == .forward ? ", \"strand\": \"+\", \"score\": " : ", \"strand\": \"-\", \"score\": ")
      text.append(significant: hit.score)
      text.append(", \"p-value\": ")
      text.append(significant: hit.pValue)
      text.append(", \"q-value\": ")
      split = text.count
      text.append(", \"matched_sequence\": \"")
      appendMatch(hit, window, to: &text)
      text.append("\"}")
    }
    return split
  }

  /// The window as read on the hit's strand.
  private func appendMatch(_ hit: MotifHit, _ window: ArraySlice<UInt8>, to text: inout [UInt8]) {
    let letters: StaticString = "ACGT"
    let start = letters.utf8Start
    if hit.strand == .forward {
      for code in window { text.append(start[Int(code & 3)]) }
    } else {
      for code in window.reversed() { text.append(start[Int(3 - code & 3)]) }
    }
  }
}
