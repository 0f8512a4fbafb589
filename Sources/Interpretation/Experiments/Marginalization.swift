import NeuralNetworks
import Runtime
import Sequences

/// What sites do in sequences that do not hold them (marginalization; tangermeme, Schreiber 2025, bioRxiv 2025.08.08.669296).
public struct Marginalization: Sendable {
  /// One site at one place, on one strand.
  public struct Row: Sendable {
    public let site: String
    /// 0-based position of its first base.
    public let start: Int
    public let width: Int
    public let isReverse: Bool
    public let effect: PairedEffect
  }

  /// In order of site, strand, start.
  public let rows: [Row]
  public let measure: ExperimentMeasure
  /// Background sequences.
  public let count: Int

  /// - Parameters:
  ///   - sites: to put in, one at a time.
  ///   - starts: where; `nil` for the middle, `L / 2 − width / 2`.
  ///   - bothStrands: each site also as its reverse complement.
  ///   - progress: called with the number of rows done.
  /// - Throws: `InputError` if there is no background, one has another length than the network takes, or a site does not fit.
  public init(
    _ sites: [InsertedSite], into backgrounds: SequenceSet, starts: [Int]? = nil, bothStrands: Bool = false,
    measure: ExperimentMeasure, progress: (Int) -> Void = { _ in }
  ) throws {
    guard backgrounds.count > 0 else { throw InputError("an experiment needs a background sequence") }
    try measure.network.requireLength(of: backgrounds)
    let length = measure.network.architecture.input.length
    var rows: [Row] = []
    // The output does not depend on where it is looked at.
    let plain = measure.method == nil ? try measure.values(backgrounds) { _ in [] } : nil
    for site in sites.flatMap({ bothStrands ? [$0, $0.reversed] : [$0] }) {
      for start in starts ?? [length / 2 - site.width / 2] {
        guard start >= 0, start <= length - site.width else {
          throw InputError(
            "\(site.name), \(site.width) bases wide, does not fit at \(start) in sequences of \(length)")
        }
        let place = [start..<start + site.width]
        rows.append(
          Row(
            site: site.name, start: start, width: site.width, isReverse: site.isReverse,
            effect: PairedEffect(
              before: try plain ?? measure.values(backgrounds) { _ in place },
              after: try measure.values(backgrounds.inserting(site, at: start)) { _ in place })))
        progress(rows.count)
      }
    }
    self.rows = rows
    self.measure = measure
    count = backgrounds.count
  }
}
