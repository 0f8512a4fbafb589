import Foundation

extension RunRecord {
  /// Fills a folder whole or not at all with what `body` writes, and adds `run.json`.
  ///
  /// Replaces what an earlier run wrote there, as its `run.json` lists it, and nothing else.
  /// - Parameters:
  ///   - inputs: the files it reads, with those of `reproduction`; they are hashed from before the work begins.
  ///   - entries: files and folders in `folder` that it writes.
  ///   - stages: what took how long, asked for when `body` is done.
  /// - Throws: `InputError` if an input or the folder is missing or refuses, or a file is in the way that no run wrote;
  ///   whatever `body` throws.
  public static func fill<Result>(
    _ folder: String, _ reproduction: Reproduction, inputs paths: [String], entries: [String],
    stages: () -> [Stage] = { [] }, _ body: (_ stage: String, _ inputs: () throws -> [Input]) throws -> Result
  ) throws -> Result {
    let clock = StageClock()
    let old = outputs(of: folder)
    try requireReplaceable(folder, entries: entries, old: old)
    var seen: Set<String> = []
    let files = (paths + reproduction.files).filter { seen.insert($0).inserted }
    let inputs = try InputDigests(files)
    defer { inputs.stop() }
    return try OutputFolder.write(folder, replacing: old) { stage in
      let result = try body(stage, inputs.values)
      let record = RunRecord(
        command: reproduction.command, seed: reproduction.seed, threads: Parallel.threads,
        inputs: try inputs.values(),
        outputs: (try OutputFolder.files(in: stage) + [name]).sorted(), started: clock.startedText,
        stages: stages(), seconds: clock.seconds, peakMemoryBytes: peakMemory)
      try AtomicFile.write(record.json, to: "\(stage)/\(name)")
      return result
    }
  }

  private static let name = "run.json"

  /// The files that the folder's `run.json` lists; none without one.
  static func outputs(of folder: String) -> Set<String> {
    struct Listed: Decodable {
      var program: String
      var outputs: [String]
    }
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
      let listed = try? JSONDecoder().decode(Listed.self, from: data), listed.program == "motifkit"
    else { return [] }
    return Set(listed.outputs)
  }

  /// Says before the work begins what would be in the way after it.
  private static func requireReplaceable(_ folder: String, entries: [String], old: Set<String>) throws {
    for entry in (entries + [name]).sorted() {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: "\(folder)/\(entry)", isDirectory: &isFolder),
        !old.contains(entry), !(isFolder.boolValue && old.contains { $0.hasPrefix("\(entry)/") })
      else { continue }
      throw InputError(
        file: folder, "holds \(entry), which no run recorded there; choose another folder with --out")
    }
    for file in old.sorted() where entries.contains(where: { file == $0 || file.hasPrefix("\($0)/") }) {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: "\(folder)/\(file)", isDirectory: &isFolder),
        isFolder.boolValue
      {
        throw InputError(
          file: "\(folder)/\(file)", "is a folder where a run wrote a file; choose another folder with --out")
      }
    }
  }
}
