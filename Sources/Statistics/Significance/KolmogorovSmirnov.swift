/// The largest distance between two samples' distribution functions (Kolmogorov 1933, Smirnov 1939): 0 where they agree, 1
/// where they do not overlap.
public func kolmogorovSmirnovDistance(_ first: [Double], _ second: [Double]) -> Double {
  precondition(!first.isEmpty && !second.isEmpty, "samples must not be empty")
  let a = first.sorted()
  let b = second.sorted()
  var (i, j) = (0, 0)
  var largest = 0.0
  while i < a.count, j < b.count {
    let value = min(a[i], b[j])
    while i < a.count, a[i] == value { i += 1 }
    while j < b.count, b[j] == value { j += 1 }
    largest = max(largest, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
  }
  return largest
}
