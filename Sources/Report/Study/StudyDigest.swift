import Evaluation
import Foundation
import NeuralNetworks

/// What a study found, in a few numbers: what the program prints.
public struct StudyDigest: Codable, Equatable, Sendable {
  public struct Entry: Codable, Equatable, Sendable {
    public var name: String
    public var parameters: Int
    public var accuracy: Estimate
    public var auroc: Estimate?
    /// The best accuracy that is possible for it, for planted data.
    public var ceiling: Double?
    /// Accuracy when the site may stand anywhere.
    public var scatteredAccuracy: Estimate
  }

  public var page: String
  public var networks: [Entry]

  /// For people: a line for each network, and where the page is.
  public var text: String {
    func share(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "     –" }
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let width = max(7, networks.map(\.name.count).max() ?? 0)
    var lines = [padded("network", width) + "  parameters  accuracy  (95 % interval)     ceiling  AUROC"]
    for network in networks {
      let parameters = String(network.parameters)
      lines.append(
        padded(network.name, width) + "  " + String(repeating: " ", count: 10 - min(10, parameters.count))
          + parameters + "  \(share(network.accuracy.value))    (\(share(network.accuracy.low)) to"
          + " \(share(network.accuracy.high)))  \(share(network.ceiling))   \(share(network.auroc?.value))")
    }
    return (lines + [page]).joined(separator: "\n") + "\n"
  }
}

extension Study {
  public func digest(page: String) -> StudyDigest {
    StudyDigest(
      page: page,
      networks: networks.map { network in
        StudyDigest.Entry(
          name: network.name, parameters: network.network.architecture.parameterCount,
          accuracy: network.accuracy, auroc: network.metrics.auroc,
          ceiling: network.ceiling?.accuracy.value, scatteredAccuracy: network.scatteredAccuracy)
      })
  }
}
