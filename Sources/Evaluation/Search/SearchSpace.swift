import Foundation
import Runtime
import Sequences

/// What a search may vary, and between which values.
public struct SearchSpace: Equatable, Sendable {
  public enum Parameter: String, CaseIterable, Sendable {
    /// Of the first convolution; those of later ones change in proportion.
    case filters
    /// Of the first convolution; those of later ones change in proportion.
    case kernelSize
    /// Rate of every dropout layer; a network without one gets it before its last dense layer.
    case dropout
    case learningRate, batchSize, weightDecay

    var isWhole: Bool { self == .filters || self == .kernelSize || self == .batchSize }

    /// What is wrong with a value, if something is.
    func problem(_ value: Double) -> String? {
      let (isRight, expected) =
        switch self {
        case .filters, .kernelSize, .batchSize:
          (value >= 1 && value <= 65536 && value == value.rounded(), "a whole number from 1 to 65536")
        case .dropout: (value >= 0 && value < 1, "a number from 0 to below 1")
        case .learningRate: (value > 0 && value.isFinite, "a number above 0")
        case .weightDecay: (value >= 0 && value < 1, "a number from 0 to below 1")
        }
      return isRight ? nil : expected
    }
  }

  public enum Values: Equatable, Sendable {
    /// One of these, each as likely as the others.
    case choice([Double])
    /// Uniform between two ends, both included for whole numbers; logarithmic: uniform in the logarithm.
    case range(ClosedRange<Double>, isLogarithmic: Bool)
  }

  /// Parameters that are missing stay as the network and the options have them.
  public var values: [Parameter: Values]

  public init(_ values: [Parameter: Values]) { self.values = values }

  /// Filters 16…128 and learning rate 0.0003…0.03 (logarithmic), kernel size 6…24, dropout 0…0.5, batches of 32…256.
  public static let standard = SearchSpace([
    .filters: .range(16...128, isLogarithmic: true), .kernelSize: .range(6...24, isLogarithmic: false),
    .dropout: .range(0...0.5, isLogarithmic: false),
    .learningRate: .range(0.0003...0.03, isLogarithmic: true), .batchSize: .choice([32, 64, 128, 256]),
  ])

  /// A random point: random search (Bergstra & Bengio 2012, Journal of Machine Learning Research 13, 281–305). Numbers that
  /// are not whole have three significant digits, so that they can be typed again.
  func sample(using random: inout CounterRandom) -> [Parameter: Double] {
    var point: [Parameter: Double] = [:]
    for parameter in Parameter.allCases {
      // Drawn for every parameter, so that leaving one out does not change the others.
      let u = random.uniform()
      switch values[parameter] {
      case nil: break
      case .choice(let choices)?: point[parameter] = choices[Int(u * Double(choices.count))]
      case .range(let range, let isLogarithmic)?:
        // A whole number stands for the interval up to the next one.
        let end = range.upperBound + (parameter.isWhole ? 1 : 0)
        let value =
          isLogarithmic
          ? range.lowerBound * pow(end / range.lowerBound, u)
          : range.lowerBound + (end - range.lowerBound) * u
        point[parameter] =
          parameter.isWhole
          ? min(range.upperBound, value.rounded(.down))
          : min(max(Self.short(value), range.lowerBound), range.upperBound)
      }
    }
    return point
  }

  private static func short(_ value: Double) -> Double { Double(String(format: "%.3g", value)) ?? value }
}
