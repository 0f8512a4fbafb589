import Runtime
import Sequences

/// What a network shall answer: for each sequence one number an output; NaN where it is not known.
public struct Targets: Equatable, Sendable {
  /// Numbers a sequence.
  public let outputs: Int
  /// (sequences, outputs), row-major.
  public let values: [Float]

  public init(outputs: Int, values: [Float]) {
    precondition(outputs > 0 && values.count % outputs == 0, "values for every output of every sequence")
    self.outputs = outputs
    self.values = values
  }

  /// Labels 0 and 1 for one output.
  public init(labels: [UInt8]) { self.init(outputs: 1, values: labels.map(Float.init)) }

  /// Class numbers 0..<count as one output a class, 1 for the sequence's own.
  ///
  /// Throws `InputError` if a number is no class.
  public init(classes labels: [UInt8], count: Int) throws {
    guard let largest = labels.max(), largest < count else {
      throw InputError("labels must be class numbers from 0 to \(count - 1)")
    }
    var values = [Float](repeating: 0, count: labels.count * count)
    for (index, label) in labels.enumerated() { values[index * count + Int(label)] = 1 }
    self.init(outputs: count, values: values)
  }

  /// Number of sequences.
  public var count: Int { values.count / outputs }
}

/// Sequences with their targets.
public struct TrainingSet: Sendable {
  public let sequences: SequenceSet
  public let targets: Targets
  /// Whether any base is unknown.
  let hasUnknown: Bool

  /// Throws `InputError` unless there are targets for every sequence.
  public init(_ sequences: SequenceSet, targets: Targets) throws {
    guard targets.count == sequences.count else {
      throw InputError("\(targets.count) rows of targets for \(sequences.count) sequences")
    }
    self.sequences = sequences
    self.targets = targets
    hasUnknown = sequences.codes.contains(Nucleotide.unknown)
  }

  /// Labels as targets: 0 and 1 for one output, else class numbers.
  ///
  /// Throws `InputError` without labels, or with a label that is no class.
  public init(_ sequences: SequenceSet, outputs: Int = 1) throws {
    guard sequences.isLabeled else { throw InputError("training needs a label for each sequence") }
    try self.init(
      sequences,
      targets: outputs == 1
        ? Targets(labels: sequences.labels) : Targets(classes: sequences.labels, count: outputs))
  }

  /// Throws `InputError` naming the first target that `loss` cannot take.
  func require(_ loss: Loss, of network: Network) throws {
    let outputs = network.architecture.outputCount
    try network.requireLength(of: sequences)
    guard targets.outputs == outputs else {
      throw InputError("\(targets.outputs) targets a sequence, but the network has \(outputs) outputs")
    }
    if loss == .categoricalCrossEntropy, outputs < 2 {
      throw InputError("categorical cross-entropy needs a network with an output for each class, two or more")
    }
    for (index, value) in targets.values.enumerated() where !value.isNaN {
      if let problem = loss.problem(value) {
        throw InputError("\(sequences.name(index / outputs)) has a target of \(value); \(problem)")
      }
    }
  }
}

extension Loss {
  /// What is wrong with a target that is not NaN, if something is.
  public func problem(_ target: Float) -> String? {
    switch self {
    case .binaryCrossEntropy, .categoricalCrossEntropy:
      (0...1).contains(target) ? nil : "\(name) needs numbers from 0 to 1"
    case .poisson: target >= 0 && target.isFinite ? nil : "\(name) needs counts"
    case .meanSquaredError: target.isFinite ? nil : "\(name) needs numbers"
    }
  }

  /// Mean loss over a set, and the share answered right where there is right and wrong.
  public func mean(_ outputs: [Float], _ targets: Targets) -> (loss: Double, accuracy: Double?) {
    var sum = Score()
    outputs.withUnsafeBufferPointer { outputs in
      targets.values.withUnsafeBufferPointer { values in
        for index in 0..<targets.count {
          let row = index * targets.outputs
          sum += evaluate(
            UnsafeBufferPointer(rebasing: outputs[row..<row + targets.outputs]), values.baseAddress! + row)
        }
      }
    }
    return (sum.loss / Double(targets.count), sum.accuracy(of: self))
  }

  /// Weights that make the classes of each output cost the same: n / (2·n₀) for targets of 0 and n / (2·n₁) for 1, n over
  /// the known ones; for `categoricalCrossEntropy` n / (classes · n of the class).
  ///
  /// Throws `InputError` for losses without classes.
  package func balancedWeights(_ targets: Targets) throws -> [Double] {
    guard hasAccuracy else { throw InputError("\(name) has no classes to balance") }
    var sums = [Double](repeating: 0, count: targets.outputs)
    var known = sums
    for (index, value) in targets.values.enumerated() where !value.isNaN {
      sums[index % targets.outputs] += Double(value)
      known[index % targets.outputs] += 1
    }
    return sums.indices.flatMap { output -> [Double] in
      let (n, positives) = (known[output], sums[output])
      if self == .categoricalCrossEntropy {
        return [1, n / (Double(targets.outputs) * max(1, positives))]
      }
      return [n / (2 * max(1, n - positives)), n / (2 * max(1, positives))]
    }
  }
}
