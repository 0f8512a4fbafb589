/// Scores of labeled examples in order, ties together: what all curves and areas are made from.
///
/// Scores that differ by rounding alone, by less than 2⁻²⁰ of the larger, are ties: one and the same sum has other last
/// digits where its terms are added in another order.
package struct RankedScores {
  /// How many examples share one score.
  struct Group {
    /// The lowest of them.
    var score: Float
    var positives: Int
    var negatives: Int
  }

  /// From the highest score to the lowest.
  let groups: [Group]
  let positives: Int
  let negatives: Int
  /// Group of each example.
  let groupOfExample: [Int]

  /// `nil` if one class is missing or a score is not a number.
  ///
  /// - Parameter exactly: keeps scores that differ in their last digit apart, to find what lies between them.
  package init?(scores: [Float], labels: [UInt8], exactly: Bool = false) {
    precondition(scores.count == labels.count, "one label for each score")
    guard !scores.contains(where: \.isNaN) else { return nil }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var groups: [Group] = []
    var groupOfExample = [Int](repeating: 0, count: scores.count)
    var highest = Float.infinity
    for index in order {
      let isTied = exactly ? highest == scores[index] : highest.isTied(with: scores[index])
      if groups.isEmpty || !isTied {
        highest = scores[index]
        groups.append(Group(score: highest, positives: 0, negatives: 0))
      }
      groups[groups.count - 1].score = scores[index]
      if labels[index] == 1 {
        groups[groups.count - 1].positives += 1
      } else {
        groups[groups.count - 1].negatives += 1
      }
      groupOfExample[index] = groups.count - 1
    }
    positives = groups.reduce(0) { $0 + $1.positives }
    negatives = scores.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    self.groups = groups
    self.groupOfExample = groupOfExample
  }

  /// For a positive and a negative at one score the share of the other class that stands on the other side of it, ties
  /// counting half (DeLong, DeLong & Clarke-Pearson 1988).
  struct Placement {
    var ofPositive: Double
    var ofNegative: Double
  }

  /// Of each group.
  var placements: [Placement] {
    var above = (positives: 0.0, negatives: 0.0)
    return groups.map { group in
      let (p, n) = (Double(group.positives), Double(group.negatives))
      defer { above = (above.positives + p, above.negatives + n) }
      return Placement(
        ofPositive: 1 - (above.negatives + n / 2) / Double(negatives),
        ofNegative: (above.positives + p / 2) / Double(positives))
    }
  }

  /// Area under the ROC curve: the probability that a positive scores above a negative, ties counting half.
  package var auroc: Double {
    zip(groups, placements).reduce(0) { $0 + Double($1.0.positives) * $1.1.ofPositive } / Double(positives)
  }

  /// Σ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct scores from the highest down.
  package var averagePrecision: Double {
    Self.averagePrecision(groups.map { Int32($0.positives) }, groups.map { Int32($0.negatives) })
  }

  /// The same from the numbers of both classes in each group of equal scores, highest first.
  static func averagePrecision(_ positives: [Int32], _ negatives: [Int32]) -> Double {
    var truePositives = 0
    var predicted = 0
    var sum = 0.0
    for group in positives.indices {
      truePositives += Int(positives[group])
      predicted += Int(positives[group] + negatives[group])
      if positives[group] > 0 {
        sum += Double(positives[group]) * Double(truePositives) / Double(predicted)
      }
    }
    return sum / Double(truePositives)
  }
}
