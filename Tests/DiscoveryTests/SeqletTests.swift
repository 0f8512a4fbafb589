import Discovery
import Foundation
import Runtime
import Testing

@Suite struct SeqletTests {
  @Test func recursiveSpansAreTangermemes() {
    let golden = Golden.file.recursive
    let spans = RecursiveSeqlets().spans(in: Golden.thousandths(golden.values), length: golden.length)
    expect(spans, golden.spans)
  }

  @Test func aControlSetsTheThreshold() {
    let golden = Golden.file.recursive
    let values = Golden.thousandths(golden.values)
    let control = Golden.thousandths(golden.control)
    let estimates = RecursiveSeqlets().estimates(in: values, length: golden.length, control: control)
    #expect(estimates.map(\.spans) == golden.estimates.map { Int($0[1]) })
    #expect(estimates.map(\.controlSpans) == golden.estimates.map { Int($0[2]) })
    expect(
      RecursiveSeqlets().spans(in: values, length: golden.length, control: control), golden.controlled)
  }

  private func expect(_ spans: [RecursiveSeqlets.Span], _ golden: [[Double]]) {
    // Equal p-values may stand in either order.
    let order: ([Double], [Double]) -> Bool = { ($0[0], $0[1]) < ($1[0], $1[1]) }
    let found = spans.map {
      [Double($0.sequence), Double($0.start), Double($0.end), $0.attribution, $0.pValue]
    }.sorted(by: order)
    let golden = golden.sorted(by: order)
    #expect(found.map { $0.prefix(3) } == golden.map { $0.prefix(3) })
    for (row, expected) in zip(found, golden) {
      #expect(abs(row[3] - expected[3]) < 1e-5)
      #expect(abs(row[4] - expected[4]) <= 1e-9 * expected[4])
    }
  }

  @Test func equalAttributionsHaveNoSpans() {
    #expect(RecursiveSeqlets().spans(in: Array(repeating: 0.5, count: 100), length: 50).isEmpty)
  }

  @Test func isotonicThresholdIsScikitLearns() {
    let golden = Golden.file.isotonic
    let threshold = isotonicThreshold(sums: golden.sums, null: golden.null, falseDiscoveryRate: 0.05)
    #expect(threshold == golden.threshold)
  }

  @Test func nothingPassesWhereThereIsNothing() {
    #expect(isotonicThreshold(sums: [], null: [1, 2], falseDiscoveryRate: 0.05) == .infinity)
    #expect(isotonicThreshold(sums: [1, 2], null: [1, 2, 3], falseDiscoveryRate: 0.05) == 2)
  }

  @Test func laplaceNullFindsModeAndRates() {
    // Exact quantiles of a Laplace distribution with mode 0.3, rate 2 above and 4 below.
    let sums = (0..<20_000).map { index -> Double in
      let p = (Double(index) + 0.5) / 20_000
      return p < 1 / 3.0 ? 0.3 + log(p * 3) / 4 : 0.3 - log((1 - p) * 1.5) / 2
    }
    let null = LaplaceNull(sorted: sums)
    #expect(abs(null.mode - 0.3) < 0.02)
    #expect(abs(null.positiveRate - 2) < 0.2)
    #expect(abs(null.negativeRate - 4) < 0.4)
    let values = null.values(10_000)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(abs(values[5000] - sums[10_000]) < 0.05)
  }

  @Test func windowsKeepTheirDistance() throws {
    var random = CounterRandom(seed: 3, purpose: .simulation)
    let tracks = try AttributionTracks(
      codes: (0..<40 * 120).map { _ in UInt8(random.below(4)) },
      hypothetical: (0..<40 * 480).map { _ in Float(random.uniform() * random.uniform() * random.uniform()) },
      length: 120)
    let selection = try SeqletMethod.windows(WindowSeqlets()).seqlets(in: tracks)
    #expect(!selection.positive.isEmpty)
    for sequence in 0..<40 {
      let starts = selection.positive.filter { $0.sequence == sequence }.map(\.start).sorted()
      #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 > 15 })
      #expect(starts.allSatisfy { $0 >= 0 && $0 + 30 <= 120 })
    }
  }

  @Test func sequencesMustBeLongEnough() throws {
    let tracks = try AttributionTracks(
      codes: Array(repeating: 0, count: 20), hypothetical: Array(repeating: 0, count: 80), length: 20)
    #expect(throws: InputError.self) { try SeqletMethod.windows(WindowSeqlets()).seqlets(in: tracks) }
    #expect(throws: InputError.self) { try SeqletMethod.recursive(RecursiveSeqlets()).seqlets(in: tracks) }
  }
}
