import Foundation
import Runtime

/// Seqlets as tangermeme's recursive method finds them: the longest spans of which every span inside, of `minimumLength` at least,
/// has a p-value below a threshold; the longest first, none overlapping.
public struct RecursiveSeqlets: Equatable, Sendable {
  /// The p-value that spans stay below; without a control.
  public var threshold = 0.01
  public var minimumLength = 4
  public var maximumLength = 25
  /// Equal bins of the attributions from the smallest to the largest.
  public var bins = 1000
  /// With a control, the largest threshold is taken at which the rate of false discoveries is at most this.
  public var falseDiscoveryRate = 0.1
  /// Width that the spans are given around their middle, for clustering.
  public var width = 30

  public init() {}

  /// A span with large attributions.
  public struct Span: Equatable, Sendable {
    public let sequence: Int
    public let start: Int
    public let end: Int
    /// Σ attributions.
    public let attribution: Double
    /// Of the span's sum; without the spans inside.
    public let pValue: Double
  }

  /// Spans found at a threshold, and the share of them that is expected to be false.
  public struct Estimate: Equatable, Sendable {
    public let threshold: Double
    public let spans: Int
    public let controlSpans: Int
    /// (control + 1) · N / N(control) / found; `nil` where none is found.
    public let falseDiscoveryRate: Double?
  }

  /// The spans in positive attributions, the smallest p-value first.
  ///
  /// - Parameters:
  ///   - values: attributions of the bases that are there, (N, length).
  ///   - control: the same of sequences without signal, such as dinucleotide shuffles; sets the threshold.
  public func spans(in values: [Float], length: Int, control: [Float]? = nil) -> [Span] {
    guard let null = SpanNull(values, maximumLength: maximumLength, bins: bins) else { return [] }
    var threshold: Double? = threshold
    if let control {
      threshold =
        estimates(values, control, length: length, null: null)
        .first { $0.falseDiscoveryRate.map { $0 <= falseDiscoveryRate } ?? false }?.threshold
    }
    guard let threshold else { return [] }
    let found = Parallel.map(values.count / length) { sequence -> [Span] in
      let places = sequence * length..<(sequence + 1) * length
      var triangle = SpanTriangle(values[places], null: null, lengths: minimumLength...maximumLength)
      return triangle.spans(below: threshold).map { start, end, pValue in
        let sum = values[places.lowerBound + start..<places.lowerBound + end].reduce(0) { $0 + Double($1) }
        return Span(sequence: sequence, start: start, end: end, attribution: sum, pValue: pValue)
      }
    }.flatMap { $0 }
    return found.enumerated().sorted {
      $0.element.pValue != $1.element.pValue
        ? $0.element.pValue < $1.element.pValue : $0.offset < $1.offset
    }.map(\.element)
  }

  /// What is found at thresholds from 0.1 to 10⁻³⁰, four to a power of ten, in the values and in a control.
  public func estimates(in values: [Float], length: Int, control: [Float]) -> [Estimate] {
    guard let null = SpanNull(values, maximumLength: maximumLength, bins: bins) else { return [] }
    return estimates(values, control, length: length, null: null)
  }

  private func estimates(_ values: [Float], _ control: [Float], length: Int, null: SpanNull) -> [Estimate] {
    let thresholds = (0..<117).map { pow(10, -1 - 0.25 * Double($0)) }
    func counts(_ values: [Float]) -> [Int] {
      Parallel.map(values.count / length) { sequence -> [Int] in
        var triangle = SpanTriangle(
          values[sequence * length..<(sequence + 1) * length], null: null,
          lengths: minimumLength...maximumLength)
        return thresholds.map { triangle.spans(below: $0).count }
      }.reduce(into: Array(repeating: 0, count: thresholds.count)) { sums, counts in
        for (place, count) in counts.enumerated() { sums[place] += count }
      }
    }
    let scale = Double(values.count) / Double(max(1, control.count))
    return zip(thresholds, zip(counts(values), counts(control))).map { threshold, counts in
      Estimate(
        threshold: threshold, spans: counts.0, controlSpans: counts.1,
        falseDiscoveryRate: counts.0 == 0 ? nil : Double(counts.1 + 1) * scale / Double(counts.0))
    }
  }

  /// Seqlets of `width` around the middles of positive spans, and of negative ones that no positive one overlaps.
  func seqlets(in tracks: AttributionTracks, control: AttributionTracks?) throws -> SeqletSelection {
    guard tracks.length >= width else {
      throw InputError("sequences of \(tracks.length) bases are too short for seqlets of \(width)")
    }
    if let control, control.length != tracks.length {
      throw InputError("control sequences have \(control.length) bases, the others \(tracks.length)")
    }
    let values = tracks.contributions
    let positive = spans(in: values, length: tracks.length, control: control?.contributions)
    var taken = [Bool](repeating: false, count: values.count)
    for span in positive {
      for place in span.start..<span.end { taken[span.sequence * tracks.length + place] = true }
    }
    let negative = spans(
      in: values.map(-), length: tracks.length, control: control?.contributions.map(-)
    ).filter { span in !(span.start..<span.end).contains { taken[span.sequence * tracks.length + $0] } }
    func seqlets(_ spans: [Span]) -> [Seqlet] {
      var places: Set<Seqlet.Place> = []
      return tracks.sorted(
        spans.map { span in
          let start = min(max(0, (span.start + span.end - width) / 2), tracks.length - width)
          return Seqlet(sequence: span.sequence, start: start, end: start + width)
        }.filter { places.insert($0.place).inserted })
    }
    return SeqletSelection(positive: seqlets(positive), negative: seqlets(negative))
  }
}

/// The p-values of all spans of one sequence.
private struct SpanTriangle {
  private let lengths: ClosedRange<Int>
  private let count: Int
  private let null: SpanNull
  /// Σ bins of the positions before each.
  private let sums: [Int]
  /// By length, then start: the largest p-value of the prefixes of `minimumLength` at least.
  private var prefixes: [[Double]] = []
  /// By length, then start: the largest of all spans inside.
  private var largest: [[Double]] = []
  /// By length, starts by prefix p-value.
  private var orders: [[Int]] = []
  private var taken: [Bool]

  init(_ values: ArraySlice<Float>, null: SpanNull, lengths: ClosedRange<Int>) {
    self.lengths = lengths
    self.null = null
    count = values.count
    sums = values.reduce(into: [0]) { $0.append($0.last! + null.bin($1)) }
    taken = Array(repeating: false, count: count)
    for length in lengths where length <= count {
      let starts = 0...count - length
      let row = starts.map { start in
        max(null.pValue(sum: sums[start + length] - sums[start], length: length), prefixes.last?[start] ?? 0)
      }
      let inside = starts.map { max(row[$0], largest.last?[$0 + 1] ?? 0) }
      prefixes.append(row)
      largest.append(inside)
      orders.append(
        starts.sorted { row[$0] != row[$1] ? row[$0] < row[$1] : $0 < $1 })
    }
  }

  /// The spans all of whose inner spans stay below a threshold.
  mutating func spans(below threshold: Double) -> [(start: Int, end: Int, pValue: Double)] {
    var found: [(start: Int, end: Int, pValue: Double)] = []
    for place in taken.indices { taken[place] = false }
    for row in prefixes.indices.reversed() {
      let length = lengths.lowerBound + row
      for start in orders[row] {
        if prefixes[row][start] >= threshold { break }
        let span = start..<start + length
        guard largest[row][start] < threshold, !span.contains(where: { taken[$0] }) else { continue }
        for place in span { taken[place] = true }
        found.append(
          (start, span.upperBound, null.pValue(sum: sums[span.upperBound] - sums[start], length: length)))
      }
    }
    return found
  }
}
