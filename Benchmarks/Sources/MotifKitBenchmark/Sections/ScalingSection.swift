import ArgumentParser
import Foundation
import MotifKit

/// One epoch of growing sets, and the memory that a million sequences take.
struct ScalingSection {
  var setup: Setup

  func run(_ results: inout Results) throws {
    let threads = setup.threadCounts.max()!
    var sizes = [(10_000, 100), (100_000, 100)]
    if !setup.quick { sizes += [(1_000_000, 100), (1_000_000, 200)] }
    for (count, length) in sizes {
      setup.note("v2 on \(count) × \(length) bp")
      let output = try Command.run(
        Pinning.command(
          [setup.executable, "scale", "\(count)", "\(length)", "\(threads)"], threads: threads),
        capture: true)
      let reply = try JSONDecoder().decode(Reply.self, from: Data(output.utf8))
      results.measurements.append(
        Measurement(
          section: .scaling, item: "\(count) × \(length) bp", contender: ourName, threads: threads,
          samples: reply.samples, work: Double(count), peakBytes: reply.peakBytes))
    }
    if setup.fileOfMillion { try measureFile(threads, &results) }
  }

  private struct Reply: Decodable {
    var samples: [Double]
    var peakBytes: Int
  }

  /// The program itself, with a file of a million sequences: all its memory, reading included.
  private func measureFile(_ threads: Int, _ results: inout Results) throws {
    setup.note("motifkit train on a file of 1000000 × 200 bp")
    let folder = "\(setup.data)/million"
    try Command.run(
      [setup.program, "simulate", "--count", "2000000", "--length", "200", "--out", folder, "--quiet"])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let output = try Command.run(
      [
        setup.executable, "measure", "--", setup.program, "train", "--network", "v2", "--epochs", "1",
        "--train", "\(folder)/FOXO1_train.csv", "--out", "\(folder)/v2.safetensors", "--quiet",
        "--threads", "\(threads)",
      ], capture: true)
    let reply = try JSONDecoder().decode(Reply.self, from: Data(output.utf8))
    results.measurements.append(
      Measurement(
        section: .scaling, item: "the program, 1000000 × 200 bp from CSV", contender: ourName,
        threads: threads, samples: reply.samples, work: 1e6, peakBytes: reply.peakBytes))
  }

  /// The most memory a process (or all its children that have ended) has held, in bytes.
  static func peakBytes(children: Bool) -> Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(children ? RUSAGE_CHILDREN.rawValue : RUSAGE_SELF.rawValue, &usage)
    #else
      getrusage(children ? RUSAGE_CHILDREN : RUSAGE_SELF, &usage)
    #endif
    #if canImport(Darwin)
      return usage.ru_maxrss
    #else
      return usage.ru_maxrss * 1024
    #endif
  }
}

/// The process that `ScalingSection` measures.
struct Scale: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train epochs on random sequences and print times and memory (used by the benchmark itself).")

  @Argument var count: Int
  @Argument var length: Int
  @Argument var threads: Int

  func run() throws {
    let sequences = try BenchmarkNetwork.randomData(count: count, length: length)
    let trainer = try Trainer(
      Network(architecture: Preset.v2.architecture(length: length)), options: TrainingOptions(),
      threads: threads)
    _ = try trainer.trainEpoch(on: sequences)
    let samples = try (0..<(count > 100_000 ? 3 : 5)).map { _ in
      try seconds { _ = try trainer.trainEpoch(on: sequences) }
    }
    answer(["samples": samples, "peakBytes": ScalingSection.peakBytes(children: false)])
  }
}

/// Runs one command and prints its time and memory.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a command and print its seconds and peak memory (used by the benchmark itself).")

  @Argument(parsing: .postTerminator) var command: [String]

  func run() throws {
    let time = try seconds { try Command.run(command) }
    answer(["samples": [time], "peakBytes": ScalingSection.peakBytes(children: true)])
  }
}
