import Foundation

/// A color in sRGB with coverage, each component from 0 to 1.
public struct Color: Equatable, Hashable, Sendable {
  public var red, green, blue, alpha: Double

  public init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// As on the web: `Color(0x0072B2)`.
  public init(_ hex: UInt32, alpha: Double = 1) {
    self.init(
      red: Double(hex >> 16 & 255) / 255, green: Double(hex >> 8 & 255) / 255, blue: Double(hex & 255) / 255,
      alpha: alpha)
  }

  public static let white = Color(0xFFFFFF)
  public static let black = Color(0x000000)

  public func opacity(_ alpha: Double) -> Color {
    Color(red: red, green: green, blue: blue, alpha: alpha)
  }

  /// The opaque color that this one gives when `share` of it lies over white.
  public func tint(_ share: Double) -> Color {
    Color(red: 1 - share * (1 - red), green: 1 - share * (1 - green), blue: 1 - share * (1 - blue))
  }

  /// Red, green, blue as bytes.
  package var bytes: (red: UInt8, green: UInt8, blue: UInt8) {
    func byte(_ value: Double) -> UInt8 { UInt8((min(max(value, 0), 1) * 255).rounded()) }
    return (byte(red), byte(green), byte(blue))
  }
}

/// Lightness, chroma and hue of OKLab, in which equal distances look about equally large.
///
/// Ottosson 2020, "A perceptual color space for image processing".
struct OKLCH {
  /// 0 is black, 1 white.
  var lightness: Double
  var chroma: Double
  /// Degrees: 29 is red, 110 yellow, 142 green, 264 blue.
  var hue: Double

  /// The nearest sRGB color of the same lightness and hue: chroma is lowered until it fits.
  var color: Color {
    var low = 0.0
    var high = chroma
    if let color = Self.color(lightness, chroma, hue) { return color }
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if Self.color(lightness, middle, hue) == nil { high = middle } else { low = middle }
    }
    return Self.color(lightness, low, hue) ?? Color(red: lightness, green: lightness, blue: lightness)
  }

  private static func color(_ lightness: Double, _ chroma: Double, _ hue: Double) -> Color? {
    let a = chroma * cos(hue * .pi / 180)
    let b = chroma * sin(hue * .pi / 180)
    func cube(_ x: Double) -> Double { x * x * x }
    let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    let linear = [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ]
    guard linear.allSatisfy({ $0 > -1e-6 && $0 < 1 + 1e-6 }) else { return nil }
    let encoded = linear.map { value -> Double in
      let value = min(max(value, 0), 1)
      return value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
    }
    return Color(red: encoded[0], green: encoded[1], blue: encoded[2])
  }
}
