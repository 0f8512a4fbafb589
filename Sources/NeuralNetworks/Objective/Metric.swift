import Statistics

/// One of the numbers by which a network is judged.
public struct Metric: Hashable, Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// The mean of what training minimizes, without class weights.
    case loss
    /// Share of questions answered right, or of sequences whose class has the largest output.
    case accuracy
    /// Of yes and no, and of each class against the others.
    case auroc, auprc
    case meanSquaredError = "mean_squared_error"
    /// Of predictions and targets over sequences; of a profile over its positions, mean over sequences.
    case pearson
    case spearman
    /// Of the predicted and the counted profile: √ of their Jensen–Shannon divergence in nats, mean over sequences.
    case jensenShannon = "jensen_shannon"

    /// Whether a smaller number is better.
    public var isLowerBetter: Bool {
      switch self {
      case .loss, .meanSquaredError, .jensenShannon: true
      case .accuracy, .auroc, .auprc, .pearson, .spearman: false
      }
    }

    /// As a heading.
    public var title: String {
      switch self {
      case .loss: "Loss"
      case .accuracy: "Accuracy"
      case .auroc: "AUROC"
      case .auprc: "AUPRC"
      case .meanSquaredError: "Mean squared error"
      case .pearson: "Pearson’s r"
      case .spearman: "Spearman’s ρ"
      case .jensenShannon: "Jensen–Shannon distance"
      }
    }
  }

  public let kind: Kind
  /// The head that it judges; `nil` for all, or the only one.
  public let head: String?

  public init(_ kind: Kind, head: String? = nil) { (self.kind, self.head) = (kind, head) }

  /// `auroc`, or `count_pearson` where there are several heads.
  public var name: String { head.map { "\($0)_\(kind.rawValue)" } ?? kind.rawValue }
  public var title: String { head.map { "\(kind.title), \($0)" } ?? kind.title }
  /// Inside a sentence or at an axis.
  public var label: String {
    switch kind {
    case .auroc, .auprc, .pearson, .spearman, .jensenShannon: title
    case .loss, .accuracy, .meanSquaredError: title.prefix(1).lowercased() + title.dropFirst()
    }
  }
  public var isLowerBetter: Bool { kind.isLowerBetter }

  public static let loss = Metric(.loss)

  /// Whether a is better than b.
  public func isBetter(_ a: Double, than b: Double) -> Bool { isLowerBetter ? a < b : a > b }
}

extension Loss {
  /// What outputs trained with it are judged by, beside the loss.
  var metrics: [Metric.Kind] {
    switch self {
    case .binaryCrossEntropy, .categoricalCrossEntropy: [.accuracy, .auroc, .auprc]
    case .meanSquaredError: [.pearson, .spearman]
    case .poisson, .meanSquaredLogError: [.meanSquaredError, .pearson, .spearman]
    case .multinomial: [.pearson, .jensenShannon]
    }
  }
}

extension Objective {
  /// What a network with this objective is judged by: the loss first, then each head's own.
  public var metrics: [Metric] {
    [.loss]
      + heads.flatMap { head in head.loss.metrics.map { Metric($0, head: heads.count > 1 ? head.name : nil) }
      }
  }

  /// Between which ends a metric lies.
  public func bounds(of metric: Metric) -> ClosedRange<Double> {
    switch metric.kind {
    case .loss: heads.contains { $0.loss == .poisson } ? -.infinity ... .infinity : 0 ... .infinity
    case .meanSquaredError: 0 ... .infinity
    case .accuracy, .auroc, .auprc: 0...1
    case .jensenShannon: 0...Metrics.greatestJensenShannon
    case .pearson, .spearman: -1...1
    }
  }
}
