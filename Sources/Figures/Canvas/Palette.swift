import Foundation

/// At most 256 colors and, for each pixel, which of them it has.
struct Palette {
  /// 3 bytes a color.
  private(set) var colors: [UInt8] = []
  /// One byte a pixel.
  private(set) var indices: [UInt8] = []

  /// `nil` when the pixels (4 bytes each, opaque) have more than 256 colors and may not be reduced.
  ///
  /// Reduction is by median cut (Heckbert 1982): until there are 256 boxes of colors, one is halved by pixel
  /// count. It is the one with the greatest side³ · √pixels, so that neither large areas nor the rare mixtures at
  /// edges go far astray. A box is shown by its most frequent color, so that plain areas keep theirs.
  init?(of pixels: [UInt8], reducing: Bool) {
    let counts = Self.count(pixels, upTo: reducing ? .max : 256)
    guard let counts else { return nil }
    var boxes = [Box(counts)]
    while boxes.count < 256, let widest = boxes.indices.max(by: { boxes[$0].weight < boxes[$1].weight }),
      boxes[widest].weight > 0
    {
      let (low, high) = boxes[widest].halved()
      boxes[widest] = low
      boxes.append(high)
    }
    boxes.sort { $0.representative < $1.representative }
    var index = [UInt32: UInt8](minimumCapacity: counts.count)
    for (i, box) in boxes.enumerated() {
      let color = box.representative
      colors.append(contentsOf: [UInt8(color >> 16), UInt8(color >> 8 & 255), UInt8(color & 255)])
      for entry in box.entries { index[entry.color] = UInt8(i) }
    }
    indices = .init(unsafeUninitializedCapacity: pixels.count / 4) { buffer, count in
      var last: UInt32 = .max
      var lastIndex: UInt8 = 0
      pixels.withUnsafeBufferPointer { pixels in
        for i in buffer.indices {
          let color = Self.color(pixels, i)
          if color != last {
            last = color
            lastIndex = index[color]!
          }
          buffer.initializeElement(at: i, to: lastIndex)
        }
      }
      count = buffer.count
    }
  }

  private static func color(_ pixels: UnsafeBufferPointer<UInt8>, _ i: Int) -> UInt32 {
    UInt32(pixels[4 * i]) << 16 | UInt32(pixels[4 * i + 1]) << 8 | UInt32(pixels[4 * i + 2])
  }

  /// How many pixels have each color, sorted by color; `nil` above `limit` colors.
  private static func count(_ pixels: [UInt8], upTo limit: Int) -> [(color: UInt32, pixels: Int)]? {
    pixels.withUnsafeBufferPointer { pixels in
      var counts: [UInt32: Int] = [:]
      var i = 0
      let total = pixels.count / 4
      while i < total {
        let color = color(pixels, i)
        var run = 1
        while i + run < total, Self.color(pixels, i + run) == color { run += 1 }
        counts[color, default: 0] += run
        if counts.count > limit { return nil }
        i += run
      }
      return counts.map { (color: $0.key, pixels: $0.value) }.sorted { $0.color < $1.color }
    }
  }

  private struct Box {
    var entries: [(color: UInt32, pixels: Int)]
    /// 0 for a single color, which cannot be halved.
    let weight: Double
    private let shift: UInt32

    init(_ entries: [(color: UInt32, pixels: Int)]) {
      self.entries = entries
      var widest: (side: UInt32, shift: UInt32) = (0, 0)
      for shift: UInt32 in [16, 8, 0] {
        var (low, high): (UInt32, UInt32) = (255, 0)
        for entry in entries {
          low = min(low, entry.color >> shift & 255)
          high = max(high, entry.color >> shift & 255)
        }
        if high >= low, high - low > widest.side { widest = (high - low, shift) }
      }
      shift = widest.shift
      let pixels = entries.reduce(0) { $0 + $1.pixels }
      weight = pow(Double(widest.side), 3) * Double(pixels).squareRoot()
    }

    var representative: UInt32 { entries.max { $0.pixels < $1.pixels }?.color ?? 0 }

    func halved() -> (Box, Box) {
      let sorted = entries.sorted {
        ($0.color >> shift & 255, $0.color) < ($1.color >> shift & 255, $1.color)
      }
      let total = sorted.reduce(0) { $0 + $1.pixels }
      var seen = 0
      var cut = 1
      for (i, entry) in sorted.enumerated() where i < sorted.count - 1 {
        seen += entry.pixels
        cut = i + 1
        if 2 * seen >= total { break }
      }
      return (Box(Array(sorted[..<cut])), Box(Array(sorted[cut...])))
    }
  }
}
