import Figures
import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}

/// Matrices like those that networks give.
enum Synthetic {
  static let foxo1: [[Double]] = [
    [93, 80, 130, 197], [48, 155, 128, 169], [30, 226, 127, 117], [20, 239, 85, 156], [3, 6, 7, 484],
    [16, 17, 459, 8],
    [2, 93, 8, 397], [5, 15, 31, 449], [6, 20, 111, 363], [202, 112, 26, 160], [3, 346, 26, 125],
    [113, 132, 88, 167],
  ].map { row in row.map { $0 / 500 } }

  /// A filter that has learned part of FOXO1, shifted and blurred.
  static func frequencies(_ seed: UInt64, width: Int = 12) -> [[Double]] {
    var random = TestRandom(seed)
    let shift = Int(random.uniform() * 7) - 3
    let strength = random.uniform() * 2.5
    return (0..<width).map { i in
      let source = foxo1.indices.contains(i + shift) ? foxo1[i + shift] : [0.25, 0.25, 0.25, 0.25]
      let weights = source.map { pow($0 + 0.02, strength) * exp(0.35 * random.normal()) }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
  }

  /// Weights of a filter, position × base.
  static func weights(_ seed: UInt64, width: Int = 12) -> [[Double]] {
    var random = TestRandom(seed)
    return frequencies(seed, width: width).map { row in row.map { 0.4 * log(4 * $0) + 0.12 * random.normal() }
    }
  }

  /// Attributions of one sequence: noise, and a site of 12 positions at `site`.
  static func attributions(_ seed: UInt64, length: Int = 100, site: Int? = 44) -> [[Double]] {
    var random = TestRandom(seed)
    return (0..<length).map { i in
      var row = [0.0, 0, 0, 0]
      var base = Int(random.uniform() * 4)
      var value = 0.05 * random.normal()
      if let site, (site..<site + 12).contains(i) {
        let frequencies = foxo1[i - site]
        base = frequencies.indices.max { frequencies[$0] < frequencies[$1] }!
        value += 0.8 * (frequencies[base] - 0.3)
      }
      row[base] = value
      return row
    }
  }
}

extension Synthetic {
  /// Correlations of `count` things that fall into groups.
  static func correlations(_ count: Int, seed: UInt64 = 5) -> [[Double]] {
    var random = TestRandom(seed)
    let samples = 30
    let sources = (0..<max(1, count / 6)).map { _ in (0..<samples).map { _ in random.normal() } }
    let rows = (0..<count).map { i in
      let sign = i % 7 == 3 ? -1.0 : 1
      let noise = 0.3 + 1.5 * random.uniform()
      return (0..<samples).map { sign * sources[(i * 7) % sources.count][$0] + noise * random.normal() }
    }
    func correlation(_ a: [Double], _ b: [Double]) -> Double {
      let (meanA, meanB) = (a.reduce(0, +) / Double(samples), b.reduce(0, +) / Double(samples))
      var (ab, aa, bb) = (0.0, 0.0, 0.0)
      for (x, y) in zip(a, b) {
        ab += (x - meanA) * (y - meanB)
        aa += (x - meanA) * (x - meanA)
        bb += (y - meanB) * (y - meanB)
      }
      return ab / (aa * bb).squareRoot()
    }
    return (0..<count).map { i in (0..<count).map { j in i == j ? 1 : correlation(rows[i], rows[j]) } }
  }

  /// Average linkage of 1 − correlation by the definition, for small matrices.
  static func linkage(_ correlations: [[Double]]) -> [LinkageStep] {
    var clusters = correlations.indices.map { (id: $0, members: [$0]) }
    var steps: [LinkageStep] = []
    while clusters.count > 1 {
      var best = (left: 0, right: 1, distance: Double.infinity)
      for i in clusters.indices {
        for j in clusters.indices where j > i {
          var sum = 0.0
          for a in clusters[i].members { for b in clusters[j].members { sum += 1 - correlations[a][b] } }
          let distance = sum / Double(clusters[i].members.count * clusters[j].members.count)
          if distance < best.distance { best = (i, j, distance) }
        }
      }
      let members = clusters[best.left].members + clusters[best.right].members
      steps.append(
        LinkageStep(
          left: clusters[best.left].id, right: clusters[best.right].id, height: best.distance,
          size: members.count))
      clusters.remove(at: best.right)
      clusters[best.left] = (correlations.count + steps.count - 1, members)
    }
    return steps
  }

  /// A chain: each step adds the next leaf.
  static func chain(_ count: Int) -> [LinkageStep] {
    (1..<count).map { i in
      LinkageStep(left: i == 1 ? 0 : count + i - 2, right: i, height: Double(i) / Double(count), size: i + 1)
    }
  }

  /// Sequences × positions with a site, in some rows shifted.
  static func maps(_ count: Int, length: Int = 100, jitter: Int = 0, seed: UInt64 = 8) -> (
    values: [[Double]], sites: [Range<Int>?]
  ) {
    var random = TestRandom(seed)
    var values: [[Double]] = []
    var sites: [Range<Int>?] = []
    for row in 0..<count {
      let start = 44 + (jitter > 0 ? Int(random.uniform() * Double(2 * jitter)) - jitter : 0)
      let hasSite = 2 * row < count
      sites.append(hasSite ? start..<start + 12 : nil)
      values.append(
        (0..<length).map { i in
          let distance = (Double(i) - Double(start) - 6) / 4
          return abs(0.12 * random.normal())
            + (hasSite ? (0.5 + 0.5 * random.uniform()) * exp(-distance * distance) : 0)
        })
    }
    return (values, sites)
  }

  static func history(_ name: String, best: Double, ceiling: Double?, epochs: Int = 10, seed: UInt64 = 3)
    -> LearningCurves.History
  {
    var random = TestRandom(seed)
    func curve(_ start: Double, _ end: Double, _ rate: Double) -> [Double] {
      (0..<epochs).map { end + (start - end) * exp(-rate * Double($0)) + 0.003 * random.normal() }
    }
    return .init(
      name: name, trainingLoss: curve(0.68, 1.05 - best, 0.5), validationLoss: curve(0.65, 1.1 - best, 0.6),
      trainingAccuracy: curve(0.58, best + 0.01, 0.5), validationAccuracy: curve(0.62, best, 0.6),
      ceiling: ceiling)
  }

  static func roc(_ separation: Double, count: Int = 500, seed: UInt64) -> (
    falsePositiveRate: [Double], truePositiveRate: [Double]
  ) {
    var random = TestRandom(seed)
    let scores = (0..<2 * count).map { i in (i < count ? separation : 0) + random.normal() }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (x, y) = ([0.0], [0.0])
    var (positives, negatives) = (0, 0)
    for i in order {
      if i < count { positives += 1 } else { negatives += 1 }
      x.append(Double(negatives) / Double(count))
      y.append(Double(positives) / Double(count))
    }
    return (x, y)
  }

  static func presets(_ depth: Int) -> [NetworkDiagram.Block] {
    var blocks: [NetworkDiagram.Block] = [
      .init("Input", detail: "one-hot DNA", shape: [100, 4], kind: .input)
    ]
    let filters = [64, 32, 16, 8]
    let kernels = [12, 6, 3, 2]
    var (length, channels) = (100, 4)
    for i in 0..<depth {
      if i > 0 {
        length /= 2
        blocks.append(.init("MaxPool", detail: "2", shape: [length, channels], kind: .pooling))
        blocks.append(.init("Dropout", detail: "0.2", shape: [length, channels], kind: .regularization))
      }
      length -= kernels[i] - 1
      let parameters = kernels[i] * channels * filters[i] + filters[i]
      channels = filters[i]
      blocks.append(
        .init(
          "Conv1D", detail: "\(filters[i]) × \(kernels[i]), ReLU", shape: [length, channels],
          parameters: parameters, kind: .convolution))
    }
    blocks.append(.init("GlobalMax", shape: [channels], kind: .pooling))
    blocks.append(.init("Dense", detail: "sigmoid", shape: [1], parameters: channels + 1, kind: .dense))
    return blocks
  }
}
