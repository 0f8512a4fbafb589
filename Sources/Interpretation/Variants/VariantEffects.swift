import Foundation

/// On which scale a variant's effect is the difference of its alleles.
public enum EffectScale: String, Sendable, CaseIterable {
  /// The network's own output: the logit of a probability.
  case logit
  /// The probability, 1 / (1 + e^−logit).
  case probability
  /// log₂ of a count whose natural logarithm the network gives: the effect is a log₂ fold change.
  case log2 = "log2-count"

  func value(_ logit: Double) -> Double {
    switch self {
    case .logit: logit
    case .probability: 1 / (1 + exp(-logit))
    case .log2: logit / Foundation.log(2)
    }
  }
}

/// What a network, or several, say of variants.
public struct VariantEffects: Sendable {
  /// Which of the variants asked for these are.
  public var indices: [Int]
  public var outputs: Int
  /// (variants, outputs): the reference allele on the chosen scale, mean over networks.
  public var references: [Double] = []
  /// (variants, outputs): the alternative allele.
  public var alternates: [Double] = []
  /// (variants, outputs): alternative minus reference.
  public var effects: [Double] = []
  /// (variants, outputs): standard deviation of the effect over networks (n − 1); empty for one network.
  public var spreads: [Double] = []
}
