import Foundation
import Runtime
import Sequences

/// What a network's outputs stand for: the losses they are trained with, and the names of what they answer.
///
/// It goes with a model file, so that evaluation and prediction know which columns of a table the outputs are.
public struct Objective: Codable, Equatable, Sendable {
  /// One after the other they cover the network's outputs.
  public var heads: [Head]
  /// Titles of the table's columns that hold the targets; none for the column `label` or `Bound` with 0 and 1.
  public var columns: [String]

  public init(heads: [Head], columns: [String] = []) {
    (self.heads, self.columns) = (heads, columns)
  }

  /// One head for all outputs.
  public init(loss: Loss, columns: [String], outputs: [String]) {
    self.init(heads: [Head(loss: loss, outputs: outputs)], columns: columns)
  }

  /// One output: is the sequence positive?
  public static let binary = Objective(loss: .binaryCrossEntropy, columns: [], outputs: ["label"])

  /// The names of all outputs, in order.
  public var outputs: [String] { heads.flatMap(\.outputs) }

  /// The places of each head's outputs among all.
  public var ranges: [Range<Int>] {
    var first = 0
    return heads.map { head in
      defer { first += head.outputs.count }
      return first..<first + head.outputs.count
    }
  }

  /// The loss of the only head; `nil` with several.
  public var loss: Loss? { heads.count == 1 ? heads[0].loss : nil }

  /// Losses in words.
  public var lossName: String { heads.map(\.loss.name).joined(separator: " and ") }

  /// Whether there is one question, with yes and no.
  public var isBinary: Bool { loss == .binaryCrossEntropy && outputs.count == 1 }

  /// Whether outputs are classes, of which one word in one column names the right one.
  public var hasClassColumn: Bool { loss == .categoricalCrossEntropy && columns.count == 1 }

  /// Whether all that is asked can be answered right or wrong.
  public var hasAccuracy: Bool { heads.allSatisfy(\.loss.hasAccuracy) }

  /// - Parameter what: such as "an audit".
  /// - Throws: `InputError` unless the one question is yes or no.
  public func requireBinary(for what: String, file: String? = nil) throws {
    guard isBinary else {
      throw InputError(
        file: file,
        "was not trained on one column of yes and no, which \(what) needs; its outputs are \(summary)")
    }
  }

  /// Throws `InputError` unless a network with `count` outputs can answer it.
  func require(outputs count: Int, file: String? = nil) throws {
    guard outputs.count == count else {
      throw InputError(file: file, "names \(outputs.count) outputs where the network has \(count)")
    }
    guard columns.count == count || columns.isEmpty || hasClassColumn else {
      throw InputError(file: file, "names \(columns.count) columns for \(count) outputs")
    }
    for head in heads {
      guard let summed = head.sumOf else { continue }
      let found = heads.first { $0.name == summed && $0.sumOf == nil && !head.outputs.isEmpty }
      guard let found, found.outputs.count % head.outputs.count == 0,
        Set(heads.map(\.name)).count == heads.count
      else {
        throw InputError(file: file, "\(head.name) is the sum of \(summed), which is no such head")
      }
    }
    for head in heads where head.loss.sharesOutputs && head.outputs.count < 2 {
      throw InputError(
        file: file, "\(head.loss.name) needs a network with an output for each class, two or more")
    }
  }

  private var summary: String {
    let names = outputs.prefix(4).joined(separator: ", ") + (outputs.count > 4 ? ", …" : "")
    return "\(names) (\(lossName))"
  }
}

extension Objective {
  /// What each output says in the units of its targets: a probability, a number, a rate, a count. (sequences, outputs).
  public func predictions(_ logits: [Float]) -> [Float] {
    let width = outputs.count
    return stride(from: 0, to: logits.count, by: width).flatMap { row in
      zip(heads, ranges).flatMap { $0.loss.predictions(logits[row + $1.lowerBound..<row + $1.upperBound]) }
    }
  }

  /// Loss of one sequence and its derivative by the outputs, as `Loss.evaluate`; losses of heads are added, each times
  /// its weight.
  package func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, _ targets: UnsafePointer<Float>, weights: [Double] = [],
    focusing: Double = 0, gradient: UnsafeMutablePointer<Double>? = nil
  ) -> Score {
    var (sum, first) = (Score(), 0)
    for head in heads {
      let count = head.outputs.count
      var score = head.loss.evaluate(
        UnsafeBufferPointer(rebasing: outputs[first..<first + count]), targets + first,
        weights: weights.isEmpty ? [] : weights[2 * first..<2 * (first + count)], focusing: focusing,
        gradient: gradient.map { $0 + first })
      if head.weight != 1 {
        score.loss *= head.weight
        for i in first..<first + count { gradient?[i] *= head.weight }
      }
      sum += score
      first += count
    }
    return sum
  }

  /// The score of each sequence of a set.
  ///
  /// - Parameter logits: (sequences, outputs).
  package func scores(_ logits: [Float], _ targets: Targets) -> [Score] {
    logits.withUnsafeBufferPointer { outputs in
      targets.values.withUnsafeBufferPointer { values in
        (0..<targets.count).map { index in
          let row = index * targets.outputs
          return evaluate(
            UnsafeBufferPointer(rebasing: outputs[row..<row + targets.outputs]), values.baseAddress! + row)
        }
      }
    }
  }

  /// Mean loss over a set, and the share answered right where there is right and wrong.
  package func mean(_ logits: [Float], _ targets: Targets) -> (loss: Double, accuracy: Double?) {
    let sum = scores(logits, targets).reduce(into: Score()) { $0 += $1 }
    return (sum.loss / Double(targets.count), hasAccuracy ? sum.accuracy : nil)
  }

  /// Throws `InputError` unless every question is of yes and no, which the focal loss needs.
  func requireFocusable() throws {
    guard heads.allSatisfy({ $0.loss == .binaryCrossEntropy }) else {
      throw InputError("the focal loss is for questions of yes and no, not for \(lossName)")
    }
  }

  /// Weights that make the classes of each output cost the same: n / (2·n₀) for targets of 0 and n / (2·n₁) for 1, n over
  /// the known ones; for `categoricalCrossEntropy` n / (classes · n of the class). Two for each output.
  ///
  /// Throws `InputError` for losses without classes.
  package func balancedWeights(_ targets: Targets) throws -> [Double] {
    guard hasAccuracy else { throw InputError("\(lossName) has no classes to balance") }
    var sums = [Double](repeating: 0, count: targets.outputs)
    var known = sums
    for (index, value) in targets.values.enumerated() where !value.isNaN {
      sums[index % targets.outputs] += Double(value)
      known[index % targets.outputs] += 1
    }
    return zip(heads, ranges).flatMap { head, range in
      range.flatMap { output -> [Double] in
        let (n, positives) = (known[output], sums[output])
        if head.loss == .categoricalCrossEntropy {
          return [1, n / (Double(range.count) * max(1, positives))]
        }
        return [n / (2 * max(1, n - positives)), n / (2 * max(1, positives))]
      }
    }
  }
}
