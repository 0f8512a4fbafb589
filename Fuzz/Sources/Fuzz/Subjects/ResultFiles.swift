import Foundation
import MotifKit
import Runtime

extension Subject {
  /// What this and other programs found, and commands read again: attributions, patterns, outputs to compare with, sites.
  static let resultFiles = [
    Subject("attributions", seeds: { try [bytes { try NPZFile.write(attributions, to: $0) }] + hdf5Tracks }) {
      _ = try AttributionTracks(sequences: $0, attributions: $0)
    },
    Subject("patterns", seeds: { [try HDF5Writer.encoded(patterns)] }) {
      _ = try StoredPattern.read(path: $0)
    },
    Subject("import-check", seeds: { [try bytes { try NPZFile.write(outputs, to: $0) }] }) {
      _ = try ImportCheck(npz: $0)
    },
    Subject("sites", seeds: { sites.map { Array($0.utf8) } }) { _ = try SiteFile.read($0, of: named) },
    Subject("run-record", seeds: { [try bytes { try fill(record: nil, savingTo: $0) }] }) {
      try fill(record: $0)
    },
  ]

  /// Fills a folder that has a file of the user's beside what an earlier run recorded in `run.json`; whatever is recorded, no
  /// file outside the folder may go.
  private static func fill(record: String?, savingTo saved: String? = nil) throws {
    let place = NSTemporaryDirectory() + "fuzz-record-\(getpid())"
    let (folder, outside) = (place + "/out", place + "/outside.tsv")
    try? FileManager.default.removeItem(atPath: place)
    defer { try? FileManager.default.removeItem(atPath: place) }
    try OutputFolder.create(folder)
    try AtomicFile.write("mine", to: outside)
    if let record {
      try AtomicFile.write("old", to: folder + "/table.tsv")
      try FileManager.default.copyItem(atPath: record, toPath: folder + "/run.json")
    }
    defer { precondition(FileManager.default.fileExists(atPath: outside), "a file outside is gone") }
    try RunRecord.fill(
      folder, Reproduction(arguments: ["scan"], seed: 0, files: []), inputs: [], entries: ["table.tsv"]
    ) { stage, _ in try AtomicFile.write("new", to: stage + "/table.tsv") }
    if let saved { try FileManager.default.copyItem(atPath: folder + "/run.json", toPath: saved) }
  }

  /// Two sequences of six bases, one of them unknown.
  private static let oneHot = TypedArray(
    .float32((0..<48).map { $0 >= 44 ? 0.25 : $0 % 4 == ($0 / 4) % 4 ? 1 : 0 }), shape: [2, 6, 4])
  private static let scores = TypedArray(.float32((0..<48).map { Float($0 % 7) - 3 }), shape: [2, 6, 4])
  private static let attributions: [NamedArray<TypedArray>] = [
    .init("sequences", oneHot), .init("attributions", scores),
  ]
  private static let outputs: [NamedArray<TypedArray>] = [
    .init("x", oneHot), .init("y0", TypedArray(.float32([0.5, 1]), shape: [2, 1])),
    .init("y1", TypedArray(.float32([1, 2]), shape: [2])),
  ]

  private static var hdf5Tracks: [[UInt8]] {
    get throws {
      [
        try HDF5Writer.encoded(
          HDF5Group(groups: [
            "raw": HDF5Group(datasets: ["seq": HDF5Dataset(oneHot)]),
            "shap": HDF5Group(datasets: ["seq": HDF5Dataset(scores)]),
          ]))
      ]
    }
  }

  private static let patterns: HDF5Group = {
    func matrix(_ scale: Double) -> HDF5Dataset {
      HDF5Dataset(TypedArray(.float64((0..<24).map { scale * Double($0 % 5) }), shape: [6, 4]))
    }
    let pattern = HDF5Group(
      groups: [
        "seqlets": HDF5Group(datasets: ["n_seqlets": HDF5Dataset(TypedArray(.int64([40]), shape: [1]))])
      ],
      datasets: [
        "sequence": matrix(0.1), "contrib_scores": matrix(1), "hypothetical_contribs": matrix(-2),
      ])
    return HDF5Group(groups: [
      "pos_patterns": HDF5Group(groups: ["pattern_0": pattern, "pattern_10": pattern]),
      "neg_patterns": HDF5Group(groups: ["pattern_0": pattern]),
    ])
  }()

  private static let named = SequenceSet(
    codes: (0..<120).map { UInt8($0 % 5) }, starts: [0, 40, 80, 120],
    names: ["seq1", "peak::chr1:100-140(-)", "chr2:5-45"])
  private static let sites = [
    "chr1\t110\t120\tx\t0\t+\nseq1\t3\t9\nchr2\t0\t6\tsite\t7\t-\n",
    "motif_id\tsequence_name\tstart\tstop\tstrand\nm\tseq1\t5\t12\t+\nm\tchr2:5-45\t1\t8\t-\n",
  ]
}
