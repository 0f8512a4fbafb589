import Figures
import Interpretation
import Motifs
import Runtime
import Sequences

/// Designed sequences as a table, FASTA, and a logo of what they have in common.
public struct DesignReport {
  public let table: Table
  private let sequences: SequenceSet
  /// How often each base ended at each position.
  public let motif: Motif
  /// Of the first column of the motif, counted from 1.
  private let firstPosition: Int

  /// - Parameters:
  ///   - starts: what the designs began with; they have its names.
  ///   - positions: that are written and drawn.
  ///   - isRanked: the best first, as from random starts.
  public init(
    _ designs: [SequenceDesign], of starts: SequenceSet, positions: Range<Int>, isRanked: Bool,
    isLowered: Bool = false
  ) {
    let sign = isLowered ? -1.0 : 1
    let order =
      isRanked
      ? designs.indices.sorted {
        designs[$0].after != designs[$1].after
          ? sign * designs[$0].after > sign * designs[$1].after : $0 < $1
      } : Array(designs.indices)
    let names = order.enumerated().map { isRanked ? "design\($0.offset + 1)" : starts.name($0.element) }
    let kept = order.map { Array(designs[$0].codes[positions]) }
    sequences = SequenceSet(rows: kept, names: names)
    table =
      TypedTable(
        "design", Array(zip(names, order)),
        columns: [
          Column("name") { .text($0.0) }, Column("before") { .number(designs[$0.1].before, decimals: 6) },
          Column("after") { .number(designs[$0.1].after, decimals: 6) },
          Column("edits") { .integer(designs[$0.1].edits) },
          Column("sequence") { .text(Nucleotide.string(designs[$0.1].codes[positions])) },
        ]
      ).table
    var rows = [[Double]](repeating: [0, 0, 0, 0], count: positions.count)
    for codes in kept {
      for (position, code) in codes.enumerated() where code < 4 { rows[position][Int(code)] += 1 }
    }
    motif = Motif(
      identifier: "design",
      frequencies: FrequencyMatrix(
        rows: rows.map { row in
          let total = row.reduce(0, +)
          return total > 0 ? row.map { $0 / total } : [0.25, 0.25, 0.25, 0.25]
        }), sites: Double(designs.count))
    firstPosition = positions.lowerBound + 1
  }

  /// The exact answer for a filter of the first convolution.
  public init(_ exact: FilterPreference, name: String) {
    sequences = SequenceSet(rows: [exact.codes], names: [name])
    table = Table(
      "design", columns: ["name", "after", "sequence"],
      rows: [
        [.text(name), .number(exact.score, decimals: 6), .text(Nucleotide.string(exact.codes))]
      ])
    motif = Motif(identifier: "design", frequencies: exact.frequencies)
    firstPosition = 1
  }

  /// What `write` leaves in a folder.
  public static let entries = ["design.tsv", "design.fa", "design.meme", "logo.png", "logo.svg"]

  /// Writes `entries` into a folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    try AtomicFile.write(table.tsv, to: "\(folder)/design.tsv")
    try sequences.writeFASTA(to: "\(folder)/design.fa")
    try MotifFile(motifs: [motif]).write(to: "\(folder)/design.meme")
    try FigureFiles(folder, provenance).write(
      SequenceLogo(information: motif.frequencies.rows, firstPosition: firstPosition), "logo",
      alt: "How often each base ended at each position")
  }
}
