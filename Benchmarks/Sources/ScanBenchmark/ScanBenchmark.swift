import Foundation
import MotifKit

/// Speed of scanning: `swift run -c release ScanBenchmark [MOTIFS FASTA]`.
///
/// Without files: FOXO1 (12 columns) over 20 Mbp of random bases, one strand, one thread, at cuts that give
/// many and few hits, and at p ≤ 1e-4. With files: all motifs over the sequences, both strands, all threads.
@main
struct ScanBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if let motifs = arguments.first, let sequences = arguments.dropFirst().first {
      try library(motifs: motifs, sequences: sequences)
    } else {
      try single()
    }
  }

  static func single() throws {
    var random = CounterRandom(seed: 1, purpose: .simulation)
    let length = 20_000_000
    var set = SequenceSet()
    set.append((0..<length).map { _ in UInt8(random.below(4)) }, name: "random")
    Parallel.threads = 1
    let weights = Motif.foxo1.weights()
    let distribution = ScoreDistribution(weights)
    func cut(hits: Double) -> ScanThreshold { .pValue(hits / Double(length)) }
    let cases: [(String, ScanThreshold)] = [
      ("65,000 hits", cut(hits: 65_000)), ("12,600 hits", cut(hits: 12_600)), ("p <= 1e-4", .pValue(1e-4)),
      ("score >= \(distribution.score(forPValue: 1e-4)!)", .score(distribution.score(forPValue: 1e-4)!)),
    ]
    for (name, threshold) in cases {
      let scanner = MotifScanner([ScanMotif(.foxo1, threshold: threshold)], bothStrands: false)
      var count = 0
      let seconds = median(9) { count = scanner.hits(in: set).count }
      print("\(name): \(count) hits, \(format(Double(length) / seconds / 1e9)) Gbp/s")
    }
  }

  static func library(motifs path: String, sequences: String) throws {
    let start = ContinuousClock.now
    let motifs = try Motif.read(path: path)
    let set = try SequenceSet.read(path: sequences)
    let read = ContinuousClock.now
    let scanner = MotifScanner(Parallel.map(motifs.count) { ScanMotif(motifs[$0]) })
    let prepared = ContinuousClock.now
    let hits = scanner.hits(in: set)
    let end = ContinuousClock.now
    print(
      "\(motifs.count) motifs, \(set.codes.count) bp, both strands, \(Parallel.threads) threads: \(hits.count) hits;",
      "reading \(read - start), distributions \(prepared - read), scanning \(end - prepared), all \(end - start)")
  }

  static func median(_ count: Int, _ body: () -> Void) -> Double {
    let seconds = (0..<count).map { _ in
      let time = ContinuousClock().measure(body)
      return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    }
    return seconds.sorted()[count / 2]
  }

  static func format(_ value: Double) -> String { String(format: "%.2f", value) }
}
