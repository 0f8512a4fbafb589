import Foundation
import Runtime

/// Finds the sites of patterns in attributions by competition: the attributions of each sequence are fitted by as few pattern
/// instances as can be, so that a site counts for the pattern that explains it best (the idea of Fi-NeMo, github.com/austintwang/finemo_gpu).
///
/// For a sequence with attributions y of the bases that are there, divided by their root mean square, it minimizes
/// ½‖y − Σ c·a‖² + λ Σ c over c ≥ 0. An instance a is the pattern's contributions at the bases that are there, of norm 1 as a
/// matrix, divided by the norm of y in its window: so λ bounds the cosine between the two from below, whatever the size of the
/// attributions.
public struct ContributionFit: Equatable, Sendable {
  /// The cosine between pattern and attributions below which there is no hit.
  public var minimumSimilarity = 0.7
  /// Positions of a pattern with at least this share of its largest contribution are fitted, and all between.
  public var trimShare = 0.3
  /// Sweeps over a sequence after which the fit ends if it has not before.
  public var maximumSweeps = 1000

  public init() {}

  /// The hits in all sequences, by sequence, start, pattern and strand.
  public func hits(of patterns: [NamedPattern], in tracks: AttributionTracks) -> [AttributionHit] {
    let shapes = patterns.enumerated().flatMap { index, named -> [Shape] in
      let range = named.pattern.importantRange(share: trimShare, flank: 0)
      guard !range.isEmpty, range.count <= tracks.length else { return [] }
      let values = Array(named.pattern.contributions[4 * range.lowerBound..<4 * range.upperBound])
      let width = range.count
      let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 0 else { return [] }
      return [false, true].map { isReverse in
        let values = isReverse ? values.reversed() : values
        return Shape(
          pattern: index, isReverse: isReverse, width: width,
          values: (0..<5 * width).map { $0 % 5 == 4 ? 0 : values[$0 / 5 * 4 + $0 % 5] / norm })
      }
    }
    return Parallel.map(tracks.count) { hits(of: shapes, in: tracks, sequence: $0) }.flatMap { $0 }
  }

  /// A pattern on one strand.
  private struct Shape {
    let pattern: Int
    let isReverse: Bool
    let width: Int
    /// (width, 5), of norm 1; the fifth of a position, for an unknown base, is 0.
    let values: [Double]
  }

  /// A shape at a place.
  private struct Instance {
    let shape: Int
    let start: Int
    /// Its values at the bases that are there, divided by the norm of the attributions.
    let values: [Double]
    let square: Double
    let similarity: Double
    var coefficient = 0.0
  }

  private func hits(of shapes: [Shape], in tracks: AttributionTracks, sequence: Int) -> [AttributionHit] {
    let codes = tracks.codes[sequence * tracks.length..<(sequence + 1) * tracks.length].map {
      Int(min($0, 4))
    }
    var residual = (0..<tracks.length).map { Double(tracks.contribution(sequence, $0)) }
    let size = (residual.reduce(0) { $0 + $1 * $1 } / Double(tracks.length)).squareRoot()
    guard size > 0 else { return [] }
    for place in residual.indices { residual[place] /= size }
    let original = residual
    var instances = codes.withUnsafeBufferPointer { codes in
      original.withUnsafeBufferPointer { values in
        shapes.indices.flatMap { candidates(shapes[$0], $0, codes: codes, values: values) }
      }
    }
    // What does not correlate enough alone cannot be a hit.
    for _ in 0..<maximumSweeps {
      var largest = 0.0
      for index in instances.indices {
        let (start, values) = (instances[index].start, instances[index].values)
        var product = 0.0
        for (place, value) in values.enumerated() { product += residual[start + place] * value }
        let old = instances[index].coefficient
        let new = max(0, old + (product - minimumSimilarity) / instances[index].square)
        guard new != old else { continue }
        for (place, value) in values.enumerated() { residual[start + place] -= (new - old) * value }
        instances[index].coefficient = new
        largest = max(largest, abs(new - old) * instances[index].square.squareRoot())
      }
      if largest < 1e-6 { break }
    }
    let all = original.reduce(0) { $0 + abs($1) }
    return instances.filter { $0.coefficient > 1e-9 }.map { instance in
      let shape = shapes[instance.shape]
      let window = instance.start..<instance.start + shape.width
      return AttributionHit(
        sequence: sequence, start: window.lowerBound, end: window.upperBound, isReverse: shape.isReverse,
        pattern: shape.pattern, coefficient: instance.coefficient * size, similarity: instance.similarity,
        attribution: window.reduce(0) { $0 + original[$1] } * size,
        share: window.reduce(0) { $0 + abs(original[$1]) } / all)
    }.sorted { ($0.start, $0.pattern, $0.isReverse ? 1 : 0) < ($1.start, $1.pattern, $1.isReverse ? 1 : 0) }
  }

  /// The places at which a shape is like the attributions.
  private func candidates(
    _ shape: Shape, _ index: Int, codes: UnsafeBufferPointer<Int>, values: UnsafeBufferPointer<Double>
  ) -> [Instance] {
    shape.values.withUnsafeBufferPointer { shapes in
      var found: [Instance] = []
      for start in 0...values.count - shape.width {
        var (product, square, energy) = (0.0, 0.0, 0.0)
        for place in 0..<shape.width {
          let (value, own) = (values[start + place], shapes[5 * place + codes[start + place]])
          energy += value * value
          product += own * value
          square += own * own
        }
        guard energy > 0, square > 0, product / energy.squareRoot() >= minimumSimilarity else { continue }
        let norm = max(energy.squareRoot(), 0.1)
        found.append(
          Instance(
            shape: index, start: start,
            values: (0..<shape.width).map { shapes[5 * $0 + codes[start + $0]] / norm },
            square: square / (norm * norm), similarity: product / energy.squareRoot()))
      }
      return found
    }
  }
}

/// A site of a pattern in the attributions of a sequence.
public struct AttributionHit: Equatable, Sendable {
  public let sequence: Int
  /// Positions in the sequence, from 0.
  public let start: Int
  public let end: Int
  public let isReverse: Bool
  /// Index of the pattern.
  public let pattern: Int
  /// How much of the pattern the fit takes, in units of attribution.
  public let coefficient: Double
  /// Cosine of the pattern's contributions and the attributions.
  public let similarity: Double
  /// Σ attributions of the site.
  public let attribution: Double
  /// Its share of the sequence's Σ |attribution|.
  public let share: Double
}
