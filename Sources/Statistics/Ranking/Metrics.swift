import Foundation

/// How good a binary classifier's scores are, each number with its confidence interval.
public enum Metrics {
  /// Share of examples on the right side of `threshold`, with Wilson's interval (Wilson 1927).
  ///
  /// A score above the threshold says positive; for logits 0 is the probability one half.
  public static func accuracy(
    scores: [Float], labels: [UInt8], threshold: Float = 0, confidence: Double = 0.95
  ) -> Estimate {
    precondition(scores.count == labels.count && !scores.isEmpty, "one label for each score")
    let right = zip(scores, labels).count { ($0 > threshold) == ($1 == 1) }
    return proportion(right, of: scores.count, confidence: confidence)
  }

  /// k/n with Wilson's interval: the values that a score test at that level does not reject.
  public static func proportion(_ k: Int, of n: Int, confidence: Double = 0.95) -> Estimate {
    precondition(n > 0 && (0...n).contains(k), "a part of a whole")
    let n = Double(n)
    let p = Double(k) / n
    let z = Estimate.quantile(confidence: confidence)
    let scale = 1 + z * z / n
    let center = (p + z * z / (2 * n)) / scale
    let margin = z / scale * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return Estimate(value: p, low: max(0, min(p, center - margin)), high: min(1, max(p, center + margin)))
  }

  /// Mean binary cross-entropy of logits, −y log σ(z) − (1 − y) log(1 − σ(z)), in nats, with the normal interval
  /// of a mean.
  public static func crossEntropy(
    logits: [Float], labels: [UInt8], confidence: Double = 0.95
  ) -> Estimate {
    precondition(logits.count == labels.count && !logits.isEmpty, "one label for each logit")
    return mean(
      zip(logits, labels).map { crossEntropy(logit: Double($0), target: Double($1)) }, confidence: confidence)
  }

  /// Binary cross-entropy of a logit z and a target y from 0 to 1, softplus(z) − y·z, in nats; for y = 1 as softplus(−z),
  /// which a large z does not round to 0.
  package static func crossEntropy(logit z: Double, target y: Double) -> Double {
    let x = y == 1 ? -z : z
    // log(1 + eˣ), written so that it does not overflow.
    let softplus = max(x, 0) + log1p(exp(-abs(x)))
    return y == 1 || y == 0 ? softplus : softplus - y * z
  }

  /// Area under the ROC curve: the probability that a positive scores above a negative, ties counting half,
  /// with the interval of DeLong, DeLong & Clarke-Pearson 1988.
  ///
  /// `nil` if one class is missing or a score is not a number. Time O(n log n) (Sun & Xu 2014).
  public static func auroc(scores: [Float], labels: [UInt8], confidence: Double = 0.95) -> Estimate? {
    guard let ranked = RankedScores(scores: scores, labels: labels) else { return nil }
    let positives = Double(ranked.positives)
    let negatives = Double(ranked.negatives)
    var positiveMoments = (sum: 0.0, squares: 0.0)
    var negativeMoments = (sum: 0.0, squares: 0.0)
    for (group, place) in zip(ranked.groups, ranked.placements) {
      let p = Double(group.positives)
      let n = Double(group.negatives)
      positiveMoments.sum += p * place.ofPositive
      positiveMoments.squares += p * place.ofPositive * place.ofPositive
      negativeMoments.sum += n * place.ofNegative
      negativeMoments.squares += n * place.ofNegative * place.ofNegative
    }
    func varianceOfMean(_ moments: (sum: Double, squares: Double), _ count: Double) -> Double {
      guard count > 1 else { return 0 }
      return max(0, moments.squares - moments.sum * moments.sum / count) / (count - 1) / count
    }
    let variance = varianceOfMean(positiveMoments, positives) + varianceOfMean(negativeMoments, negatives)
    return Estimate(
      value: ranked.auroc, standardError: variance.squareRoot(), confidence: confidence, bounds: 0...1)
  }
}
