import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Networks trained once for each fold and measured on what was held out (Stone 1974; Kohavi 1995).
public struct CrossValidation: Sendable {
  /// A network to be trained from the beginning in each fold.
  public struct Contender: Sendable {
    public var name: String
    public var architecture: Architecture

    public init(_ name: String, _ architecture: Architecture) {
      (self.name, self.architecture) = (name, architecture)
    }

    /// - Throws: `InputError` unless the network has an output for each of the objective's.
    func require(_ objective: Objective) throws {
      let (found, wanted) = (architecture.outputCount, objective.outputs.count)
      guard found == wanted else {
        let what = objective.isBinary ? "one for yes or no is needed" : "there are \(wanted) to learn"
        throw InputError("\(name): the network has \(found) outputs; \(what)")
      }
    }
  }

  /// What became of one network.
  public struct Result: Sendable {
    public let name: String
    public let parameters: Int
    /// One for each fold.
    public let runs: [HeldOutRun]
    /// Of all sequences, each from the network that had not seen it: (sequences, outputs).
    public let logits: [Float]
    fileprivate let objective: Objective

    /// A metric's mean over the folds; `nil` where a fold lacks it, as a correlation of what does not vary.
    public func mean(_ metric: Metric) -> FoldMean? {
      let values = runs.compactMap { $0.metrics[metric] }
      return values.count == runs.count ? FoldMean(values, bounds: objective.bounds(of: metric)) : nil
    }
  }

  public let folds: Folds
  public let data: DataSet
  public let networks: [Result]
  /// What networks are judged by.
  public var metrics: [Metric] { data.objective.metrics }

  /// Trains every network on every fold, several at once.
  ///
  /// Fold f uses the seed `options.seed` + f for parameters, order and dropout, the same for all networks. The result does not
  /// depend on the number of threads.
  /// - Parameters:
  ///   - set: sequences with targets of any kind.
  ///   - options: without early stopping, and with a schedule that does not look at the validation loss: either would
  ///     choose by the sequences that the network is measured on.
  ///   - progress: called from any thread with the sequences done, of networks × folds × epochs × sequences.
  /// - Throws: `InputError` if options or sequences do not fit, or naming network and fold whose loss is no longer a number.
  public init(
    _ contenders: [Contender], on set: DataSet, folds: Folds, options: TrainingOptions,
    threads: Int = Parallel.threads, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    try options.requireBlindness()
    for contender in contenders { try contender.require(set.objective) }
    let tasks = contenders.count * folds.count
    let shared = SharedProgress(progress)
    let runs = try Parallel.tryMap(tasks, threads: threads) { task in
      let (contender, fold) = (contenders[task / folds.count], task % folds.count)
      var options = options
      options.seed &+= UInt64(fold)
      do {
        return try HeldOutRun(
          contender.architecture, on: set, train: folds.parts[fold].train, test: folds.parts[fold].test,
          options: options, threads: max(1, threads / tasks), progress: shared.task())
      } catch let error as InputError {
        throw InputError(
          file: error.file, line: error.line, "\(contender.name), fold \(fold + 1): \(error.reason)")
      }
    }
    self.folds = folds
    data = set
    let width = set.objective.outputs.count
    networks = contenders.enumerated().map { number, contender in
      let runs = Array(runs[number * folds.count..<(number + 1) * folds.count])
      var logits = [Float](repeating: 0, count: set.count * width)
      for run in runs {
        for (row, index) in run.test.enumerated() {
          for k in 0..<width { logits[index * width + k] = run.logits[row * width + k] }
        }
      }
      return Result(
        name: contender.name, parameters: contender.architecture.parameterCount, runs: runs, logits: logits,
        objective: set.objective)
    }
  }
}

extension TrainingOptions {
  /// - Throws: `InputError` if training would choose by the loss on the sequences held out.
  func requireBlindness() throws {
    func fail(_ what: String) -> InputError {
      InputError("\(what) looks at the sequences that a fold holds out, so its measure would be too good")
    }
    if earlyStopping != nil { throw fail("early stopping") }
    if case .reduceOnPlateau = schedule { throw fail("the schedule plateau") }
  }
}
