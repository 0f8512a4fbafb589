import Figures
import Testing

@Suite struct PNGTests {
  private static func picture(width: Int, height: Int, _ color: (Int, Int) -> [UInt8]) -> PNGPicture {
    var pixels: [UInt8] = []
    for y in 0..<height { for x in 0..<width { pixels += color(x, y) } }
    return PNGPicture(
      width: width, height: height, pixels: pixels, dpi: 300,
      texts: [
        .init("Software", "MotifKit"), .init("Command", "motifkit explain α.fa"), .init("Title", "naïve × 2"),
      ])
  }

  @Test(arguments: [
    (2, 1), (16, 1), (17, 1), (256, 1), (257, 3),
  ]) func colorsSurvive(colors: Int, channels: Int) throws {
    let picture = Self.picture(width: 40, height: 30) { x, y in
      let i = (y * 40 + x) % colors
      return [UInt8(i % 256), UInt8(i / 256 * 9), UInt8(255 - i % 256), 255]
    }
    let decoded = try PNGPicture(decoding: picture.encoded())
    #expect(decoded.pixels == picture.pixels)
    #expect(decoded.fileChannels == channels)
    #expect(decoded.dpi == 300)
    #expect(decoded.texts == picture.texts)
  }

  @Test func transparencySurvives() throws {
    let picture = Self.picture(width: 9, height: 7) { x, y in
      [UInt8(x * 20), UInt8(y * 30), 7, UInt8(x * 28)]
    }
    let decoded = try PNGPicture(decoding: picture.encoded(.indexed))
    #expect(decoded.pixels == picture.pixels)
    #expect(decoded.fileChannels == 4)
  }

  @Test func paletteComesNearEveryColor() throws {
    let map = ColorMap.sequential
    let picture = Self.picture(width: 128, height: 64) { x, y in
      // A heat map of many shades on a white page.
      if y < 32 { return [255, 255, 255, 255] }
      let (red, green, blue) = map.color(at: Double((y - 32) * 128 + x) / 4095)!.bytes
      return [red, green, UInt8(min(255, Int(blue) + x % 3)), 255]
    }
    let decoded = try PNGPicture(decoding: picture.encoded(.indexed))
    #expect(decoded.fileChannels == 1)
    #expect(decoded[5, 5] == [255, 255, 255, 255])
    let worst = zip(decoded.pixels, picture.pixels).map { abs(Int($0) - Int($1)) }.max()!
    #expect(worst <= 6)
  }

  @Test func damagedFilesAreErrors() throws {
    let bytes = try Self.picture(width: 50, height: 40) { x, y in [UInt8(x), UInt8(y), UInt8(x ^ y), 255] }
      .encoded()
    for count in stride(from: 0, to: bytes.count, by: 37) {
      #expect(throws: FigureError.self) { try PNGPicture(decoding: Array(bytes[..<count])) }
    }
    var random = TestRandom(1)
    for _ in 0..<60 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      // A flip in a text is caught by its checksum, one in the last chunk's length may pass: neither may trap.
      _ = try? PNGPicture(decoding: damaged, maximumPixels: 10_000)
    }
  }

  @Test func aHeaderMayNotAskForMoreThanAllowed() throws {
    let small = try Self.picture(width: 20, height: 20) { _, _ in [1, 2, 3, 255] }.encoded()
    #expect(throws: FigureError("PNG: the picture has too many pixels")) {
      try PNGPicture(decoding: small, maximumPixels: 399)
    }
    // 800,000 × 800,000 pixels with a right checksum, and no data after the header.
    let header: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0x00, 0x0C, 0x35,
      0x00, 0x00,
      0x0C, 0x35, 0x00, 8, 2, 0, 0, 0,
    ]
    let lie =
      header + Self.checksum(Array(header[12...])) + [
        0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54, 0x35, 0xAF, 0x06, 0x1E,
      ]
    #expect(throws: FigureError("PNG: the picture has too many pixels")) { try PNGPicture(decoding: lie) }
  }

  /// CRC-32 of a chunk's type and data, most significant byte first.
  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    crc ^= 0xFFFF_FFFF
    return [UInt8(crc >> 24), UInt8(crc >> 16 & 255), UInt8(crc >> 8 & 255), UInt8(crc & 255)]
  }

  @Test func libpngsRefusalIsAnError() {
    let empty = PNGPicture(width: 0, height: 0, pixels: [])
    #expect(throws: FigureError.self) { try empty.encoded() }
  }
}
