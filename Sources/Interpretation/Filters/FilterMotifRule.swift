import Runtime
import Sequences

/// How a filter becomes a motif.
///
/// Activations are those after the activation function; a site is the window of bases that a position of the convolution sees,
/// for the first convolution as wide as the filter. Only windows with an activation above zero are sites, whatever the rule.
/// Bases outside the sequence (`same` padding) are unknown.
public enum FilterMotifRule: Hashable, Sendable {
  /// Windows above half of the filter's largest activation: f = counts / sites.
  ///
  /// The rule in the text of Kelley, Snoek & Rinn 2016 (Basset) and in ExplaiNN (Novakovsky et al. 2023).
  case halfMax
  /// Windows above (max − mean) / 2 + mean, one added to each count, as Basset's program computes it
  /// (`basset_motifs.py`): f = (counts + 1) / (sites + 4), an unknown base counts ¼ for each letter. Filters with fewer than
  /// ten sites have no motif.
  case basset
  /// The windows with the n largest activations over all sequences (EUGENe, SeqExplainer: n = 100); of equal ones the first.
  case top(Int)
  /// All k-mers whose activation at most this share of uniform k-mers reach, by exact counting from the weights alone.
  case exactP(Double)
  /// From the weights alone: each column a softmax of scaled weights, so that the activation is the motif's log-likelihood
  /// ratio plus a constant (Ding et al. 2017, bioRxiv 163220). The scale is the one with which sites drawn from the motif
  /// have the mean activation of the k-mers that `exactP` with this share selects.
  case softmax(Double)

  /// Each rule with its usual parameters.
  public static let all: [FilterMotifRule] = [.halfMax, .basset, .top(100), .exactP(0.001), .softmax(0.001)]

  /// Whether it looks at the weights only, not at sequences.
  public var needsNoData: Bool {
    switch self {
    case .halfMax, .basset, .top: false
    case .exactP, .softmax: true
    }
  }

  /// `half-max`, `basset`, `top-100`, `exact-p`, `softmax`.
  public var name: String {
    switch self {
    case .halfMax: "half-max"
    case .basset: "basset"
    case .top(let count): "top-\(count)"
    case .exactP: "exact-p"
    case .softmax: "softmax"
    }
  }

  /// The rule of that name; `top-n` stands for `top-100`.
  ///
  /// Throws `InputError` that lists the names there are.
  public init(name: String) throws {
    if let rule = Self.all.first(where: { $0.name == name }) {
      self = rule
    } else if name == "top-n" {
      self = .top(100)
    } else if name.hasPrefix("top-"), let count = Int(name.dropFirst(4)), count > 0 {
      self = .top(count)
    } else {
      throw InputError(
        "no rule is called '\(name)'; there are half-max, basset, top-N (such as top-100), exact-p and softmax"
      )
    }
  }
}
