import Foundation

/// Colors for numbers from 0 to 1, in 256 steps.
public struct ColorMap: Equatable, Sendable {
  public let colors: [Color]

  /// Colors at equal distances from 0 to 1.
  public init(_ colors: [Color]) {
    precondition(colors.count >= 2, "a color map has two ends")
    self.colors = colors
  }

  /// The color at `fraction`, which is limited to 0…1; `nil` for what is not a number.
  public func color(at fraction: Double) -> Color? {
    guard !fraction.isNaN else { return nil }
    return colors[Int((min(max(fraction, 0), 1) * Double(colors.count - 1)).rounded())]
  }

  public var reversed: ColorMap { ColorMap(colors.reversed()) }

  /// Dark violet, blue, green, yellow: lightness rises evenly, so that equal steps of the number look equal.
  public static let sequential = ColorMap(
    steps { t in
      OKLCH(
        lightness: 0.26 + 0.66 * t, chroma: 0.115 - 0.04 * sin(.pi * t) + 0.05 * t * t, hue: 300 - 190 * t)
    })

  /// White to ink: for maps of which most is nothing.
  public static let fromWhite = ColorMap(
    steps { t in OKLCH(lightness: 1 - 0.75 * t, chroma: 0.16 * sin(.pi * pow(t, 0.8)), hue: 75 - 110 * t) })

  /// Blue, white, red: white is zero, and both ends are equally dark.
  public static let diverging = ColorMap(
    steps { t in
      let distance = abs(2 * t - 1)
      return OKLCH(
        lightness: 1 - 0.6 * distance, chroma: (t < 0.5 ? 0.12 : 0.16) * sin(0.62 * .pi * distance),
        hue: t < 0.5 ? 252 : 24)
    })

  private static func steps(_ color: (Double) -> OKLCH) -> [Color] {
    (0...256).map { color(Double($0) / 256).color }
  }
}
