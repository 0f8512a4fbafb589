/// p-values of several tests at once.
public enum MultipleTesting {
  /// p-values such that to call those below α makes no false call with probability 1 − α (Holm 1979): the i-th smallest of
  /// m is multiplied by m − i + 1, and none is smaller than the one before it.
  public static func holm(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var largest = 0.0
    for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
      largest = max(largest, min(1, pValues[index] * Double(pValues.count - rank)))
      adjusted[index] = largest
    }
    return adjusted
  }
}
