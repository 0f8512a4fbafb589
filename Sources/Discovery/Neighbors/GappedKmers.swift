/// A seqlet as its gapped k-mers, of 4 to 6 bases over at most 15 positions, each weighted by the mean attribution of its bases: the
/// 500 with the largest sums of its 20 most important positions (TF-MoDISco's coarse embedding). Beginnings of k-mers that cannot
/// reach those sums are not followed.
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

  /// Where a k-mer starts, its bases and Σ attribution.
  private struct Start {
    var position: Int32 = 0
    var code: UInt32 = 0
    var sum: Float = 0
  }

  /// By size, the k-mers of one gap structure, (sizes + 1, positions); first, those that differ.
  private let starts = UnsafeMutablePointer<Start>.allocate(capacity: (sizes.upperBound + 1) * positions)
  /// By the bases of a k-mer, its number among those of one gap structure, where that has these bases.
  private let numbers = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << (2 * sizes.upperBound))
  /// By position, and `span` more: a base and its attribution, 4 where none is chosen.
  private var chosen: [(base: UInt32, weight: Float)] = []
  private var places: [(position: Int, base: UInt32, weight: Float)] = []
  /// By position p and offset o, Σ of the 0, 1, … largest |attributions| chosen after p + o, as far as a k-mer from p goes.
  private var reach: [Float] = []
  private static let more = sizes.upperBound
  /// What starts with the same last bases can come to together.
  private let bounds = UnsafeMutablePointer<Float>.allocate(capacity: groups)
  private static let groups = 64

  init() { numbers.initialize(repeating: 0, count: 1 << (2 * Self.sizes.upperBound)) }

  deinit {
    starts.deallocate()
    numbers.deallocate()
    bounds.deallocate()
  }

  /// The k-mers of a seqlet, divided by the root of their sum of squares, in an
  /// order that depends on the seqlet alone.
  ///
  /// - Parameter sign: 1, or −1 where negative attributions matter.
  func entries(_ seqlet: Seqlet, of tracks: AttributionTracks, sign: Float) -> [Entry] {
    choosePlaces(seqlet, of: tracks, sign: sign)
    chosen = Array(repeating: (4, 0), count: seqlet.width + Self.span)
    for place in places { chosen[place.position] = (place.base, place.weight) }
    findReach(width: seqlet.width)
    var largest = TopList(limit: Self.kept)
    // The short ones have the largest means, and so say early what the others have to reach.
    for size in Self.sizes {
      for (index, place) in places.enumerated() {
        starts[Self.positions + index] = Start(
          position: Int32(place.position), code: place.base, sum: place.weight)
      }
      chosen.withUnsafeBufferPointer {
        extend(1, to: size, count: places.count, mask: 0, after: 0, in: $0, sums: &largest)
      }
      largest.trim()
    }
    let entries = largest.unsorted().map { index, size in
      Entry(key: UInt32(index >> 1), weight: index & 1 == 1 ? -size : size)
    }
    // In Double, where the order of the sum makes no difference that a Float holds.
    let norm = Float(entries.reduce(into: 0.0) { $0 += Double($1.weight) * Double($1.weight) }.squareRoot())
    return entries.map { Entry(key: $0.key, weight: $0.weight / norm) }
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

  private func findReach(width: Int) {
    // The properties of an object are asked for at each access whether anyone else writes to them.
    let (places, chosen) = (places, chosen)
    var reach = [Float](repeating: 0, count: width * Self.span * Self.more)
    // Descending.
    var largest = [Float](repeating: 0, count: Self.more)
    for start in places {
      for index in largest.indices { largest[index] = 0 }
      for offset in (0..<Self.span).reversed() {
        let place = (start.position * Self.span + offset) * Self.more
        for taken in 1..<Self.more { reach[place + taken] = reach[place + taken - 1] + largest[taken - 1] }
        let (base, weight) = chosen[start.position + offset]
        guard base < 4 else { continue }
        var size = abs(weight)
        for index in largest.indices where size > largest[index] { swap(&size, &largest[index]) }
      }
    }
    self.reach = reach
  }

  /// Moves the starts to the front from which a k-mer of `final` bases with the sum `floor` may come, and returns how many they are.
  ///
  /// A k-mer sums up starts with the same bases: with those counted that share the last three, no sum is above the bounds' sum.
  private func promising(_ size: Int, to final: Int, count: Int, after last: Int, floor: Float) -> Int {
    let starts = starts + size * Self.positions
    bounds.update(repeating: 0, count: Self.groups)
    reach.withUnsafeBufferPointer { reach in
      for index in 0..<count {
        let place = (Int(starts[index].position) * Self.span + last) * Self.more + final - size
        bounds[Int(starts[index].code) % Self.groups] += abs(starts[index].sum) + reach[place]
      }
    }
    var found = 0
    // Beyond what the sums are rounded by.
    let least = floor * Float(final) * 0.9999
    for index in 0..<count where bounds[Int(starts[index].code) % Self.groups] >= least {
      starts[found] = starts[index]
      found += 1
    }
    return found
  }

  /// Adds places after offset `last` to the `count` k-mers of `size` bases that have the gap structure `mask`, in every way, until they
  /// have `final` bases.
  private func extend(
    _ size: Int, to final: Int, count: Int, mask: UInt32, after last: Int,
    in chosen: UnsafeBufferPointer<(base: UInt32, weight: Float)>, sums largest: inout TopList
  ) {
    let shorter = starts + size * Self.positions
    let longer = shorter + Self.positions
    let floor = largest.floor
    let count = floor > 0 ? promising(size, to: final, count: count, after: last, floor: floor) : count
    guard count > 0 else { return }
    for offset in last + 1..<max(last + 1, Self.span) {
      var found = 0
      for index in 0..<count {
        let start = shorter[index]
        let (base, weight) = chosen[Int(start.position) + offset]
        longer[found] = Start(position: start.position, code: start.code << 2 | base, sum: start.sum + weight)
        if base < 4 { found += 1 }
      }
      guard found > 0 else { continue }
      let mask = mask | 1 << UInt32(offset - 1)
      if size + 1 == final {
        add(longer, found, size: final, mask: mask, to: &largest)
      } else {
        extend(size + 1, to: final, count: found, mask: mask, after: offset, in: chosen, sums: &largest)
      }
    }
  }

  /// The k-mers of one gap structure, each with the sum of the mean attributions at its starts.
  private func add(
    _ kmers: UnsafePointer<Start>, _ count: Int, size: Int, mask: UInt32, to largest: inout TopList
  ) {
    let mask = mask << 12
    // Where no two are alike, what is below the floor even alone is not divided.
    var seen: UInt64 = 0
    for index in 0..<count { seen |= 1 << UInt64(kmers[index].code & 63) }
    if seen.nonzeroBitCount == count {
      let least = largest.floor * Float(size) * 0.9999
      for index in 0..<count where abs(kmers[index].sum) >= least {
        let sum = kmers[index].sum / Float(size)
        guard sum != 0 else { continue }
        largest.add(Int((mask | kmers[index].code) << 1 | (sum < 0 ? 1 : 0)), abs(sum))
      }
      return
    }
    let different = starts
    var found = 0
    for index in 0..<count {
      let (code, weight) = (kmers[index].code, kmers[index].sum / Float(size))
      let number = Int(numbers[Int(code)])
      if number < found, different[number].code == code {
        different[number].sum += weight
      } else {
        numbers[Int(code)] = UInt8(found)
        different[found] = Start(code: code, sum: weight)
        found += 1
      }
    }
    for index in 0..<found where different[index].sum != 0 {
      let (code, sum) = (different[index].code, different[index].sum)
      largest.add(Int((mask | code) << 1 | (sum < 0 ? 1 : 0)), abs(sum))
    }
  }

  /// The same k-mer on the other strand.
  package static func reversed(_ key: UInt32) -> UInt32 {
    let mask = key >> 12
    // Places with the first one, mirrored within the span they take.
    let places = mask << 1 | 1
    let pairs = mirroredPairs(places)
    let bits = pairs >> 1 & 0x5555_5555 | (pairs & 0x5555_5555) << 1
    let mirrored = bits >> UInt32(places.leadingZeroBitCount)
    let code = mirroredPairs(~key) >> UInt32(30 - 2 * mask.nonzeroBitCount)
    return (mirrored >> 1) << 12 | code
  }

  /// The sixteen pairs of bits, last first.
  private static func mirroredPairs(_ word: UInt32) -> UInt32 {
    let bytes = word.byteSwapped
    let halves = bytes >> 4 & 0x0F0F_0F0F | (bytes & 0x0F0F_0F0F) << 4
    return halves >> 2 & 0x3333_3333 | (halves & 0x3333_3333) << 2
  }
}
