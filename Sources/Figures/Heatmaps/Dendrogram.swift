/// One step of a clustering as SciPy writes it: clusters `left` and `right` join at `height`.
///
/// Numbers below n are the leaves; the cluster that step k makes has the number n + k.
public struct LinkageStep: Sendable {
  public let left, right: Int
  public let height: Double
  /// Leaves under it.
  public let size: Int

  public init(left: Int, right: Int, height: Double, size: Int) {
    (self.left, self.right, self.height, self.size) = (left, right, height, size)
  }
}

/// Where the leaves and joins of a tree stand.
struct Dendrogram {
  /// Leaves from one side to the other.
  let order: [Int]
  /// For each join: heights and places (in units of leaves) of both children, and its own height.
  let joins: [Join]
  let height: Double

  struct Join {
    var left, right: (place: Double, height: Double)
    var height: Double
    /// The leaves under it, as places.
    var leaves: Range<Int>
  }

  /// `steps` must be a full tree over `leafCount` leaves in which each step uses only what was made before.
  init(_ steps: [LinkageStep], leafCount: Int) {
    precondition(leafCount > 0 && steps.count == leafCount - 1, "n − 1 steps for n leaves")
    for (k, step) in steps.enumerated() {
      precondition(
        (0..<leafCount + k).contains(step.left) && (0..<leafCount + k).contains(step.right),
        "clusters made before")
    }
    var order: [Int] = []
    var stack = [2 * leafCount - 2]
    while let node = stack.popLast() {
      if node < leafCount {
        order.append(node)
      } else {
        stack += [steps[node - leafCount].right, steps[node - leafCount].left]
      }
    }
    precondition(order.count == leafCount && Set(order).count == leafCount, "every leaf once")
    var nodes: [(place: Double, height: Double, leaves: Range<Int>)] = Array(
      repeating: (0, 0, 0..<0), count: leafCount)
    for (place, leaf) in order.enumerated() { nodes[leaf] = (Double(place) + 0.5, 0, place..<place + 1) }
    var joins: [Join] = []
    for step in steps {
      let (left, right) = (nodes[step.left], nodes[step.right])
      let leaves =
        min(
          left.leaves.lowerBound, right.leaves.lowerBound)..<max(
          left.leaves.upperBound, right.leaves.upperBound)
      joins.append(
        Join(
          left: (left.place, left.height), right: (right.place, right.height), height: step.height,
          leaves: leaves))
      nodes.append(((left.place + right.place) / 2, step.height, leaves))
    }
    self.order = order
    self.joins = joins
    height = max(joins.map(\.height).max() ?? 0, 1e-12)
  }

  /// Places of the clusters that stand apart when the tree is cut at `height`.
  func clusters(below height: Double) -> [Range<Int>] {
    var clusters = order.indices.map { $0..<$0 + 1 }
    for join in joins where join.height <= height {
      clusters.removeAll { join.leaves.contains($0.lowerBound) }
      clusters.append(join.leaves)
    }
    return clusters.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// The tree with its leaves along the lower side of `area` (or along its right side).
  func draw(
    on canvas: Canvas, in area: Rectangle, leavesAreAtRight: Bool, cut: Double?, _ theme: Theme
  ) {
    let count = Double(order.count)
    func point(_ place: Double, _ height: Double) -> Point {
      leavesAreAtRight
        ? Point(area.right - area.width * height / self.height, area.y + area.height * place / count)
        : Point(area.x + area.width * place / count, area.bottom - area.height * height / self.height)
    }
    for join in joins {
      let isWithin = cut.map { join.height <= $0 } ?? true
      canvas.polyline(
        [
          point(join.left.place, join.left.height), point(join.left.place, join.height),
          point(join.right.place, join.height), point(join.right.place, join.right.height),
        ], Stroke(isWithin ? theme.ink : theme.muted.tint(0.7), width: isWithin ? 0.7 : 0.5))
    }
    guard let cut, cut < height else { return }
    canvas.line(
      from: point(0, cut), to: point(count, cut), Stroke(theme.series[1], width: 0.6, dash: [2, 2]))
  }
}
