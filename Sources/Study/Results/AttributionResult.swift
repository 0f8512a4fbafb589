import Evaluation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences

/// Which bases of the test positives decide, and whether those are the planted ones.
public struct AttributionResult: Sendable {
  /// The ways of asking.
  public enum Method: String, CaseIterable, Sendable {
    case saliency
    case inputXGradient = "input-x-gradient"
    case gradCAM = "grad-cam"

    public var title: String {
      switch self {
      case .saliency: "saliency"
      case .inputXGradient: "input × gradient"
      case .gradCAM: "Grad-CAM"
      }
    }
  }

  /// One network asked one way.
  public struct Entry: Sendable {
    public let network: String
    public let method: Method
    /// How much each base matters, (sequences, length).
    public let magnitudes: [Float]
    /// How well that points to the planted sites; `nil` without any.
    public let agreement: SiteAgreement?
  }

  /// Test positives drawn at random, from the largest logit of the interpreted network to the smallest.
  public let sequences: SequenceSet
  /// Their rows in the test set.
  public let rows: [Int]
  /// Of the interpreted network.
  public let logits: [Float]
  /// Their sites; `nil` where none is known.
  public let sites: [Range<Int>?]
  /// Each network that has a convolution, with each method.
  public let entries: [Entry]
  /// Signed input × gradient of the interpreted network, (sequences, length).
  public let scores: [Float]

  /// The interpreted network with one method.
  public func entry(_ method: Method, network: String) -> Entry {
    entries.first { $0.network == network && $0.method == method }!
  }

  /// The values of each sequence.
  public func rows(of values: [Float]) -> [[Double]] {
    let length = sequences.uniformLength ?? 0
    return (0..<sequences.count).map { row in values[row * length..<(row + 1) * length].map(Double.init) }
  }
}

extension AttributionResult {
  /// Sequences that are looked at.
  private static let count = 300

  package init(_ networks: [NetworkResult], interpreted: NetworkResult, data: StudyData, seed: UInt64) throws
  {
    let positives = data.test.indices(label: 1)
    var random = CounterRandom(seed: seed, purpose: .sampling, epoch: 2)
    let sample = random.permutation(positives.count).prefix(Self.count).map { positives[$0] }
    let rows = sample.sorted { (-interpreted.logits[$0], $0) < (-interpreted.logits[$1], $1) }
    let sequences = data.test.sequences.subset(rows)
    let sites = rows.map { row -> Range<Int>? in
      guard let planted = data.planted, let start = planted.testSites[row].start else { return nil }
      return start..<start + planted.motif.width
    }
    var scores: [Float] = []
    // Grad-CAM needs a convolution.
    let networks = networks.filter { !$0.network.architecture.convolutions.isEmpty }
    entries = try networks.flatMap { network -> [Entry] in
      let gradient = try network.network.attributions(.gradient, of: sequences)
      let product = try network.network.attributions(.inputXGradient, of: sequences)
      if network.name == interpreted.name { scores = product.scores }
      let maps = try network.network.classActivationMaps(.gradCAM, of: sequences)
      return [
        Entry(
          network: network.name, method: .saliency, magnitudes: gradient.magnitudes,
          agreement: gradient.agreement(with: sites)),
        Entry(
          network: network.name, method: .inputXGradient, magnitudes: product.magnitudes,
          agreement: product.agreement(with: sites)),
        Entry(
          network: network.name, method: .gradCAM, magnitudes: maps.values,
          agreement: maps.agreement(with: sites)),
      ]
    }
    self.rows = rows
    self.sequences = sequences
    self.sites = sites
    self.scores = scores
    logits = rows.map { interpreted.logits[$0] }
  }
}
