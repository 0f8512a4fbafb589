/// Numbers of which most are zero, and the places of the others.
final class SparseNumbers {
  private let values: UnsafeMutablePointer<Double>
  private let isListed: UnsafeMutablePointer<Bool>
  private let list: UnsafeMutablePointer<Int32>
  private var listed = 0

  init(count: Int) {
    values = .allocate(capacity: count)
    isListed = .allocate(capacity: count)
    list = .allocate(capacity: count)
    values.initialize(repeating: 0, count: count)
    isListed.initialize(repeating: false, count: count)
  }

  deinit {
    values.deallocate()
    isListed.deallocate()
    list.deallocate()
  }

  var isEmpty: Bool { listed == 0 }

  /// Where something has been added, in the order in which it was.
  var places: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: list, count: listed) }

  subscript(_ place: Int) -> Double { values[place] }

  @inline(__always)
  func add(_ value: Double, at place: Int) {
    values[place] += value
    note(place)
  }

  /// Adds `factor` times `count` weights from `start` on.
  @inline(__always)
  func add(_ factor: Double, _ weights: UnsafePointer<Double>, count: Int, from start: Int) {
    let target = values + start
    for place in 0..<count { target[place] += factor * weights[place] }
    for place in start..<start + count { note(place) }
  }

  func clear() {
    for place in places {
      values[Int(place)] = 0
      isListed[Int(place)] = false
    }
    listed = 0
  }

  @inline(__always)
  private func note(_ place: Int) {
    guard !isListed[place] else { return }
    isListed[place] = true
    list[listed] = Int32(truncatingIfNeeded: place)
    listed += 1
  }
}
