import Foundation

/// Binary cross-entropy of a logit: softplus(z) − y·z, in nats.
package enum BinaryCrossEntropy {
  package static func value(logit z: Double, label: UInt8) -> Double {
    max(z, 0) + log1p(exp(-abs(z))) - (label == 1 ? z : 0)
  }

  /// σ(z) − y.
  package static func derivative(logit z: Double, label: UInt8) -> Double {
    1 / (1 + exp(-z)) - Double(label)
  }

  /// Mean loss and accuracy (a logit above 0 means positive).
  package static func evaluate(_ logits: [Float], _ labels: [UInt8]) -> (loss: Double, accuracy: Double) {
    var loss = 0.0
    var correct = 0
    for (logit, label) in zip(logits, labels) {
      loss += value(logit: Double(logit), label: label)
      if (logit > 0) == (label == 1) { correct += 1 }
    }
    return (loss / Double(labels.count), Double(correct) / Double(labels.count))
  }
}
