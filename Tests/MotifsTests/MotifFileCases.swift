import Foundation
import Motifs
import Runtime
import TestSupport
import Testing

/// Files as strangers write them, in `Cases`.
enum MotifFileCases {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Cases"

  static func read(_ name: String) throws -> MotifFile { try MotifFile.read(path: "\(folder)/\(name)") }

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }
}

@Suite("Motif files of strangers") struct MotifFileCaseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var format: MotifFormat
    var identifiers: [String]
    var widths: [Int]
    /// A C G T of the first position of the first motif.
    var first: [Double]
    var isCounts = false
    var warning: String?

    var testDescription: String { file }
  }

  static let cases: [Case] = [
    Case(
      file: "after-xx-4cols.transfac", format: .transfac, identifiers: ["M1"], widths: [3],
      first: [9, 0, 0, 1],
      isCounts: true),
    Case(
      file: "bg099.meme", format: .meme, identifiers: ["m"], widths: [1], first: [0.97, 0.01, 0.01, 0.01]),
    Case(
      file: "comments.meme", format: .meme, identifiers: ["g0", "g1"], widths: [3, 3],
      first: [0.24, 0.24, 0.28, 0.24]),
    Case(
      file: "doublespaced.meme", format: .meme, identifiers: ["a1", "b2"], widths: [3, 2],
      first: [0.9, 0.1, 0, 0]
    ),
    Case(
      file: "encode.txt", format: .encode, identifiers: ["SIXT_disc1", "TOY_known1", "TOY_known2"],
      widths: [5, 4, 5], first: [0.008511, 0.004255, 0.987234, 0]),
    Case(
      file: "flat.meme", format: .meme, identifiers: ["flat", "flat1"], widths: [20, 1],
      first: [0.25, 0.25, 0.25, 0.25]),
    Case(
      file: "header-only.pcm", format: .hocomocoPCM, identifiers: ["a", "c"], widths: [2, 2],
      first: [9, 0, 0, 0],
      isCounts: true, warning: "1 of 3 motifs (b) has no matrix and is passed over"),
    Case(
      file: "one-empty-matrix.transfac", format: .transfac, identifiers: ["MX1", "MX3"], widths: [4, 4],
      first: [8, 0, 1, 0], isCounts: true, warning: "1 of 3 motifs (MX2) has no matrix and is passed over"),
    Case(
      file: "p0extra.transfac", format: .transfac, identifiers: ["extra"], widths: [2], first: [9, 0, 0, 1],
      isCounts: true),
    Case(
      file: "row098.meme", format: .meme, identifiers: ["two_digits"], widths: [3],
      first: [0.33 / 0.98, 0.33 / 0.98, 0.16 / 0.98, 0.16 / 0.98],
      warning: "1 of 1 motifs (two_digits) has rows that do not sum to 1 within 0.01; they are normalized"),
    Case(
      file: "row099.motif", format: .homer, identifiers: ["AHR"], widths: [3],
      first: [0.22 / 0.99, 0.33 / 0.99, 0.33 / 0.99, 0.11 / 0.99]),
    Case(
      file: "r101.meme", format: .meme, identifiers: ["m"], widths: [2],
      first: [0.34 / 1.01, 0.34 / 1.01, 0.33 / 1.01, 0]),
    Case(file: "rna.meme", format: .meme, identifiers: ["m1"], widths: [2], first: [0.9, 0.1, 0, 0]),
    Case(
      file: "stamp.transfac", format: .transfac, identifiers: ["HNFX", "FOXX"], widths: [4, 3],
      first: [28, 7, 27, 5], isCounts: true),
    Case(
      file: "xl-block.transfac", format: .transfac, identifiers: ["CELL.PROT1.0"], widths: [5],
      first: [3, 2, 4, 45], isCounts: true),
  ]

  @Test("are read", arguments: cases) func read(_ expected: Case) throws {
    let file = try MotifFileCases.read(expected.file)
    #expect(file.format == expected.format)
    #expect(file.motifs.map(\.identifier) == expected.identifiers)
    #expect(file.motifs.map(\.width) == expected.widths)
    let first = file.motifs[0]
    #expect((first.counts != nil) == expected.isCounts)
    let row = first.counts?.row(0) ?? first.frequencies.row(0)
    #expect(zip(row, expected.first).allSatisfy { abs($0 - $1) < 1e-12 }, "\(row)")
    #expect(file.warnings == [expected.warning].compactMap { $0 })
    for motif in file.motifs {
      #expect(motif.frequencies.rows.allSatisfy { abs($0.reduce(0, +) - 1) <= 1e-5 })
      #expect(![motif.identifier, motif.name ?? ""].contains { $0.contains("\t") })
    }
  }

  @Test("rows of 0.99 are normalized in every format", arguments: ["cisbp", "homer", "meme", "transfac"])
  func twoDigits(_ kind: String) throws {
    let file = try MotifFileCases.read("r099." + kind)
    #expect(
      file.motifs[0].frequencies.row(0).map { ($0 * 1e9).rounded() } == [
        333_333_333, 333_333_333, 333_333_333, 0,
      ])
    #expect(file.motifs[0].given?.row(0) == [0.33, 0.33, 0.33, 0])
    #expect(file.motifs[0].frequencies.row(1) == [0.97, 0.01, 0.01, 0.01])
    #expect(file.warnings.isEmpty)
    // The same matrix in the other formats.
    for format in MotifFormat.allCases where format != .hocomocoPWM {
      var other = MotifFile(format: format, motifs: file.motifs)
      other.motifs[0].frequencies = file.motifs[0].given!
      let read = try MotifFile.parse(Array(other.text.utf8))
      #expect(read.motifs[0].frequencies == file.motifs[0].frequencies, "\(format)")
    }
  }

  @Test(
    "are refused where they mean nothing",
    arguments: [
      ("M0000_2.00.txt", nil, "holds no motif: 1 of 1 motifs (M0000_2.00) has no matrix"),
      ("badnumbering.transfac", 5, "position 2 where 3 is expected"),
      ("narow.meme", 8, "'NA' is no probability"),
      ("noversion.meme", 1, "no line 'MEME version 4' comes before"),
    ] as [(String, Int?, String)])
  func refused(name: String, line: Int?, reason: String) throws {
    let error = #expect(throws: InputError.self) { try MotifFileCases.read(name) }
    #expect(error?.line == line && error?.reason.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("a file compares as it does after its rows were divided by hand")
  func normalizedByHand() throws {
    let file = try MotifFileCases.read("row098.meme")
    var divided = try MotifFileCases.text("row098.meme")
    for (row, quotients) in [
      ("0.33 0.33 0.16 0.16", [33, 33, 16, 16]), ("0.00 0.98 0.00 0.00", [0, 98, 0, 0]),
    ] {
      divided = divided.replacing(row, with: quotients.map { "\(Double($0) / 98)" }.joined(separator: " "))
    }
    let byHand = try MotifFile.parse(Array(divided.utf8))
    #expect(byHand.warnings.isEmpty && byHand.motifs[0].given == nil)
    for distance in Comparison.Distance.allCases {
      let comparison = Comparison(distance: distance, threshold: .pValue(1))
      let null = Comparison.Null.synthetic(seed: 0)
      let one = try comparison.compare(file.motifs, [.foxo1], null: null)
      let other = try comparison.compare(byHand.motifs, [.foxo1], null: null)
      #expect(one.matches.map(\.pValue) == other.matches.map(\.pValue), "\(distance)")
    }
    // memelite takes the rows as they stand.
    let lite = Comparison(mode: .lite, threshold: .pValue(1))
    let raw = Motif(identifier: "raw", frequencies: try #require(file.motifs[0].given))
    #expect(
      try lite.compare(file.motifs, [.foxo1]).matches.map(\.pValue)
        == lite.compare([raw], [.foxo1]).matches.map(\.pValue))
  }
}
