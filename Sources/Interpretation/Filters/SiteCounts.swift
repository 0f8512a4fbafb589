import NeuralNetworks
import Sequences

/// How many windows activate a filter above a cut, and how often each base stands at each of their positions.
///
/// Where a window hangs over an end of the sequence (`same` padding), the bases outside are unknown.
struct SiteCounts: Sendable {
  /// Number of windows of each filter.
  var sites: [Int]
  /// (F, kernelSize, 5): A C G T and unknown.
  var counts: [Int]
  let kernelSize: Int

  init(filters: Int, kernelSize: Int) {
    self.kernelSize = kernelSize
    sites = Array(repeating: 0, count: filters)
    counts = Array(repeating: 0, count: filters * kernelSize * 5)
  }

  func count(_ filter: Int, _ position: Int, _ code: Int) -> Int {
    counts[(filter * kernelSize + position) * 5 + code]
  }
}

/// One window and the activation it causes.
struct Site: Sendable {
  let filter: Int
  let sequence: Int
  /// Of the convolution's output; without padding the first base of the window.
  let position: Int
  let value: Float
}

extension Network {
  /// Counts the windows whose activation is strictly above `cuts[filter]`.
  func countSites(_ sequences: SequenceSet, above cuts: [Float], threads: Int) throws -> SiteCounts {
    let layer = try firstConvolution()
    let length = architecture.input.length
    let left = layer.margins(length: length).left
    let blocks = try firstActivations(sequences, threads: threads) { block, indices in
      var table = TrimerCounts(filters: layer.filters, kernelSize: layer.kernelSize)
      var trimers = Trimers(window: block.positions + layer.kernelSize - 1, left: left)
      sequences.codes.withUnsafeBufferPointer { codes in
        for (slot, index) in indices.enumerated() {
          trimers.number(codes.baseAddress! + index * length, count: length)
          block.visit(sequence: slot, above: cuts) { filter, position, _ in
            table.add(filter, trimers.values, at: position)
          }
        }
      }
      return table.folded()
    }
    var result = SiteCounts(filters: layer.filters, kernelSize: layer.kernelSize)
    for block in blocks {
      for i in block.sites.indices { result.sites[i] += block.sites[i] }
      for i in block.counts.indices { result.counts[i] += block.counts[i] }
    }
    return result
  }

  /// All windows whose activation is at least `cuts[filter]` and above zero, in order of sequence and position.
  func sites(_ sequences: SequenceSet, atLeast cuts: [Float], threads: Int) throws -> [Site] {
    let below = cuts.map { max($0.nextDown, 0) }
    return try firstActivations(sequences, threads: threads) { block, indices in
      var sites: [Site] = []
      for (slot, index) in indices.enumerated() {
        block.visit(sequence: slot, above: below) { filter, position, value in
          sites.append(Site(filter: filter, sequence: index, position: position, value: value))
        }
      }
      return sites
    }.flatMap { $0 }
  }
}

extension ActivationBlock {
  /// Calls `body` for each activation of a sequence above its filter's cut, position by position.
  @inline(__always)
  fileprivate func visit(
    sequence: Int, above cuts: [Float], _ body: (_ filter: Int, _ position: Int, _ value: Float) -> Void
  ) {
    cuts.withUnsafeBufferPointer { cuts in
      for position in 0..<positions {
        let row = row(sequence, position)
        for filter in 0..<cuts.count where row[filter] > cuts[filter] { body(filter, position, row[filter]) }
      }
    }
  }
}

/// The trimer at each place of a sequence with its margins: three codes as digits of a number in base five.
private struct Trimers {
  private(set) var values: [UInt8]
  private var codes: [UInt8]
  private let left: Int

  init(window: Int, left: Int) {
    self.left = left
    values = Array(repeating: 0, count: window)
    codes = Array(repeating: Nucleotide.unknown, count: window + 2)
  }

  mutating func number(_ source: UnsafePointer<UInt8>, count: Int) {
    for i in 0..<count { codes[left + i] = source[i] }
    for i in values.indices { values[i] = 25 * codes[i] + 5 * codes[i + 1] + codes[i + 2] }
  }
}

/// Counts of three neighbouring bases at once: a third of the increments.
private struct TrimerCounts {
  private let filters: Int
  private let kernelSize: Int
  private let groups: Int
  /// (F, groups, 125): bases as digits of a number in base five.
  private var table: [UInt32]
  private var sites: [Int]

  init(filters: Int, kernelSize: Int) {
    self.filters = filters
    self.kernelSize = kernelSize
    groups = (kernelSize + 2) / 3
    table = Array(repeating: 0, count: filters * groups * 125)
    sites = Array(repeating: 0, count: filters)
  }

  @inline(__always)
  mutating func add(_ filter: Int, _ trimers: [UInt8], at start: Int) {
    sites[filter] += 1
    for group in 0..<groups {
      table[(filter * groups + group) * 125 + Int(trimers[start + 3 * group])] &+= 1
    }
  }

  func folded() -> SiteCounts {
    var result = SiteCounts(filters: filters, kernelSize: kernelSize)
    result.sites = sites
    for filter in 0..<filters where sites[filter] > 0 {
      for position in 0..<kernelSize {
        let (group, digit) = (position / 3, [25, 5, 1][position % 3])
        for trimer in 0..<125 {
          let seen = Int(table[(filter * groups + group) * 125 + trimer])
          result.counts[(filter * kernelSize + position) * 5 + trimer / digit % 5] += seen
        }
      }
    }
    return result
  }
}
