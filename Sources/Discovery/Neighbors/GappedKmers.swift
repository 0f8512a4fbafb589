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

  /// The bases of a k-mer and Σ attribution.
  private struct Kmer {
    var code: UInt32 = 0
    var sum: Float = 0
  }

  private static let vectors = positions / 4
  /// By size and start, the bases and Σ attribution of the k-mers of one gap structure, (sizes, positions); those that do not go on
  /// stay, with no meaning.
  private let codes = UnsafeMutablePointer<SIMD4<UInt32>>.allocate(capacity: sizes.upperBound * vectors)
  private let sums = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: sizes.upperBound * vectors)
  /// By offset and start, the base that far on and its attribution, 0 where none is chosen.
  private let bases = UnsafeMutablePointer<SIMD4<UInt32>>.allocate(capacity: span * vectors)
  private let weights = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: span * vectors)
  /// By offset, a bit for each start with a chosen base that far on.
  private let present = UnsafeMutablePointer<UInt32>.allocate(capacity: span)
  /// The whole k-mers of one gap structure, and those that differ.
  private let whole = UnsafeMutablePointer<Kmer>.allocate(capacity: positions)
  private let different = UnsafeMutablePointer<Kmer>.allocate(capacity: positions)
  /// By the bases of a k-mer, its number among those of one gap structure, where that has these bases.
  private let numbers = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << (2 * sizes.upperBound))
  /// The starts.
  private var places: [(position: Int, base: UInt32, weight: Float)] = []
  /// By start p and offset o, Σ of the 0, 1, … largest |attributions| chosen after p + o, as far as a k-mer from p goes.
  private let reach = UnsafeMutablePointer<Float>.allocate(capacity: positions * span * more)
  private static let more = sizes.upperBound
  /// What starts with the same last bases can come to together.
  private let bounds = UnsafeMutablePointer<Float>.allocate(capacity: groups)
  private static let groups = 64

  init() { numbers.initialize(repeating: 0, count: 1 << (2 * Self.sizes.upperBound)) }

  deinit {
    codes.deallocate()
    sums.deallocate()
    bases.deallocate()
    weights.deallocate()
    present.deallocate()
    whole.deallocate()
    different.deallocate()
    numbers.deallocate()
    reach.deallocate()
    bounds.deallocate()
  }

  /// The k-mers of a seqlet, divided by the root of their sum of squares, in an
  /// order that depends on the seqlet alone.
  ///
  /// - Parameter sign: 1, or −1 where negative attributions matter.
  func entries(_ seqlet: Seqlet, of tracks: AttributionTracks, sign: Float) -> [Entry] {
    choosePlaces(seqlet, of: tracks, sign: sign)
    layOut(width: seqlet.width)
    var largest = TopList(limit: Self.kept)
    // The short ones have the largest means, and so say early what the others have to reach.
    let starts = UInt32(1) << UInt32(places.count) - 1
    for size in Self.sizes {
      extend(1, to: size, from: starts, mask: 0, after: 0, sums: &largest)
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

  /// What the starts find at each offset.
  private func layOut(width: Int) {
    var chosen = [(base: UInt32, weight: Float)?](repeating: nil, count: width + Self.span)
    for place in places { chosen[place.position] = (place.base, place.weight) }
    for offset in 0..<Self.span {
      present[offset] = 0
      for vector in offset * Self.vectors..<(offset + 1) * Self.vectors {
        (bases[vector], weights[vector]) = (.zero, .zero)
      }
      for (index, place) in places.enumerated() {
        guard let (base, weight) = chosen[place.position + offset] else { continue }
        present[offset] |= 1 << UInt32(index)
        bases[offset * Self.vectors + index / 4][index % 4] = base
        weights[offset * Self.vectors + index / 4][index % 4] = weight
      }
    }
    for vector in 0..<Self.vectors {
      (codes[Self.vectors + vector], sums[Self.vectors + vector]) = (bases[vector], weights[vector])
    }
    // Descending.
    var largest = [Float](repeating: 0, count: Self.more)
    for (index, start) in places.enumerated() {
      for rank in largest.indices { largest[rank] = 0 }
      for offset in (0..<Self.span).reversed() {
        let sums = reach + (index * Self.span + offset) * Self.more
        sums[0] = 0
        for taken in 1..<Self.more { sums[taken] = sums[taken - 1] + largest[taken - 1] }
        guard let (_, weight) = chosen[start.position + offset] else { continue }
        var size = abs(weight)
        for rank in largest.indices where size > largest[rank] { swap(&size, &largest[rank]) }
      }
    }
  }

  /// The starts of these from which a k-mer of `final` bases with the sum `floor` may come.
  ///
  /// A k-mer sums up starts with the same bases: with those counted that share the last three, no sum is above the bounds' sum.
  private func promising(
    _ size: Int, to final: Int, from starts: UInt32, after last: Int, floor: Float
  ) -> UInt32 {
    let codes = codeLanes(size)
    let sums = sumLanes(size)
    bounds.update(repeating: 0, count: Self.groups)
    forEachBit(of: starts) { index in
      bounds[Int(codes[index]) % Self.groups] +=
        abs(sums[index]) + reach[(index * Self.span + last) * Self.more + final - size]
    }
    // Beyond what the sums are rounded by.
    let least = floor * Float(final) * 0.9999
    var found: UInt32 = 0
    forEachBit(of: starts) { index in
      if bounds[Int(codes[index]) % Self.groups] >= least { found |= 1 << UInt32(index) }
    }
    return found
  }

  /// Adds places after offset `last` to the k-mers of `size` bases at these starts, which have the gap structure `mask`, in every way,
  /// until they have `final` bases.
  private func extend(
    _ size: Int, to final: Int, from starts: UInt32, mask: UInt32, after last: Int,
    sums largest: inout TopList
  ) {
    let floor = largest.floor
    let starts = floor > 0 ? promising(size, to: final, from: starts, after: last, floor: floor) : starts
    guard starts != 0 else { return }
    for offset in last + 1..<max(last + 1, Self.span) {
      let present = starts & present[offset]
      guard present != 0 else { continue }
      let mask = mask | 1 << UInt32(offset - 1)
      if size + 1 == final {
        add(size, at: present, offset: offset, mask: mask, to: &largest)
        continue
      }
      for vector in 0..<Self.vectors {
        let (from, to, more) = (
          size * Self.vectors + vector, (size + 1) * Self.vectors + vector, offset * Self.vectors + vector
        )
        codes[to] = codes[from] &<< 2 | bases[more]
        sums[to] = sums[from] + weights[more]
      }
      extend(size + 1, to: final, from: present, mask: mask, after: offset, sums: &largest)
    }
  }

  /// The k-mers of one gap structure, of `size` bases and one at `offset`, each with the sum of the mean attributions at its starts.
  private func add(
    _ size: Int, at starts: UInt32, offset: Int, mask: UInt32, to largest: inout TopList
  ) {
    let (codes, sums) = (codeLanes(size), sumLanes(size))
    let bases = UnsafeRawPointer(bases + offset * Self.vectors).assumingMemoryBound(to: UInt32.self)
    let weights = UnsafeRawPointer(weights + offset * Self.vectors).assumingMemoryBound(to: Float.self)
    let whole = whole
    var count = 0
    // Of the codes, their last bits; of the sums, the largest.
    var (seen, most): (UInt64, Float) = (0, 0)
    forEachBit(of: starts) { index in
      let kmer = Kmer(code: codes[index] << 2 | bases[index], sum: sums[index] + weights[index])
      whole[count] = kmer
      count += 1
      seen |= 1 << UInt64(kmer.code & 63)
      most = max(most, abs(kmer.sum))
    }
    let mask = mask << 12
    let final = Float(size + 1)
    if seen.nonzeroBitCount == count {
      // Where no two are alike, what is below the floor is not divided.
      let least = largest.floor * final * 0.9999
      guard most >= least else { return }
      for index in 0..<count where abs(whole[index].sum) >= least {
        let sum = whole[index].sum / final
        guard sum != 0 else { continue }
        largest.add(Int((mask | whole[index].code) << 1 | (sum < 0 ? 1 : 0)), abs(sum))
      }
      return
    }
    var found = 0
    for index in 0..<count {
      let (code, weight) = (whole[index].code, whole[index].sum / final)
      let number = Int(numbers[Int(code)])
      if number < found, different[number].code == code {
        different[number].sum += weight
      } else {
        numbers[Int(code)] = UInt8(found)
        different[found] = Kmer(code: code, sum: weight)
        found += 1
      }
    }
    for index in 0..<found where different[index].sum != 0 {
      let (code, sum) = (different[index].code, different[index].sum)
      largest.add(Int((mask | code) << 1 | (sum < 0 ? 1 : 0)), abs(sum))
    }
  }

  private func codeLanes(_ size: Int) -> UnsafePointer<UInt32> {
    UnsafeRawPointer(codes + size * Self.vectors).assumingMemoryBound(to: UInt32.self)
  }

  private func sumLanes(_ size: Int) -> UnsafePointer<Float> {
    UnsafeRawPointer(sums + size * Self.vectors).assumingMemoryBound(to: Float.self)
  }

  /// From the lowest.
  @inline(__always)
  private func forEachBit(of bits: UInt32, _ body: (Int) -> Void) {
    var bits = bits
    while bits != 0 {
      body(bits.trailingZeroBitCount)
      bits &= bits - 1
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
