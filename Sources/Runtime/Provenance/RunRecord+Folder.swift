import Foundation

extension RunRecord {
  /// Fills a folder whole or not at all with what `body` writes, and adds `run.json`.
  ///
  /// - Parameters:
  ///   - command: the command line as typed.
  ///   - inputs: the files it reads.
  ///   - stages: what took how long, asked for when `body` is done.
  /// - Throws: `InputError` if an input or the folder is missing or refuses; whatever `body` throws.
  public static func fill(
    _ folder: String, command: [String], seed: UInt64, inputs: [String],
    stages: () -> [Stage] = { [] }, _ body: (_ stage: String) throws -> Void
  ) throws {
    try OutputFolder.write(folder) { stage in
      let clock = StageClock()
      try body(stage)
      let inputs = try inputs.map(Input.init)
      let record = RunRecord(
        command: command, seed: seed, threads: Parallel.threads, inputs: inputs, started: clock.startedText,
        stages: stages(), seconds: clock.seconds, peakMemoryBytes: peakMemory)
      try AtomicFile.write(record.json, to: "\(stage)/run.json")
    }
  }
}
