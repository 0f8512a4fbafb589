import Foundation
import Statistics

/// The loss of one answer to a question of yes and no, and its derivative by the logit.
struct YesOrNo {
  let value: Double
  let slope: Double

  /// Cross-entropy c = softplus(z) − y·z, or with γ > 0 the focal loss q^γ·c, where q = p + y − 2·p·y is how far the answer
  /// p = σ(z) is from the target y (Lin, Goyal, Girshick, He & Dollár 2017; torchvision's `sigmoid_focal_loss`). Answers that
  /// are nearly right count next to nothing, so that many easy sequences of the commoner class do not outweigh the few others.
  ///
  /// Its derivative is q^γ · (p − y + γ·c·(1 − 2y)·p·(1 − p) / q).
  init(logit z: Double, target y: Double, focusing gamma: Double) {
    let power = exp(-abs(z))
    let (near, far) = (1 / (1 + power), power / (1 + power))
    let (p, rest) = z > 0 ? (near, far) : (far, near)
    let entropy = Metrics.crossEntropy(logit: z, target: y)
    guard gamma > 0 else {
      (value, slope) = (entropy, p - y)
      return
    }
    let distance = y == 1 ? rest : p + y * (1 - 2 * p)
    let factor = pow(distance, gamma)
    // p(1 − p)/q is p for y = 1 and 1 − p for y = 0, also where q is too small to divide by.
    let ratio = y == 1 ? p : y == 0 ? rest : p * rest / distance
    value = factor * entropy
    slope = factor * (p - y + gamma * entropy * (1 - 2 * y) * ratio)
  }
}
