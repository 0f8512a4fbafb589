import CPNGShim
import Foundation

/// A picture of bytes: red, green, blue, alpha for each pixel, rows from the top.
package struct PNGPicture: Equatable, Sendable {
  package let width, height: Int
  /// 4 × width × height.
  package let pixels: [UInt8]
  /// 1 when the file holds palette indices, else 3 (RGB) or 4 (with alpha).
  package private(set) var fileChannels: Int
  /// Dots per inch, 0 where the file names none.
  package let dpi: Int
  /// Keyword and text of each text chunk, in the file's order.
  package let texts: [Text]

  package struct Text: Equatable, Sendable {
    package let key, value: String

    package init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  package init(width: Int, height: Int, pixels: [UInt8], dpi: Int = 0, texts: [Text] = []) {
    precondition(pixels.count == 4 * width * height, "four bytes for each pixel")
    (self.width, self.height, self.pixels, self.dpi, self.texts) = (width, height, pixels, dpi, texts)
    fileChannels = 4
  }

  package subscript(_ x: Int, _ y: Int) -> [UInt8] {
    Array(pixels[4 * (y * width + x)..<4 * (y * width + x) + 4])
  }
}

// MARK: - Writing

extension PNGPicture {
  /// How colors are stored: exactly, or with the 256 that render the picture best.
  package enum Storage: Sendable {
    /// Indexed where 256 colors are enough, else RGB, or RGBA where something is transparent.
    case exact
    /// Always indexed; a picture with more than 256 colors is reduced to its palette.
    case indexed
  }

  /// The bytes of a PNG file; throws `FigureError` when libpng refuses the picture.
  package func encoded(_ storage: Storage = .exact) throws -> [UInt8] {
    let opaque = pixels.withUnsafeBufferPointer { pixels in
      stride(from: 3, to: pixels.count, by: 4).allSatisfy { pixels[$0] == 255 }
    }
    if opaque, let palette = Palette(of: pixels, reducing: storage == .indexed) {
      return try encode(channels: 1, palette.indices, palette: palette.colors)
    }
    if opaque {
      let rgb = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { rgb, count in
        pixels.withUnsafeBufferPointer { pixels in
          for i in 0..<width * height {
            rgb[3 * i] = pixels[4 * i]
            rgb[3 * i + 1] = pixels[4 * i + 1]
            rgb[3 * i + 2] = pixels[4 * i + 2]
          }
        }
        count = rgb.count
      }
      return try encode(channels: 3, rgb, palette: [])
    }
    return try encode(channels: 4, pixels, palette: [])
  }

  private func encode(channels: UInt32, _ samples: [UInt8], palette: [UInt8]) throws -> [UInt8] {
    guard let width = UInt32(exactly: width), let height = UInt32(exactly: height) else {
      throw FigureError("a picture of \(width) × \(height) pixels cannot be a PNG")
    }
    var message = [CChar](repeating: 0, count: 200)
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let status = samples.withUnsafeBufferPointer { samples in
      palette.withUnsafeBufferPointer { palette in
        withCTexts { texts in
          var picture = cpng_picture(
            width: width, height: height, channels: channels, pixels: samples.baseAddress!,
            palette: palette.baseAddress, palette_count: UInt32(palette.count / 3), dpi: UInt32(max(dpi, 0)),
            texts: texts.baseAddress, text_count: texts.count)
          return cpng_encode(&picture, &bytes, &count, &message, message.count)
        }
      }
    }
    guard status == 0, let bytes else { throw FigureError("PNG: " + Self.string(message)) }
    defer { cpng_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Latin-1 texts become tEXt chunks, all others UTF-8 in iTXt. Bytes that end a C string are dropped.
  private func withCTexts<Result>(_ body: (UnsafeBufferPointer<cpng_text>) -> Result) -> Result {
    var texts: [cpng_text] = []
    defer {
      for text in texts {
        free(UnsafeMutablePointer(mutating: text.key))
        free(UnsafeMutablePointer(mutating: text.value))
      }
    }
    for text in self.texts {
      let scalars = text.value.unicodeScalars.filter { $0.value >= 32 || $0 == "\n" || $0 == "\t" }
      let isLatin = scalars.allSatisfy { $0.value < 127 || (160..<256).contains($0.value) }
      let value =
        isLatin ? scalars.map { UInt8($0.value) } : Array(String(String.UnicodeScalarView(scalars)).utf8)
      texts.append(
        cpng_text(
          key: strdup(text.key),
          value: (value + [0]).withUnsafeBytes { strdup($0.bindMemory(to: CChar.self).baseAddress!) },
          is_utf8: isLatin ? 0 : 1))
    }
    return texts.withUnsafeBufferPointer(body)
  }

  private static func string(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

// MARK: - Reading

extension PNGPicture {
  /// Decodes a PNG of at most `maximumPixels`; throws `FigureError` for anything else.
  package init(decoding bytes: [UInt8], maximumPixels: Int = 100_000_000) throws {
    var decoded = cpng_decoded()
    var message = [CChar](repeating: 0, count: 200)
    let status = bytes.withUnsafeBufferPointer { bytes -> Int32 in
      guard let start = bytes.baseAddress else { return -1 }
      return cpng_decode(start, bytes.count, UInt64(max(0, maximumPixels)), &decoded, &message, message.count)
    }
    guard status == 0 else {
      throw FigureError("PNG: " + (bytes.isEmpty ? "no bytes" : Self.string(message)))
    }
    defer { cpng_free_decoded(&decoded) }
    let texts = (0..<decoded.text_count).map { i -> Text in
      let value = Array(
        UnsafeRawBufferPointer(start: decoded.values![i]!, count: strlen(decoded.values![i]!)))
      let isUTF8 = decoded.values_are_utf8![i] != 0
      return Text(
        String(cString: decoded.keys![i]!),
        isUTF8
          ? String(decoding: value, as: UTF8.self)
          : String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) })))
    }
    let (width, height) = (Int(decoded.width), Int(decoded.height))
    self.init(
      width: width, height: height,
      pixels: Array(UnsafeBufferPointer(start: decoded.pixels!, count: 4 * width * height)),
      dpi: Int((Double(decoded.pixels_per_metre) * 0.0254).rounded()), texts: texts)
    fileChannels = Int(decoded.file_channels)
  }
}
