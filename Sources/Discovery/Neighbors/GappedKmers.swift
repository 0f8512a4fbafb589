/// A seqlet as its gapped k-mers, of 4 to 6 bases over at most 15 positions, each weighted by the mean attribution of its bases: the
/// 500 with the largest sums of its 20 most important positions (TF-MoDISco's coarse embedding).
///
/// A k-mer is a number: fourteen bits for the places taken after the first, then two bits a base. Read on the other strand it
/// is another number with the same weight.
package final class GappedKmers {
  static let sizes = 4...6
  static let span = 15
  static let positions = 20
  static let kept = 500
  /// Bits of a k-mer.
  static let bits = span - 1 + 2 * sizes.upperBound

  /// One k-mer and its weight.
  struct Entry {
    let key: UInt32
    let weight: Float
  }

  private typealias Slot = (key: UInt32, weight: Float)
  /// Open addressing; keys are stored plus one, 0 is free. Twenty positions have fewer k-mers than half the slots.
  private let table = UnsafeMutableBufferPointer<Slot>.allocate(capacity: 1 << 16)
  private let used = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 1 << 15)
  private var usedCount = 0
  private var candidates: [UInt64] = []
  private var places: [(position: Int, base: UInt32, weight: Float)] = []

  init() { table.initialize(repeating: (0, 0)) }

  deinit {
    table.deallocate()
    used.deallocate()
  }

  /// The k-mers of a seqlet, divided by the root of their sum of squares, in an
  /// order that depends on the seqlet alone.
  ///
  /// - Parameter sign: 1, or −1 where negative attributions matter.
  func entries(_ seqlet: Seqlet, of tracks: AttributionTracks, sign: Float) -> [Entry] {
    choosePlaces(seqlet, of: tracks, sign: sign)
    for slot in used[..<usedCount] { table[Int(slot)] = (0, 0) }
    usedCount = 0
    places.withUnsafeBufferPointer { places in
      for (first, place) in places.enumerated() {
        extend(places, 1, after: first, start: place.position, mask: 0, code: place.base, sum: place.weight)
      }
    }
    candidates.removeAll(keepingCapacity: true)
    for slot in used[..<usedCount] {
      let (key, weight) = table[Int(slot)]
      if weight != 0 {
        candidates.append(
          UInt64(abs(weight).bitPattern) << 32 | UInt64(~(key - 1) << 1 | (weight < 0 ? 1 : 0)))
      }
    }
    selectLargest(Self.kept, of: &candidates)
    let chosen = candidates.prefix(Self.kept).map { entry in
      let weight = Float(bitPattern: UInt32(entry >> 32))
      return Entry(
        key: ~(UInt32(truncatingIfNeeded: entry) >> 1) & (1 << UInt32(Self.bits) - 1),
        weight: entry & 1 == 1 ? -weight : weight)
    }
    let norm = chosen.reduce(into: Float(0)) { $0 += $1.weight * $1.weight }.squareRoot()
    return chosen.map { Entry(key: $0.key, weight: $0.weight / norm) }
  }

  /// The most important positions with a known base, in order.
  private func choosePlaces(_ seqlet: Seqlet, of tracks: AttributionTracks, sign: Float) {
    places.removeAll(keepingCapacity: true)
    for position in 0..<seqlet.width {
      let place = seqlet.isReverse ? seqlet.end - 1 - position : seqlet.start + position
      let code = UInt32(tracks.codes[seqlet.sequence * tracks.length + place])
      guard code < 4 else { continue }
      let base = seqlet.isReverse ? 3 - code : code
      places.append((position, base, sign * tracks.contribution(seqlet.sequence, place)))
    }
    guard places.count > Self.positions else { return }
    places.sort { $0.weight != $1.weight ? $0.weight > $1.weight : $0.position < $1.position }
    places.removeLast(places.count - Self.positions)
    places.sort { $0.position < $1.position }
  }

  /// Adds to a k-mer of `size` bases that ends with place `last` every place that still fits.
  private func extend(
    _ places: UnsafeBufferPointer<(position: Int, base: UInt32, weight: Float)>, _ size: Int, after last: Int,
    start: Int, mask: UInt32, code: UInt32, sum: Float
  ) {
    var next = last + 1
    while next < places.count {
      let (position, base, weight) = places[next]
      let offset = position - start
      guard offset < Self.span else { return }
      let (mask, code, sum) = (mask | 1 << UInt32(offset - 1), code << 2 | base, sum + weight)
      if size + 1 >= Self.sizes.lowerBound { add(mask << 12 | code, sum / Float(size + 1)) }
      if size + 1 < Self.sizes.upperBound {
        extend(places, size + 1, after: next, start: start, mask: mask, code: code, sum: sum)
      }
      next += 1
    }
  }

  @inline(__always)
  private func add(_ key: UInt32, _ weight: Float) {
    var slot = Int((key &* 0x9E37_79B1) >> 16)
    while true {
      let found = table[slot].key
      if found == key + 1 {
        table[slot].weight += weight
        return
      }
      if found == 0 {
        table[slot] = (key + 1, weight)
        used[usedCount] = Int32(slot)
        usedCount += 1
        return
      }
      slot = (slot + 1) & (1 << 16 - 1)
    }
  }

  /// The same k-mer on the other strand.
  package static func reversed(_ key: UInt32) -> UInt32 {
    let mask = key >> 12
    let size = mask.nonzeroBitCount + 1
    // Places with the first one, mirrored within the span they take.
    let places = mask << 1 | 1
    let width = 32 - places.leadingZeroBitCount
    var mirrored: UInt32 = 0
    for place in 0..<width where places >> UInt32(place) & 1 == 1 {
      mirrored |= 1 << UInt32(width - 1 - place)
    }
    var code: UInt32 = 0
    for base in 0..<size { code = code << 2 | (3 - key >> UInt32(2 * base) & 3) }
    return (mirrored >> 1) << 12 | code
  }
}
