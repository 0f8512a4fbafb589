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

  /// The axis of a parameter; `nil` where it stays as it is.
  func axis(_ parameter: Parameter) -> SearchAxis? {
    values[parameter].map { SearchAxis($0, isWhole: parameter.isWhole) }
  }

  /// A random point.
  func sample(using random: inout CounterRandom) -> [Parameter: Double] {
    var point: [Parameter: Double] = [:]
    for parameter in Parameter.allCases {
      // Drawn for every parameter, so that leaving one out does not change the others.
      let place = random.uniform()
      point[parameter] = axis(parameter)?.value(at: place)
    }
    return point
  }
}
