import Foundation
import Runtime
import Sequences

/// A file that keeps the state of training, so that a run killed at any moment and resumed ends with the same bytes as one
/// that never was.
public struct TrainingCheckpoint: Equatable, Sendable {
  /// How often it is written.
  public enum Interval: Equatable, Sendable {
    case epochs(Int)
    case batches(Int)
  }

  public var path: String
  public var interval: Interval
  /// Goes on from the file if it is there; otherwise a file that is there is written over.
  public var resumes: Bool

  public init(_ path: String, every interval: Interval = .epochs(1), resumes: Bool = false) {
    self.path = path
    self.interval = interval
    self.resumes = resumes
  }
}

/// A trainer's checkpoint: safetensors with parameters, the optimizer's memories and the best weights as tensors; options,
/// state and a fingerprint of the data in the metadata.
struct CheckpointFile {
  private let checkpoint: TrainingCheckpoint
  private let trainer: Trainer
  private let data: String
  private let objective: Objective
  static let format = "motifkit checkpoint"

  /// Brings `trainer` to where the file left off, if that is wanted and there is one.
  ///
  /// Throws `InputError` if the file is damaged, or of another network, other options or other data.
  init(
    _ checkpoint: TrainingCheckpoint, _ trainer: Trainer, _ set: DataSet, _ validation: DataSet?
  ) throws {
    switch checkpoint.interval {
    case .epochs(let count), .batches(let count):
      guard count >= 1 else { throw InputError("a checkpoint's interval must be 1 or more, not \(count)") }
    }
    self.checkpoint = checkpoint
    self.trainer = trainer
    objective = set.objective
    var fingerprint = Fingerprint()
    fingerprint.add(set)
    if let validation { fingerprint.add(validation) }
    data = fingerprint.text
    if checkpoint.resumes, FileManager.default.fileExists(atPath: checkpoint.path) { try resume() }
  }

  func batchDone() throws {
    if case .batches(let count) = checkpoint.interval, trainer.update.steps % count == 0 { try write() }
  }

  func epochDone() throws {
    guard case .epochs(let count) = checkpoint.interval else { return try write() }
    if trainer.state.epoch % count == 0 || trainer.isFinished { try write() }
  }

  private func write() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let architecture = trainer.engine.architecture
    var tensors: [(name: String, tensor: Safetensors.Tensor)] = []
    func add(_ prefix: String, _ values: [Float]) {
      for tensor in architecture.tensors {
        tensors.append(
          (prefix + tensor.name, Safetensors.Tensor(shape: tensor.shape, values: Array(values[tensor.range])))
        )
      }
    }
    add("", trainer.engine.gather(trainer.engine.parameters))
    for (name, memory) in zip(trainer.options.optimizer.memories, trainer.update.memories) {
      add("\(name).", trainer.engine.gather(memory))
    }
    if let best = trainer.best { add("best.", best) }
    var metadata = [
      "architecture": architecture.json(), "format": Self.format, "data": data,
      "objective": String(decoding: try encoder.encode(objective), as: UTF8.self),
      "options": String(decoding: try encoder.encode(trainer.options), as: UTF8.self),
      "state": String(decoding: try encoder.encode(trainer.state), as: UTF8.self),
      "steps": String(trainer.update.steps),
    ]
    metadata["checksum"] = Self.checksum(metadata, tensors)
    try AtomicFile.write(Safetensors(metadata: metadata, tensors: tensors).encoded(), to: checkpoint.path)
  }

  private func resume() throws {
    func fail(_ reason: String) -> InputError { InputError(file: checkpoint.path, reason) }
    let file = try Safetensors(contentsOf: checkpoint.path)
    guard file.metadata["format"] == Self.format, let json = file.metadata["architecture"],
      let options = file.metadata["options"], let text = file.metadata["state"],
      let steps = file.metadata["steps"].flatMap(Int.init)
    else { throw fail("is no checkpoint of a training run") }
    guard file.metadata["checksum"] == Self.checksum(file.metadata, file.tensors) else {
      throw fail("is damaged: its checksum is another")
    }
    let architecture = try Architecture(json: Data(json.utf8), file: checkpoint.path)
    guard architecture == trainer.engine.architecture else {
      throw fail("belongs to another network; train without resuming, or with that network")
    }
    let differences = try Self.differences(options, trainer.options)
    guard differences.isEmpty else {
      throw fail("belongs to a run with other options: \(differences.joined(separator: ", "))")
    }
    guard let asked = file.metadata["objective"],
      (try? JSONDecoder().decode(Objective.self, from: Data(asked.utf8))) == objective
    else { throw fail("belongs to a run with another objective or from an earlier version") }
    guard file.metadata["data"] == data else { throw fail("belongs to a run on other data") }
    guard let state = try? JSONDecoder().decode(TrainingState.self, from: Data(text.utf8)),
      (0...trainer.options.epochs).contains(state.epoch), state.records.count == state.epoch,
      state.batch >= 0,
      steps >= state.batch
    else { throw fail("its state of training is damaged") }
    let parameters = try file.values(of: architecture, prefix: "", file: checkpoint.path)
    let memories = try trainer.options.optimizer.memories.map {
      try file.values(of: architecture, prefix: "\($0).", file: checkpoint.path)
    }
    let best = try state.bestEpoch.map { _ in
      try file.values(of: architecture, prefix: "best.", file: checkpoint.path)
    }
    trainer.state = state
    trainer.best = best
    trainer.update.steps = steps
    trainer.engine.scatter(parameters, into: trainer.engine.parameters)
    for (values, memory) in zip(memories, trainer.update.memories) {
      trainer.engine.scatter(values, into: memory)
    }
    trainer.engine.prepare()
  }

  /// Of all metadata but itself, and of all numbers.
  private static func checksum(
    _ metadata: [String: String], _ tensors: [(name: String, tensor: Safetensors.Tensor)]
  ) -> String {
    var fingerprint = Fingerprint()
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != "checksum" {
      fingerprint.add("\(key)=\(value)")
    }
    for (name, tensor) in tensors.sorted(by: { $0.name < $1.name }) {
      fingerprint.add("\(name)\(tensor.shape)")
      tensor.values.withUnsafeBytes { fingerprint.add($0) }
    }
    return fingerprint.text
  }

  /// The names of options that are not the same.
  private static func differences(_ json: String, _ options: TrainingOptions) throws -> [String] {
    func fields(_ data: Data) -> [String: NSObject] {
      (try? JSONSerialization.jsonObject(with: data)) as? [String: NSObject] ?? [:]
    }
    let (old, new) = (fields(Data(json.utf8)), fields(try JSONEncoder().encode(options)))
    return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
  }
}

/// 64 bits that change when the data do; not against forgery.
struct Fingerprint {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Eight bytes at a time: multiply and fold (after FNV-1a).
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var index = 0
    func take(_ word: UInt64) { hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15; hash ^= hash >> 29 }
    while index + 8 <= bytes.count {
      take(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      index += 8
    }
    while index < bytes.count {
      take(UInt64(bytes[index]))
      index += 1
    }
    take(UInt64(bytes.count))
  }

  mutating func add(_ text: String) { Array(text.utf8).withUnsafeBytes { add($0) } }

  init() {}

  init(_ set: DataSet) { add(set) }

  mutating func add(_ set: DataSet) {
    set.sequences.codes.withUnsafeBytes { add($0) }
    set.targets.values.withUnsafeBytes { add($0) }
  }

  var text: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
