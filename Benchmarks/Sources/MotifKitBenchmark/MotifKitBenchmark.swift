import ArgumentParser
import Foundation

@main
struct MotifKitBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure MotifKit beside other tools on this machine.",
    subcommands: [Compare.self, Worker.self, First.self, Scale.self, Measure.self, Redraw.self],
    defaultSubcommand: Compare.self)
}

/// The benchmark itself; `script/bench` calls it.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Run everything; write table, numbers and figure.")

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case networks, attribution, peak, scaling, start, motifs
  }

  @Option(help: "The motifkit program.") var program: String
  @Option(help: "The folder of the peers' scripts.") var peers: String
  @Option(help: "A Python with the peers installed; without it MotifKit is measured alone.") var python:
    String?
  @Option(help: "Folder for table, numbers and figure.") var out: String
  @Option(help: "Motif file whose motifs are compared with …") var query: String?
  @Option(help: "… those of this one (both MEME).") var target: String?
  @Option(parsing: .upToNextOption, help: "Only these parts.") var only: [Part] = Part.allCases
  @Option(parsing: .upToNextOption, help: "Only these frameworks beside MotifKit.")
  var against = ["jax", "torch", "keras"]
  @Flag(help: "Fewer networks and repetitions: a few minutes.") var quick = false
  @Flag(help: "Also train from a file of 1,000,000 × 200 bp (needs 1 GB of disk).") var fileOfMillion = false

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let data = NSTemporaryDirectory() + "motifkit-bench-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: data) }
    let setup = Setup(
      program: program, python: python, peers: peers, frameworks: against, data: data, quick: quick,
      threadCounts: ProcessInfo.processInfo.activeProcessorCount > 1 ? [1, 2] : [1], queryMotifs: query,
      targetMotifs: target, fileOfMillion: fileOfMillion)
    var results = Results(machine: try Machine(program: program))
    try Command.run([program, "simulate", "--out", data, "--quiet"])
    if python == nil { results.absent.append("the peers: no Python was given") }
    for part in Part.allCases where only.contains(part) {
      switch part {
      case .networks: try NetworkSections(setup: setup).run(&results)
      case .attribution: try AttributionSection(setup: setup).run(&results)
      case .peak: try PeakSection(setup: setup).run(&results)
      case .scaling: try ScalingSection(setup: setup).run(&results)
      case .start: try StartSection(setup: setup).run(&results)
      case .motifs: try MotifSections(setup: setup).run(&results)
      }
    }
    results.machine.loadAfter = Machine.load()
    try ResultFiles(results: results).write(to: out)
  }
}

/// Table and figure once more.
struct Redraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write table and figure again from a folder's benchmark.json.")

  @Argument var folder: String

  func run() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/benchmark.json"))
    try ResultFiles(results: try JSONDecoder().decode(Results.self, from: data)).write(to: folder)
  }
}
