import Runtime
import Sequences
import Statistics

/// The best accuracy that any classifier can have on planted sequences, given what it knows of the position.
///
/// The best classifier is Bayes's: it says "site" where the likelihood ratio of the mixture over its candidate
/// windows, Σ wᵢ Πⱼ f(j, base at i + j) / ¼, is above one. Its accuracy is measured on sequences drawn from the
/// model, as many with a site as without.
public struct Ceiling: Equatable, Sendable {
  /// Accuracy of the best classifier, with the Wilson interval of the sampling.
  public let accuracy: Estimate
  /// Standard error of `accuracy`.
  public let standardError: Double
  /// Number of windows it cannot tell apart.
  public let windows: Int

  /// Sequences of each class: a standard error of at most 0.0009 for accuracies above 0.8.
  public static let defaultSequencesPerClass = 100_000

  /// The ceiling for each of `knowledge`, all on the same sequences.
  ///
  /// - Parameters:
  ///   - model: what is planted; its `count` and `seed` play no part.
  ///   - sequencesPerClass: how many are drawn of each class.
  ///   - seed: of the drawing; the result does not depend on `threads`.
  public static func measure(
    _ model: PlantedSimulation, knowledge: [PositionKnowledge],
    sequencesPerClass: Int = defaultSequencesPerClass, seed: UInt64 = 0, threads: Int = Parallel.threads
  ) -> [Ceiling] {
    precondition(sequencesPerClass > 0, "sequences to measure on")
    let ratios = WindowRatios(model)
    let total = 2 * sequencesPerClass
    let block = 2048
    let right = Parallel.map((total + block - 1) / block, threads: threads) { (task: Int) -> [Int] in
      var right = [Int](repeating: 0, count: knowledge.count)
      var random = CounterRandom(seed: seed, purpose: .sampling, epoch: 1, index: task)
      let weights = knowledge.map { $0.weights.map(Float.init) }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: model.length) { codes in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: model.lastStart + 1) { windows in
          for index in task * block..<min(total, (task + 1) * block) {
            let hasSite = index % 2 == 1
            _ = model.draw(codes, withSite: hasSite, using: &random)
            ratios.compute(codes, into: windows)
            for (which, knowledge) in knowledge.enumerated() {
              let ratio = Self.mixture(windows, knowledge.starts, weights[which])
              if (ratio > 1) == hasSite { right[which] += 1 }
            }
          }
        }
      }
      return right
    }
    return knowledge.indices.map { index in
      let accuracy = Metrics.proportion(right.reduce(0) { $0 + $1[index] }, of: total)
      return Ceiling(
        accuracy: accuracy,
        standardError: (accuracy.value * (1 - accuracy.value) / Double(total)).squareRoot(),
        windows: knowledge[index].starts.count)
    }
  }

  private static func mixture(
    _ windows: UnsafeMutableBufferPointer<Float>, _ starts: [Int], _ weights: [Float]
  ) -> Float {
    var ratio: Float = 0
    for index in starts.indices { ratio += weights[index] * windows[starts[index]] }
    return ratio
  }
}

/// The likelihood ratio of every window of a sequence, from tables over up to six bases at once.
private struct WindowRatios: Sendable {
  private struct Table {
    /// The last base of its part of the window, from the window's start.
    var end: Int
    /// Selects the bases of the part from the code of the last six.
    var mask: Int
    /// Π f/¼ by the code of the bases, two bits each, the last base lowest.
    var ratios: [Float]
  }

  private static let basesPerTable = 6
  private let tables: [Table]

  init(_ model: PlantedSimulation) {
    let width = model.frequencies.count
    tables = stride(from: 0, to: width, by: Self.basesPerTable).map { first in
      let rows = model.frequencies[first..<min(width, first + Self.basesPerTable)]
      var ratios: [Double] = [1]
      for row in rows { ratios = ratios.flatMap { ratio in row.map { ratio * $0 * 4 } } }
      return Table(end: first + rows.count - 1, mask: ratios.count - 1, ratios: ratios.map(Float.init))
    }
  }

  /// Writes the ratio of the window at each start.
  func compute(_ codes: UnsafeMutableBufferPointer<UInt8>, into windows: UnsafeMutableBufferPointer<Float>) {
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: codes.count) { words in
      var word: UInt16 = 0
      for position in 0..<codes.count {
        word = (word << 2 | UInt16(codes[position])) & 0xFFF
        words[position] = word
      }
      for (index, table) in tables.enumerated() {
        table.ratios.withUnsafeBufferPointer { ratios in
          for start in 0..<windows.count {
            let ratio = ratios[Int(words[start + table.end]) & table.mask]
            windows[start] = index == 0 ? ratio : windows[start] * ratio
          }
        }
      }
    }
  }
}
