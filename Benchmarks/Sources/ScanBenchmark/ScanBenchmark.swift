import Foundation
import MotifKit
import Runtime

/// Speed of scanning: `swift run -c release ScanBenchmark [MOTIFS FASTA | MOTIFS POSITIVES NEGATIVES]`.
///
/// Without files: FOXO1 (12 columns) over 20 Mbp of random bases, one strand, one thread, at cuts that give
/// many and few hits, and at p ≤ 1e-4; then the motifs of 64 filters from their weights. With two files: all motifs
/// over the sequences, both strands, all threads. With three: enrichment of all motifs.
@main
struct ScanBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.count == 3 {
      try enrichment(Array(arguments))
    } else if let motifs = arguments.first, let sequences = arguments.dropFirst().first {
      try library(motifs: motifs, sequences: sequences)
    } else {
      try single()
      filters()
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
      let seconds = least(15) { count = scanner.hits(in: set).count }
      print("\(name): \(count) hits, \(format(Double(length) / seconds / 1e9)) Gbp/s of one thread")
    }
  }

  static func library(motifs path: String, sequences: String) throws {
    let start = ContinuousClock.now
    let motifs = try Motif.read(path: path)
    let set = try SequenceSet(contentsOf: sequences)
    let read = ContinuousClock.now
    let scanner = MotifScanner(Parallel.map(motifs.count) { ScanMotif(motifs[$0]) })
    let prepared = ContinuousClock.now
    let hits = scanner.hits(in: set)
    let end = ContinuousClock.now
    print(
      "\(motifs.count) motifs, \(set.codes.count) bp, both strands, \(Parallel.threads) threads: \(hits.count) hits;",
      "reading \(read - start), distributions \(prepared - read), scanning \(end - prepared), all \(end - start)"
    )
  }

  static func filters() {
    let filters = (0..<64).map { filter in
      var random = CounterRandom(seed: 1, purpose: .initialization, index: filter)
      return (0..<48).map { _ in 0.5 * random.uniform() - 0.3 }
    }
    let seconds = least(5) {
      for weights in filters {
        _ = KmerScoreDistribution(weights: weights, bias: -0.1).exactSelection(pValue: 1e-3)
      }
    }
    print("exact-p motifs of 64 filters, 12 wide, one thread: \(format(seconds * 1000)) ms")
  }

  static func enrichment(_ files: [String]) throws {
    let weights = try Motif.read(path: files[0]).map { $0.weights() }
    let positives = try SequenceSet(contentsOf: files[1]), negatives = try SequenceSet(contentsOf: files[2])
    let start = ContinuousClock.now
    let results = try MotifEnrichment.test(weights, positives: positives, negatives: negatives)
    let time = ContinuousClock.now - start
    let windows = weights.reduce(0) { $0 + 2 * (positives.codes.count + negatives.codes.count - $1.width) }
    let best = results.indices.max { results[$0].rank.auroc < results[$1].rank.auroc }!
    print(
      "\(weights.count) motifs, \(positives.count) + \(negatives.count) sequences, \(Parallel.threads) threads:",
      "\(time), \(format(Double(windows) / (time / .seconds(1)) / 1e9)) G windows/s; best motif \(best + 1),",
      "AUROC \(format(results[best].rank.auroc))")
  }

  /// The least processor time of several runs in seconds: on a machine that others use, the clock on the wall
  /// measures them.
  static func least(_ count: Int, _ body: () -> Void) -> Double {
    (0..<count).map { _ in
      let start = processorTime()
      body()
      return processorTime() - start
    }.min()!
  }

  static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  static func format(_ value: Double) -> String { String(format: "%.2f", value) }
}
