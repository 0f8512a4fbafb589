/// The earliest of many events whose times change, the first of equals: a tree in which each node has the earlier of its two children.
struct FirstEvent {
  private let leaves: Int
  private var times: [Double]

  init(count: Int) {
    var leaves = 1
    while leaves < count { leaves *= 2 }
    self.leaves = leaves
    times = Array(repeating: .infinity, count: 2 * leaves)
  }

  /// The time of the earliest event.
  var time: Double { times[1] }

  subscript(_ event: Int) -> Double {
    get { times[leaves + event] }
    set {
      var node = leaves + event
      times[node] = newValue
      while node > 1 {
        node /= 2
        let earlier = min(times[2 * node], times[2 * node + 1])
        // Nothing changes further up.
        guard times[node] != earlier else { return }
        times[node] = earlier
      }
    }
  }

  /// The earliest event.
  var event: Int {
    var node = 1
    while node < leaves { node = times[2 * node] <= times[2 * node + 1] ? 2 * node : 2 * node + 1 }
    return node - leaves
  }
}
