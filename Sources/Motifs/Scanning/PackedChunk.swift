import CKernels
import Sequences

/// A stretch of codes with the window starts that belong to it; what lies after the last start is look-ahead.
struct ScanSegment: Sendable {
  /// Which sequence, and where in it the first base stands.
  var sequence: Int
  var offset: Int
  /// Where the bases are in the buffer scanned.
  var range: Range<Int>
  /// Windows may start at the first `starts` bases.
  var starts: Int
}

/// Segments laid out for the kernels: each begins on a block of 64 positions and ends before the next by at
/// least one position that is no base.
struct PackedChunk {
  let segments: [ScanSegment]
  /// First block of each segment.
  let firstBlocks: [Int]
  let blocks: Int
  /// Codes 0…3, unknown bases as 0; zeros after the last block.
  let codes: [UInt8]
  /// The look-up index of each position.
  let index: [UInt8]
  /// One bit a position: a known base stands there; a window may start there.
  private let known: [UInt64]
  private let allowed: [UInt64]

  static func blocks(for length: Int) -> Int { length / 64 + 1 }

  /// - Parameter margin: Bases beyond the last block that a kernel may read: the widest motif, rounded up.
  init(_ segments: [ScanSegment], of buffer: UnsafeBufferPointer<UInt8>, margin: Int, kernels: ScanKernels) {
    self.segments = segments
    var total = 0
    firstBlocks = segments.map { segment in
      defer { total += Self.blocks(for: segment.range.count) }
      return total
    }
    blocks = total
    let count = 64 * total
    var known = [UInt64](repeating: 0, count: total + 1)
    var allowed = known
    let firstBlocks = firstBlocks
    codes = [UInt8](unsafeUninitializedCapacity: count + margin + 128) { codes, initialized in
      initialized = count + margin + 128
      (codes.baseAddress! + count).initialize(repeating: 0, count: margin + 128)
      for (segment, first) in zip(segments, firstBlocks) {
        let length = segment.range.count
        known.withUnsafeMutableBufferPointer {
          kernels.table.pointee.clean(
            buffer.baseAddress! + segment.range.lowerBound, Int64(length), codes.baseAddress! + 64 * first,
            $0.baseAddress! + first)
        }
        for block in 0..<Self.blocks(for: length) {
          let starts = segment.starts - 64 * block
          allowed[first + block] = starts >= 64 ? ~0 : starts <= 0 ? 0 : 1 << UInt64(starts) - 1
        }
      }
    }
    self.known = known
    self.allowed = allowed
    let codes = codes
    index = [UInt8](unsafeUninitializedCapacity: count + margin + 64) { index, initialized in
      initialized = count + margin + 64
      codes.withUnsafeBufferPointer {
        kernels.table.pointee.pack($0.baseAddress!, Int64(initialized), index.baseAddress!)
      }
    }
  }

  /// One bit a position: a window of `width` known bases may start there.
  func valid(width: Int) -> [UInt64] {
    var mask = known
    var covered = 1
    while covered < width {
      let step = min(covered, width - covered)
      // Ascending, so each word still reads words after it that are not yet narrowed.
      for word in mask.indices {
        let source = word + step / 64
        let low = source < mask.count ? mask[source] : 0
        let high = source + 1 < mask.count ? mask[source + 1] : 0
        let shift = UInt64(step % 64)
        mask[word] &= shift == 0 ? low : low >> shift | high << (64 - shift)
      }
      covered += step
    }
    for word in mask.indices { mask[word] &= allowed[word] }
    return mask
  }

  /// The segment that holds a position, at least `from`.
  func segment(at position: Int, from: Int) -> Int {
    var segment = from
    while segment + 1 < firstBlocks.count, 64 * firstBlocks[segment + 1] <= position { segment += 1 }
    return segment
  }
}
