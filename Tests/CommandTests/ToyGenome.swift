import Foundation
import MotifKit
import Runtime

/// A genome of random bases with GATTACA at every peak's middle.
enum ToyGenome {
  static let chromosomes = (1...6).map { "chr\($0)" }
  static let length = 2400
  /// Peaks of a chromosome, each 150 bases from the next.
  static let peaksOfChromosome = 12
  /// How many bases windows have in tests.
  static let window = "40"

  private static func middle(_ peak: Int) -> Int { 300 + 150 * peak }

  static let fasta: String = chromosomes.enumerated().map { number, name in
    var random = CounterRandom(seed: 3, purpose: .simulation, index: number)
    var codes = (0..<length).map { _ in UInt8(random.below(4)) }
    for peak in 0..<peaksOfChromosome {
      codes.replaceSubrange(middle(peak) - 3..<middle(peak) + 4, with: Nucleotide.codes("GATTACA")!)
    }
    return ">\(name)\n\(Nucleotide.string(codes))\n"
  }.joined()

  /// narrowPeak with summits that are not the middles.
  static let peaks: String =
    "track type=narrowPeak\n"
    + chromosomes.flatMap { name in
      (0..<peaksOfChromosome).map { peak in
        let start = middle(peak) - 30
        return "\(name)\t\(start)\t\(start + 90)\tp\(peak)\t0\t.\t5\t-1\t-1\t30\n"
      }
    }.joined()

  static let network = """
    {"layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 7, "activation": "relu"},
      {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
    """

  /// GATTACA as a database has it, and a motif that no sequence is rich in.
  static let database = """
    >M1 GATTACA
    A [0 9 0 0 9 0 9]
    C [0 0 0 0 0 9 0]
    G [9 0 0 0 0 0 0]
    T [0 0 9 9 0 0 0]
    >M2 other
    A [0 9 0 0 0 0 9]
    C [9 0 9 0 0 9 0]
    G [0 0 0 9 9 0 0]
    T [0 0 0 0 0 0 0]

    """

  static func withFiles(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try motifkit.write(fasta, to: "genome.fa")
      try motifkit.write(peaks, to: "peaks.narrowPeak")
      try motifkit.write(network, to: "small.json")
      try motifkit.write(database, to: "known.jaspar")
      try body(motifkit)
    }
  }

  /// Options that cut the windows.
  static let windows = ["--genome", "genome.fa", "--window", window]
  /// Options that train quickly.
  static let training = ["--epochs", "3", "--batch-size", "16", "--learning-rate", "0.02"]
}

extension Program {
  /// Trains on all chromosomes but the first two.
  func trainToy() throws -> Result {
    try run(
      ["train", "--network", "small.json", "--positives", "peaks.narrowPeak", "--negatives", "gc"]
        + ToyGenome.windows + ToyGenome.training
        + ["--test-chromosomes", "chr1", "--validation-chromosomes", "chr2", "--out", "model.safetensors"])
  }

  /// The cells of a table.
  func table(_ name: String) throws -> [[String]] {
    try read(name).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The files that a record of a run says it read.
  func inputs(_ record: String) throws -> [String] {
    struct Record: Decodable {
      struct Input: Decodable { var path: String }
      var inputs: [Input]
    }
    return try JSONDecoder().decode(Record.self, from: Data(read(record).utf8)).inputs.map(\.path)
  }
}
