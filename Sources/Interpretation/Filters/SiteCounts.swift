internal import CKernels
import NeuralNetworks
import Runtime
import Sequences

/// How many windows activate a filter above a cut, and how often each base stands at each of their positions.
///
/// Where a window hangs over an end of the sequence, the bases outside are unknown.
struct SiteCounts: Sendable {
  /// Number of windows of each filter.
  var sites: [Int]
  /// (F, width, 5): A C G T and unknown.
  var counts: [Int]
  /// Bases of a window.
  let width: Int

  init(filters: Int, width: Int) {
    self.width = width
    sites = Array(repeating: 0, count: filters)
    counts = Array(repeating: 0, count: filters * width * 5)
  }

  func count(_ filter: Int, _ position: Int, _ code: Int) -> Int {
    counts[(filter * width + position) * 5 + code]
  }
}

/// One window and the activation it causes.
struct Site: Sendable {
  let filter: Int
  let sequence: Int
  /// Of the convolution's output.
  let position: Int
  let value: Float
}

extension Network {
  /// Counts the windows whose activation is strictly above `cuts[filter]`.
  func countSites(_ sequences: SequenceSet, layer: Int, above cuts: [Float], threads: Int) throws
    -> SiteCounts
  {
    let length = architecture.input.length
    let windows = try filterWindows(layer)
    // Whole numbers: the order in which blocks are added changes nothing.
    let total = Locked(TrimerCounts(filters: cuts.count, width: windows.width))
    _ = try activations(sequences, layer: layer, threads: threads) { block, indices in
      var table = TrimerCounts(filters: cuts.count, width: windows.width)
      var finder = SiteFinder(block, cuts: cuts)
      var trimers = Trimers(windows, length: length)
      sequences.codes.withUnsafeBufferPointer { codes in
        for (slot, index) in indices.enumerated() {
          trimers.number(codes.baseAddress! + index * length, count: length)
          table.add(finder.sites(block, sequence: slot), trimers.values, stride: windows.stride)
        }
      }
      total.withLock { $0.add(table) }
    }
    return total.withLock { $0.folded() }
  }

  /// All windows whose activation is at least `cuts[filter]` and above zero, in order of sequence and position.
  func sites(_ sequences: SequenceSet, layer: Int, atLeast cuts: [Float], threads: Int) throws -> [Site] {
    let below = cuts.map { max($0.nextDown, 0) }
    return try activations(sequences, layer: layer, threads: threads) { block, indices in
      var sites: [Site] = []
      var finder = SiteFinder(block, cuts: below)
      for (slot, index) in indices.enumerated() {
        for place in finder.sites(block, sequence: slot) {
          let (position, filter) = (Int(place.position), Int(place.filter))
          let value = block.map(slot)[position * block.stride + filter]
          sites.append(Site(filter: filter, sequence: index, position: position, value: value))
        }
      }
      return sites
    }.flatMap { $0 }
  }
}

/// Lists the activations of a sequence that are above their filter's cut.
private struct SiteFinder {
  private let cuts: [Float]
  private var places: [activity_site]

  init(_ block: ActivationBlock, cuts: [Float]) {
    // Channels that are there only to fill a block are never above.
    self.cuts = cuts + Array(repeating: .infinity, count: block.stride - cuts.count)
    places = Array(repeating: activity_site(position: 0, filter: 0), count: block.positions * block.stride)
  }

  /// Position by position.
  mutating func sites(_ block: ActivationBlock, sequence: Int) -> ArraySlice<activity_site> {
    let count = ActivityKernels.best.table.pointee.above(
      Int32(block.positions), Int32(block.stride), block.map(sequence), cuts, &places)
    return places.prefix(Int(count))
  }
}

/// The trimer at each base that a window covers: three codes as digits of a number in base five.
private struct Trimers {
  private(set) var values: [UInt8]
  private var codes: [UInt8]
  private let left: Int

  init(_ windows: FilterWindows, length: Int) {
    left = windows.left
    let covered = (windows.count - 1) * windows.stride + windows.width
    values = Array(repeating: 0, count: covered)
    codes = Array(repeating: Nucleotide.unknown, count: max(covered, left + length) + 2)
  }

  mutating func number(_ source: UnsafePointer<UInt8>, count: Int) {
    for i in 0..<count { codes[left + i] = source[i] }
    for i in values.indices { values[i] = 25 * codes[i] + 5 * codes[i + 1] + codes[i + 2] }
  }
}

/// Counts of three neighboring bases at once: a third of the increments.
private struct TrimerCounts {
  private let filters: Int
  private let width: Int
  private let groups: Int
  /// (F, groups, 125): bases as digits of a number in base five.
  private var table: [Int]
  private var sites: [Int]

  init(filters: Int, width: Int) {
    self.filters = filters
    self.width = width
    groups = (width + 2) / 3
    table = Array(repeating: 0, count: filters * groups * 125)
    sites = Array(repeating: 0, count: filters)
  }

  mutating func add(_ places: ArraySlice<activity_site>, _ trimers: [UInt8], stride: Int) {
    let groups = groups
    table.withUnsafeMutableBufferPointer { table in
      sites.withUnsafeMutableBufferPointer { sites in
        trimers.withUnsafeBufferPointer { trimers in
          for place in places {
            sites[Int(place.filter)] &+= 1
            for group in 0..<groups {
              let trimer = Int(trimers[Int(place.position) * stride + 3 * group])
              table[(Int(place.filter) * groups + group) * 125 + trimer] &+= 1
            }
          }
        }
      }
    }
  }

  mutating func add(_ other: TrimerCounts) {
    for i in table.indices { table[i] &+= other.table[i] }
    for i in sites.indices { sites[i] &+= other.sites[i] }
  }

  func folded() -> SiteCounts {
    var result = SiteCounts(filters: filters, width: width)
    result.sites = sites
    for filter in 0..<filters where sites[filter] > 0 {
      for position in 0..<width {
        let (group, digit) = (position / 3, [25, 5, 1][position % 3])
        for trimer in 0..<125 {
          let seen = table[(filter * groups + group) * 125 + trimer]
          result.counts[(filter * width + position) * 5 + trimer / digit % 5] += seen
        }
      }
    }
    return result
  }
}
