import Foundation
import MotifKit
import Runtime
import Testing

/// A small network that the program trained to find GATTACA anywhere in 80 bases.
enum TrainedToy {
  static let length = 80
  static let site = "GATTACA"

  /// Sequences of which every second holds the site, on the given strand, and where.
  static func sequences(_ count: Int, seed: UInt64) -> [(codes: [UInt8], start: Int?)] {
    (0..<count).map { index in
      var random = CounterRandom(seed: seed, purpose: .simulation, index: index)
      var codes = (0..<length).map { _ in UInt8(random.below(4)) }
      guard index % 2 == 0 else { return (codes, nil) }
      let start = 22 + random.below(30)
      codes.replaceSubrange(start..<start + site.count, with: Nucleotide.codes(site)!)
      return (codes, start)
    }
  }

  static func table(_ count: Int, seed: UInt64) -> String {
    "seq\tlabel\n"
      + sequences(count, seed: seed).map { "\(Nucleotide.string($0.codes))\t\($0.start == nil ? 0 : 1)\n" }
      .joined()
  }

  /// Those with the site, or those without.
  static func fasta(_ count: Int, seed: UInt64, positive: Bool = true) -> String {
    sequences(2 * count, seed: seed).filter { ($0.start != nil) == positive }.enumerated()
      .map { ">s\($0.offset)\n\(Nucleotide.string($0.element.codes))\n" }.joined()
  }

  /// Trained once.
  private static let model: Result<[UInt8], any Error> = Result {
    var bytes: [UInt8] = []
    try withProgram { motifkit in
      try motifkit.write(
        """
        {"layers": [{"type": "convolution1D", "filters": 8, "kernelSize": 9, "activation": "relu"},
          {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
        """, to: "n.json")
      try motifkit.write(table(1200, seed: 3), to: "train.tsv")
      let result = try motifkit(
        "train", "--network", "n.json", "--train", "train.tsv", "--out", "m", "--epochs", "20",
        "--batch-size",
        "20", "--learning-rate", "0.01", "--quiet")
      #expect(result.status == 0, "\(result.errors)")
      bytes = try motifkit.bytes("m")
    }
    return bytes
  }

  /// The program in a folder with the network as `m`.
  static func run(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try motifkit.write(model.get(), to: "m")
      try body(motifkit)
    }
  }
}

/// Rows of a table with tabs between its cells, by the names of its columns.
func rows(_ table: String) -> [[String: String]] {
  let lines = table.split(separator: "\n").map {
    $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
  guard let header = lines.first else { return [] }
  return lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
}

extension [String: String] {
  /// The number in a column.
  func number(_ column: String) throws -> Double {
    try #require(self[column].flatMap(Double.init), "\(column): \(self[column] ?? "missing")")
  }
}
