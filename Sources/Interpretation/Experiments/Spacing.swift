import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// Two sites at varied distance, strands and order in the same backgrounds: what they do together beyond what each does alone.
public struct SpacingExperiment: Sendable {
  public struct Row: Sendable {
    /// In their order along the sequence.
    public let first, second: String
    public let isFirstReverse, isSecondReverse: Bool
    /// Bases between them.
    public let distance: Int
    /// 0-based position of the first base.
    public let start: Int
    /// Of both sites together, and of each alone at the same place.
    public let both, firstAlone, secondAlone: PairedEffect
    /// Both less the sum of each alone.
    public let interaction: Estimate
  }

  /// In order of arrangement, distance.
  public let rows: [Row]
  public let measure: ExperimentMeasure
  /// Background sequences.
  public let count: Int

  /// The pair as a whole stands in the middle, from `L / 2 − (both widths + distance) / 2` on.
  ///
  /// - Parameters:
  ///   - distances: bases between the sites.
  ///   - allStrands: both sites on both strands, four arrangements instead of one.
  ///   - bothOrders: also the second site before the first.
  ///   - progress: called with the number of rows done.
  /// - Throws: `InputError` if there is no background, one has another length than the network takes, or an arrangement does not
  ///   fit.
  public init(
    _ site: InsertedSite, _ other: InsertedSite, into backgrounds: SequenceSet, distances: [Int],
    allStrands: Bool = true, bothOrders: Bool = false, measure: ExperimentMeasure,
    progress: (Int) -> Void = { _ in }
  ) throws {
    guard backgrounds.count > 0 else { throw InputError("an experiment needs a background sequence") }
    try measure.network.requireLength(of: backgrounds)
    let length = measure.network.architecture.input.length
    var rows: [Row] = []
    for (first, second) in Self.arrangements(site, other, allStrands: allStrands, bothOrders: bothOrders) {
      for distance in distances {
        let (room, overflow) = distance.addingReportingOverflow(first.width + second.width)
        guard distance >= 0, !overflow, room <= length else {
          throw InputError(
            "\(first.name) and \(second.name) at a distance of \(distance) do not fit into \(length) bases")
        }
        let start = length / 2 - room / 2
        let next = start + first.width + distance
        let places = [start..<start + first.width, next..<next + second.width]
        func effect(_ changed: SequenceSet, _ before: [Double]) throws -> PairedEffect {
          PairedEffect(before: before, after: try measure.values(changed) { _ in places })
        }
        let before = try measure.values(backgrounds) { _ in places }
        let withFirst = backgrounds.inserting(first, at: start)
        let both = try effect(withFirst.inserting(second, at: next), before)
        let firstAlone = try effect(withFirst, before)
        let secondAlone = try effect(backgrounds.inserting(second, at: next), before)
        let sum = zip(firstAlone.differences, secondAlone.differences).map { $0 + $1 }
        rows.append(
          Row(
            first: first.name, second: second.name, isFirstReverse: first.isReverse,
            isSecondReverse: second.isReverse, distance: distance, start: start, both: both,
            firstAlone: firstAlone, secondAlone: secondAlone,
            interaction: PairedEffect(before: sum, after: both.differences).effect))
        progress(rows.count)
      }
    }
    self.rows = rows
    self.measure = measure
    count = backgrounds.count
  }

  private static func arrangements(
    _ site: InsertedSite, _ other: InsertedSite, allStrands: Bool, bothOrders: Bool
  ) -> [(InsertedSite, InsertedSite)] {
    (bothOrders ? [(site, other), (other, site)] : [(site, other)]).flatMap { first, second in
      allStrands
        ? [
          (first, second), (first, second.reversed), (first.reversed, second),
          (first.reversed, second.reversed),
        ] : [(first, second)]
    }
  }
}
