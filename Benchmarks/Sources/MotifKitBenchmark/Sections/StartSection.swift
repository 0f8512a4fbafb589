import ArgumentParser
import Foundation
import MotifKit
import Runtime

/// From the start of a process to the end of its first epoch: imports, reading, compilation and warm-up included.
struct StartSection {
  var setup: Setup
  static let network = "v2"

  func run(_ results: inout Results) throws {
    setup.note("first epoch of a new process")
    let threads = setup.threadCounts.max()!
    var commands = [(ourName, [setup.executable, "first", Self.network, "\(threads)", setup.data])]
    if let python = setup.python {
      for name in setup.frameworks {
        commands.append(
          (name, [python, "\(setup.peers)/first.py", name, Self.network, "\(threads)", setup.data]))
      }
    }
    for (name, command) in commands {
      let times = try (0..<(name == ourName ? 5 : setup.quick ? 1 : 3)).map { _ in
        try Self.measure(Pinning.command(command, threads: threads))
      }
      let parts: [(String, (Times) -> Double)] = [
        ("start of the process", { $0.started }), ("reading 10,000 sequences", { $0.read }),
        ("first epoch", { $0.epoch }), ("all", { $0.started + $0.read + $0.epoch }),
      ]
      results.measurements += parts.map { part, value in
        Measurement(
          section: .start, item: part, contender: name, threads: threads, samples: times.map(value))
      }
    }
  }

  /// Seconds of the three parts.
  struct Times { var started, read, epoch: Double }

  /// What the process prints: the monotonic clock when it was ready to work, had read, and had trained.
  private struct Stamps: Decodable { var started, read, epoch: Double }

  private static func measure(_ command: [String]) throws -> Times {
    let start = monotonic()
    let output = try Command.run(command, capture: true)
    guard let line = output.split(separator: "\n").last,
      let stamps = try? JSONDecoder().decode(Stamps.self, from: Data(line.utf8))
    else { throw BenchmarkError("\(command.joined(separator: " ")): gave no times") }
    return Times(
      started: stamps.started - start, read: stamps.read - stamps.started,
      epoch: stamps.epoch - stamps.read)
  }

  static func monotonic() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

/// The process that `StartSection` measures.
struct First: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train one epoch and say when what was done (used by the benchmark itself).")

  @Argument var network: String
  @Argument var threads: Int
  @Argument var folder: String

  func run() throws {
    let started = StartSection.monotonic()
    Parallel.threads = threads
    let train = try DataSource(table: "\(folder)/FOXO1_train.csv").read()
    let read = StartSection.monotonic()
    guard let preset = Preset(rawValue: network) else { throw BenchmarkError("no network \(network)") }
    let trainer = try Trainer(
      Network(architecture: preset.architecture(length: train.sequences.requireUniformLength())),
      options: TrainingOptions())
    _ = try trainer.trainEpoch(on: train)
    answer(["started": started, "read": read, "epoch": StartSection.monotonic()])
  }
}
