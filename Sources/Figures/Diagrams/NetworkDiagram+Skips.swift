/// Arrows of layers that read others than the one before: skips, branches, several heads.
extension NetworkDiagram {
  /// An arrow that passes other blocks, and the lane below them in which it runs.
  package struct Skip: Equatable {
    package let from, to: Int
    package let lane: Int
  }

  /// The blocks that a block reads.
  package func sources(of index: Int) -> [Int] { blocks[index].sources ?? (index > 0 ? [index - 1] : []) }

  /// The shortest lie nearest to the blocks; two that overlap have lanes of their own.
  package var skips: [Skip] {
    let pairs = blocks.indices.flatMap { to in
      sources(of: to).filter { $0 < to - 1 }.map { (from: $0, to: to) }
    }.sorted { ($0.to - $0.from, $0.from) < ($1.to - $1.from, $1.from) }
    var lanes: [[Range<Int>]] = []
    return pairs.map { from, to in
      let lane = lanes.firstIndex { !$0.contains { $0.overlaps(from..<to) } } ?? lanes.count
      if lane == lanes.count { lanes.append([]) }
      lanes[lane].append(from..<to)
      return Skip(from: from, to: to, lane: lane)
    }
  }

  private static let laneWidth = 6.0

  /// Points below the blocks of a row that its lanes take.
  func laneHeight(_ row: Range<Int>) -> Double {
    let lanes = skips.filter { ($0.from...$0.to).overlaps(row) }.map(\.lane)
    return lanes.max().map { Self.laneWidth * Double($0 + 1) + 4 } ?? 0
  }

  /// The part of each arrow that lies in a row: down after its source, along its lane, up before its target; where one of
  /// them stands in another row it runs to the end of this one.
  ///
  /// - Parameters:
  ///   - shapes: where the row's blocks are.
  ///   - middle: height of their centers.
  ///   - floor: the lower end of the highest block.
  func drawSkips(
    _ row: Range<Int>, _ shapes: [Rectangle], middle: Double, floor: Double, slot: Double, on canvas: Canvas,
    _ theme: Theme
  ) {
    for skip in skips where (skip.from...skip.to).overlaps(row) {
      let y = floor + Self.laneWidth * (Double(skip.lane) + 0.7)
      let stroke = Stroke(theme.muted, width: 0.7)
      // Lanes leave and join the gaps between blocks side by side.
      let shift = min(0.03 * slot * Double(skip.lane), 0.1 * slot)
      func gap(after index: Int) -> Double {
        let right = shapes[index - row.lowerBound].right
        let next = index + 1 < row.upperBound ? shapes[index + 1 - row.lowerBound].x : right + 0.3 * slot
        return (right + next) / 2
      }
      var points: [Point] = []
      if row.contains(skip.from) {
        let x = gap(after: skip.from) - shift
        points += [
          Point(shapes[skip.from - row.lowerBound].right + 1.5, middle), Point(x, middle), Point(x, y),
        ]
      } else {
        points.append(Point(shapes[0].x - 0.3 * slot, y))
      }
      guard row.contains(skip.to) else {
        points.append(Point(shapes[shapes.count - 1].right + 0.19 * slot, y))
        canvas.polyline(points, stroke)
        continue
      }
      let left = shapes[skip.to - row.lowerBound].x
      let x = skip.to > row.lowerBound ? gap(after: skip.to - 1) + shift : left - 0.15 * slot
      canvas.polyline(points + [Point(x, y), Point(x, middle), Point(left - 3.5, middle)], stroke)
      drawHead(at: Point(left - 1.5, middle), on: canvas, theme)
    }
  }
}
