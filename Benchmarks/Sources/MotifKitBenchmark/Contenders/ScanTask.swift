import Foundation
import MotifKit
import Runtime

/// What all scanners scan: 20 Mbp of random bases, the weights of FOXO1, and the score of p ≤ 1e-4.
struct ScanTask: Codable {
  static let bases = 20_000_000

  /// Log-odds in bits; a row for each position, in the order A C G T.
  let weights: [[Double]]
  let score: Double

  static func sequences(_ folder: String) -> String { "\(folder)/random.fa" }

  static func read(folder: String) throws -> ScanTask {
    try JSONDecoder().decode(
      ScanTask.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/scan.json")))
  }

  static func write(folder: String) throws {
    let weights = Motif.foxo1.weights()
    let task = ScanTask(
      weights: (0..<weights.width).map { Array(weights.values[4 * $0..<4 * $0 + 4]) },
      score: ScoreDistribution(weights).score(forPValue: 1e-4)!)
    try JSONEncoder().encode(task).write(to: URL(fileURLWithPath: "\(folder)/scan.json"))
    var random = CounterRandom(seed: 1, purpose: .simulation)
    let letters = Array("ACGT".utf8)
    var text = Array(">random\n".utf8)
    text.reserveCapacity(bases + 10)
    for _ in 0..<bases { text.append(letters[random.below(4)]) }
    text.append(UInt8(ascii: "\n"))
    try Data(text).write(to: URL(fileURLWithPath: sequences(folder)))
  }
}
