import Figures
import Foundation
import Testing

@Suite struct ColorTests {
  /// CIE lightness L* from sRGB.
  private func lightness(_ color: Color) -> Double {
    func linear(_ v: Double) -> Double { v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4) }
    let y = 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    return y > 0.008856 ? 116 * cbrt(y) - 16 : 903.3 * y
  }

  @Test func sequentialMapRisesEvenlyInLightness() {
    let values = ColorMap.sequential.colors.map(lightness)
    let steps = zip(values.dropFirst(), values).map { $0 - $1 }
    let mean = steps.reduce(0, +) / Double(steps.count)
    #expect(values.last! - values.first! > 60)
    #expect(steps.allSatisfy { $0 > 0.4 * mean && $0 < 1.8 * mean })
  }

  @Test func divergingMapIsWhiteAtZeroAndBalanced() throws {
    let map = ColorMap.diverging
    let middle = try #require(map.color(at: 0.5)).bytes
    #expect(middle == (255, 255, 255))
    let (low, high) = (try #require(map.color(at: 0)), try #require(map.color(at: 1)))
    #expect(low.blue > low.red && high.red > high.blue)
    #expect(abs(lightness(low) - lightness(high)) < 6)
    let values = map.colors.map(lightness)
    for i in 1...128 { #expect(values[i] > values[i - 1] && values[256 - i] > values[257 - i]) }
  }

  @Test func colorsOutsideAreLimited() {
    #expect(ColorMap.sequential.color(at: -3) == ColorMap.sequential.colors.first)
    #expect(ColorMap.sequential.color(at: .infinity) == ColorMap.sequential.colors.last)
    #expect(ColorMap.sequential.color(at: .nan) == nil)
  }
}
