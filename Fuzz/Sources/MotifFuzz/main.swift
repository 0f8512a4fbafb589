import Foundation
import MotifKit
import Runtime

// Damages motif files of every format, and genomes with what belongs to them, and hands them to the reader:
// `swift run -c release MotifFuzz [count] [seed]`. A crash ends the program with the bytes that caused it in motif-fuzz.last
// or motif-fuzz.files; a refusal must name file, line and reason.

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
let seed = CommandLine.arguments.dropFirst(2).first.flatMap { UInt64($0) } ?? 0

/// What is said of a file as a whole, where no line is to blame.
let ofWholeFile = [
  "is empty; a motif file is expected", "holds no motif", "has no line 'MEME version 4'",
]

func motif(_ index: Int, using random: inout CounterRandom) -> Motif {
  let rows = (0..<random.below(20) + 1).map { _ in (0..<4).map { _ in Double(random.below(200)) + 1 } }
  let counts = CountMatrix(rows: rows)
  return Motif(
    identifier: "motif\(index)", name: "name\(index)", frequencies: counts.frequencies(), counts: counts,
    sites: rows[0].reduce(0, +), thresholds: [ScoreThreshold(score: 5)])
}

var random = CounterRandom(seed: seed, purpose: .simulation)
let last = LastInput(path: "motif-fuzz.last", capacity: 1 << 20)
for format in MotifFormat.allCases {
  let seeds = (0..<8).map { number in
    let motifs = (0..<number % 4 + 1).map { motif($0, using: &random) }
    return Array(MotifFile(format: format, motifs: motifs).text.utf8)
  }
  var mutator = ByteMutator(seeds: seeds, seed: seed)
  var (accepted, refused, unexplained) = (0, 0, 0)
  for _ in 0..<count {
    let bytes = mutator.next()
    last.remember(bytes)
    do {
      let file = try MotifFile.parse(bytes, file: "fuzz")
      for other in MotifFormat.allCases { _ = MotifFile(format: other, motifs: file.motifs).text }
      accepted += 1
    } catch let error as InputError {
      refused += 1
      let hasPlace = error.file != nil && (error.line != nil || ofWholeFile.contains(error.reason))
      if !hasPlace || error.reason.isEmpty { unexplained += 1 }
    }
  }
  print(
    "\(format.rawValue): \(count) files, \(accepted) accepted, \(refused) refused, \(unexplained) without line or reason"
  )
  if unexplained > 0 { exit(1) }
}
last.forget()

let folder = "motif-fuzz.files"
try OutputFolder.create(folder)
guard try GenomeFuzz(count: count, seed: seed, folder: folder).run() else { exit(1) }
try FileManager.default.removeItem(atPath: folder)
