import ArgumentParser
import Foundation
import MotifKit
import Runtime

/// MotifKit as a contender: answers the same requests as Benchmarks/peers/worker.py.
struct Worker: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer requests to open, train, predict, explain and scan (used by the benchmark itself).")

  @Argument var threads: Int
  @Argument(help: "Holds FOXO1_train.csv and FOXO1_test.csv.") var folder: String

  func run() throws {
    Parallel.threads = threads
    answer(["name": "MotifKit", "version": "kernels \(Kernels.best.name)"])
    var session: TrainingSession?
    var scan: ScanSession?
    var attribution: AttributionTask?
    while let line = readLine() {
      let request = line.split(separator: " ").map(String.init)
      if request.first == "quit" { return }
      do { try serve(request, &session, &scan, &attribution) } catch { answer(["error": "\(error)"]) }
    }
  }

  private func serve(
    _ request: [String], _ session: inout TrainingSession?, _ scan: inout ScanSession?,
    _ attribution: inout AttributionTask?
  ) throws {
    switch request.first {
    case "open" where request[1] == "scan":
      scan = try ScanSession(folder: folder)
      answer(["opened": "scan"])
    case "open" where request[1].hasPrefix("attribution-"):
      attribution = try AttributionTask(String(request[1].dropFirst("attribution-".count)))
      answer(["opened": request[1]])
    case "open":
      session = try TrainingSession(request[1], folder: folder, threads: threads)
      answer(["opened": request[1]])
    case "train":
      let seconds = try session!.trainEpoch()
      answer(["seconds": seconds, "sequences": session!.train.count])
    case "predict":
      let (seconds, logits) = try session!.predict()
      var reply: [String: Any] = ["seconds": seconds, "sequences": session!.test.count]
      if let accuracy = session!.accuracy(logits) { reply["accuracy"] = accuracy }
      answer(reply)
    case "explain":
      let (seconds, count) = try attribution!.run(request[1])
      answer(["seconds": seconds, "sequences": count])
    case "scan":
      let (seconds, hits) = scan!.run()
      answer(["seconds": seconds, "hits": hits])
    default: throw BenchmarkError("no such request: \(request.joined(separator: " "))")
    }
  }
}

/// One network on its data, trained epoch by epoch.
private final class TrainingSession {
  let train: DataSet
  let test: DataSet
  private let isExercise: Bool
  private let trainer: Trainer

  init(_ name: String, folder: String, threads: Int) throws {
    let network = try BenchmarkNetwork(name)
    isExercise = network.isExercise
    var options = TrainingOptions()
    options.batchSize = network.batchSize
    if isExercise {
      train = try DataSource(table: "\(folder)/FOXO1_train.csv").read()
      test = try DataSource(table: "\(folder)/FOXO1_test.csv").read()
    } else {
      let sequences = try BenchmarkNetwork.randomData(
        count: network.batchSize * network.batches, length: network.length
      ).sequences
      let targets = try network.randomTargets(count: sequences.count)
      let outputs = (0..<targets.outputs).map(String.init)
      train = try DataSet(
        sequences, targets: targets,
        objective: Objective(loss: .meanSquaredError, columns: outputs, outputs: outputs))
      test = train
    }
    trainer = try Trainer(network.network(), options: options, threads: threads)
  }

  func trainEpoch() throws -> Double { try seconds { _ = try trainer.trainEpoch(on: train) } }

  func predict() throws -> (seconds: Double, logits: [Float]) {
    let network = trainer.network
    var logits: [Float] = []
    let seconds = try seconds { logits = try network.logits(of: test.sequences) }
    return (seconds, logits)
  }

  /// Of the exercise's test set.
  func accuracy(_ logits: [Float]) -> Double? {
    guard isExercise else { return nil }
    let right = zip(logits, test.labels).count { ($0 > 0) == ($1 == 1) }
    return Double(right) / Double(logits.count)
  }
}

/// Random DNA scanned with FOXO1 on one strand.
private final class ScanSession {
  private let scanner: MotifScanner
  private let sequences: SequenceSet

  init(folder: String) throws {
    let task = try ScanTask.read(folder: folder)
    let motif = ScanMotif(
      identifier: "FOXO1", weights: Motif.foxo1.weights(), threshold: .score(task.score))
    scanner = MotifScanner([motif], bothStrands: false)
    sequences = try SequenceSet(contentsOf: ScanTask.sequences(folder))
  }

  func run() -> (seconds: Double, hits: Int) {
    var hits = 0
    let seconds = seconds { hits = scanner.hits(in: sequences).count }
    return (seconds, hits)
  }
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let time = try ContinuousClock().measure(body)
  return Double(time.components.seconds) + 1e-18 * Double(time.components.attoseconds)
}

func answer(_ reply: [String: Any]) {
  let data = try! JSONSerialization.data(withJSONObject: reply, options: .sortedKeys)
  FileHandle.standardOutput.write(data + Data("\n".utf8))
}
