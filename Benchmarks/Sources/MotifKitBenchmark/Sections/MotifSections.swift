import Foundation

/// Comparison of two motif collections as whole processes, and scanning.
struct MotifSections {
  var setup: Setup

  func run(_ results: inout Results) throws {
    try scan(&results)
    guard let query = setup.queryMotifs, let target = setup.targetMotifs else {
      results.absent.append("motif comparison: give two motif files with --query and --target")
      return
    }
    try compare(query, target, &results)
  }

  private func scan(_ results: inout Results) throws {
    setup.note("scanning 20 Mbp with FOXO1")
    try ScanTask.write(folder: setup.data)
    let duel = try setup.duel(["lightmotif"], threads: 1, &results)
    defer { duel.quit() }
    try duel.open("scan")
    var measured = try duel.measure(
      "scan", rounds: setup.rounds, section: .scan, item: "20 Mbp, p ≤ 1e-4", absent: &results.absent)
    for index in measured.indices { measured[index].work = Double(ScanTask.bases) }
    results.measurements += measured
  }

  private func compare(_ query: String, _ target: String, _ results: inout Results) throws {
    setup.note("comparing motifs")
    let table = "\(setup.data)/comparison.tsv"
    let threads = setup.threadCounts.max()!
    var commands = [
      (
        ourName,
        [
          setup.program, "compare", query, target, "--mode", "lite", "--out", table, "--quiet",
          "--threads", "\(threads)",
        ]
      )
    ]
    if let python = setup.python {
      commands.append(("memelite", [python, "\(setup.peers)/tomtom.py", query, target, "\(threads)"]))
    }
    var samples = commands.map { _ in [Double]() }
    let rounds = setup.quick ? 2 : 5
    for round in 0...rounds {
      for (index, command) in commands.enumerated() {
        let time = try seconds { try Command.run(Pinning.command(command.1, threads: threads)) }
        if round > 0 { samples[index].append(time) }
      }
    }
    for (command, samples) in zip(commands, samples) {
      results.measurements.append(
        Measurement(
          section: .comparison, item: "whole process", contender: command.0, threads: threads,
          samples: samples))
    }
  }
}
