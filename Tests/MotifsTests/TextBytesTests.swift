import Foundation
import Motifs
import Runtime
import Sequences
import Testing

@Suite struct TextBytesTests {
  @Test("six significant digits are those of %g") func significant() {
    var random = CounterRandom(seed: 2, purpose: .simulation)
    var values: [Double] = [
      0, 1, -1, 0.5, 0.1, 1e-4, 1e-5, 9.99999e-5, 9.999995e-5, 0.00009999995, 123456, 123456.5, 999999.5,
      999999.4,
      1234565, 1e6, 100000.5, 1e22, 1e-300, 1e300, .leastNonzeroMagnitude, .infinity, 0.123456499999999,
      1.0000005, 2.5, 10,
      100,
      0.30000000000000004, 262144, 1e-45, 3.5e-38,
    ]
    for _ in 0..<20000 {
      let mantissa = random.uniform() + 0.1
      values.append(mantissa * pow(10, Double(random.below(80)) - 60))
      values.append((mantissa * 1e6).rounded() / 1e6)
    }
    for value in values {
      var bytes: [UInt8] = []
      bytes.append(significant: value)
      #expect(String(decoding: bytes, as: UTF8.self) == String(format: "%g", value))
    }
  }
}
